// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/literal_schedule.hpp"

#include <algorithm>
#include <cctype>
#include <functional>
#include <map>

namespace accelsim::testing {

namespace {

std::string small(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

/// What one split or fuse says about values of the loops that it makes.
struct Relation {
    bool fuses = false;
    std::string old, outer, inner;  ///< of a fuse, `old` is the fused loop
    std::int64_t factor = 1, extent = 1;
    bool guards = false;
};

/// A nest of loops with unique names, so that a name can be used again: "x#3".
class Literal {
public:
    explicit Literal(const Workload& workload) : workload_(workload) {
        for (const Dimension& dimension : workload.dimensions) {
            dimensions_.push_back(make(small(dimension.name), dimension.bound));
            order_.push_back(dimensions_.back());
        }
    }

    void operator()(const directive::Split& d) { split(d.old, d.outer, d.inner, d.factor, d.tail); }
    void operator()(const directive::Tile& d) {
        split(d.x, d.xo, d.xi, d.x_factor, d.tail);
        split(d.y, d.yo, d.yi, d.y_factor, d.tail);
        (*this)(directive::Reorder{{d.xi, d.yi, d.xo, d.yo}});
    }
    void operator()(const directive::Reorder& d) {
        std::vector<std::size_t> places;
        for (const std::string& name : d.loops) places.push_back(find(name));
        std::vector<std::string> wanted;
        for (const std::size_t place : places) wanted.push_back(order_[place]);
        std::sort(places.begin(), places.end(), std::greater<>());
        for (std::size_t i = 0; i < places.size(); ++i) order_[places[i]] = wanted[i];
    }
    void operator()(const directive::Fuse& d) {
        const std::string inner = current_.at(d.inner);
        const std::string outer = current_.at(d.outer);
        order_.erase(order_.begin() + static_cast<std::ptrdiff_t>(find(d.inner)));
        const std::size_t place = find(d.outer);
        current_.erase(d.inner);
        current_.erase(d.outer);
        order_[place] = make(d.fused, extents_[inner] * extents_[outer]);
        relations_.push_back({true, order_[place], outer, inner, extents_[inner], 0, false});
    }
    template <class Other>
    void operator()(const Other&) {}

    std::vector<Point> points() {
        std::vector<Point> result;
        std::map<std::string, std::int64_t> values;
        visit(0, values, result);
        return result;
    }

private:
    std::string make(const std::string& name, std::int64_t extent) {
        const std::string unique = name + "#" + std::to_string(extents_.size());
        extents_[unique] = extent;
        current_[name] = unique;
        return unique;
    }
    std::size_t find(const std::string& name) const {
        return static_cast<std::size_t>(std::find(order_.begin(), order_.end(), current_.at(name)) - order_.begin());
    }
    void split(const std::string& old, const std::string& outer, const std::string& inner, std::int64_t factor,
               TailStrategy tail) {
        const std::size_t place = find(old);
        const std::string whole = order_[place];
        const std::int64_t extent = extents_[whole];
        current_.erase(old);
        order_[place] = make(outer, (extent + factor - 1) / factor);
        const std::string part = make(inner, factor);
        order_.insert(order_.begin() + static_cast<std::ptrdiff_t>(place) + 1, part);
        relations_.push_back(
            {false, whole, order_[place], part, factor, extent, tail == TailStrategy::guard_with_if && extent % factor != 0});
    }
    void visit(std::size_t depth, std::map<std::string, std::int64_t>& values, std::vector<Point>& result) {
        if (depth == order_.size()) {
            std::map<std::string, std::int64_t> known = values;
            for (std::size_t r = relations_.size(); r-- > 0;) {
                const Relation& relation = relations_[r];
                if (relation.fuses) {
                    known[relation.outer] = known[relation.old] / relation.factor;
                    known[relation.inner] = known[relation.old] % relation.factor;
                    continue;
                }
                known[relation.old] = known[relation.outer] * relation.factor + known[relation.inner];
                if (relation.guards && known[relation.old] >= relation.extent) return;
            }
            Point point;
            for (const std::string& dimension : dimensions_) point.push_back(known[dimension]);
            result.push_back(point);
            return;
        }
        for (std::int64_t v = 0; v < extents_[order_[depth]]; ++v) {
            values[order_[depth]] = v;
            visit(depth + 1, values, result);
        }
    }

    const Workload& workload_;
    std::map<std::string, std::int64_t> extents_;  ///< of all loops that ever were
    std::map<std::string, std::string> current_;   ///< name -> unique name
    std::vector<std::string> dimensions_;
    std::vector<std::string> order_;  ///< outermost first
    std::vector<Relation> relations_;
};

}  // namespace

std::vector<Point> literal_points(const Workload& workload, const Schedule& schedule) {
    Literal literal(workload);
    for (const Directive& directive : schedule.directives) std::visit(literal, directive.what);
    return literal.points();
}

std::vector<Point> nest_points(const Workload& workload, const Nest& nest) {
    std::vector<Point> result;
    std::vector<std::int64_t> values(nest.loops.size(), 0);
    for (bool more = true; more;) {
        Point point(workload.dimensions.size(), 0), inner(workload.dimensions.size(), 1);
        for (std::size_t i = nest.loops.size(); i-- > 0;) {
            const auto d = static_cast<std::size_t>(nest.loops[i].dimension);
            point[d] += values[i] * inner[d];
            inner[d] *= nest.loops[i].bound;
        }
        bool issued = true;
        for (std::size_t d = 0; d < point.size(); ++d)
            issued = issued && point[d] < (nest.issued.empty() ? workload.dimensions[d].bound : nest.issued[d]);
        if (issued) result.push_back(point);
        std::size_t i = nest.loops.size();
        while (i > 0 && ++values[i - 1] == nest.loops[i - 1].bound) values[--i] = 0;
        more = i > 0;
    }
    return result;
}

}  // namespace accelsim::testing
