// SPDX-License-Identifier: Apache-2.0
// The builder: it only records.
#include "mappings/schedule.hpp"

#include <utility>

namespace accelsim {

namespace {

Location place(const Schedule::Source& source) {
    return {source.file_name(), static_cast<int>(source.line()), static_cast<int>(source.column())};
}

}  // namespace

Schedule& Schedule::add(Directive directive) {
    directives.push_back(std::move(directive));
    return *this;
}

Schedule& Schedule::split(const std::string& old, const std::string& outer, const std::string& inner, std::int64_t factor,
                          TailStrategy tail, Source source) {
    return add({directive::Split{old, outer, inner, factor, tail}, place(source)});
}

Schedule& Schedule::tile(const std::string& x, const std::string& y, const std::string& xo, const std::string& yo,
                         const std::string& xi, const std::string& yi, std::int64_t x_factor, std::int64_t y_factor,
                         TailStrategy tail, Source source) {
    return add({directive::Tile{x, y, xo, yo, xi, yi, x_factor, y_factor, tail}, place(source)});
}

Schedule& Schedule::tile(const std::string& x, const std::string& y, const std::string& xi, const std::string& yi,
                         std::int64_t x_factor, std::int64_t y_factor, TailStrategy tail, Source source) {
    return tile(x, y, x, y, xi, yi, x_factor, y_factor, tail, source);
}

Schedule& Schedule::reorder(std::vector<std::string> loops, Source source) {
    return add({directive::Reorder{std::move(loops)}, place(source)});
}

Schedule& Schedule::fuse(const std::string& inner, const std::string& outer, const std::string& fused, Source source) {
    return add({directive::Fuse{inner, outer, fused}, place(source)});
}

Schedule::InDirective Schedule::in(std::initializer_list<std::string> tensors, Source source) {
    add({directive::In{tensors, "", ""}, place(source)});
    return {*this, directives.size() - 1};
}

Schedule::InDirective Schedule::in(const std::string& tensor, Source source) { return in({tensor}, source); }

Schedule& Schedule::InDirective::compute_at(const std::string& level, const std::string& loop) {
    auto& recorded = std::get<directive::In>(schedule_.directives[index_].what);
    recorded.level = level;
    recorded.loop = loop;
    return schedule_;
}

Schedule& Schedule::unroll(const std::string& loop, const std::string& array, ArrayAxis axis, Source source) {
    return add({directive::Unroll{loop, array, axis}, place(source)});
}

Schedule& Schedule::systolic(const std::string& tensor, const std::string& loop, Source source) {
    return add({directive::Systolic{tensor, loop}, place(source)});
}

Schedule& Schedule::accelerate(std::vector<std::string> inputs, const std::string& loop, Source source) {
    return add({directive::Accelerate{std::move(inputs), loop}, place(source)});
}

const std::vector<std::string>& tail_strategy_names() {
    static const std::vector<std::string> names = {"guard_with_if", "round_up", "shift_inwards"};
    return names;
}

const std::vector<std::string>& array_axis_names() {
    static const std::vector<std::string> names = {"rows", "columns"};
    return names;
}

}  // namespace accelsim
