// SPDX-License-Identifier: Apache-2.0
// From the list under `schedule` to the directives. What names stand for is left to lower_schedule().
#include <fmt/format.h>

#include "sim/program/yaml/load_parts.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

/// The list behind a directive's word, each element with the name that messages give it.
class Arguments {
public:
    Arguments(const Yaml& list, std::string word, const std::string& example, const std::vector<std::size_t>& counts)
        : list_(list), word_(std::move(word)) {
        require_sequence(list, "'" + word_ + "' in 'schedule'", example);
        for (const std::size_t count : counts)
            if (list.items.size() == count) return;
        std::vector<std::string> texts;
        for (const std::size_t count : counts) texts.push_back(std::to_string(count));
        throw UserError(fmt::format("'{}' in 'schedule' must be such as {}: {} values, not {}", word_, example,
                                    alternatives(texts), list.items.size()),
                        list.where);
    }

    std::size_t size() const { return list_.items.size(); }
    const Yaml& item(std::size_t i) const { return list_.items[i]; }
    std::string name(std::size_t i) const { return to_name(item(i), fmt::format("a name in '{}'", word_)); }
    /// Whether it is positive is the schedule's own question.
    std::int64_t factor(std::size_t i) const {
        return to_integer(item(i), fmt::format("the factor in '{}'", word_), {INT32_MIN, INT32_MAX});
    }
    TailStrategy tail(std::size_t i) const {
        if (i >= size()) return TailStrategy::guard_with_if;
        return static_cast<TailStrategy>(to_choice(item(i), fmt::format("the tail in '{}'", word_), tail_strategy_names()));
    }

private:
    const Yaml& list_;
    std::string word_;
};

/// One name, or a list of them.
std::vector<std::string> read_names(const Yaml& node, const std::string& what) {
    if (!node.is_sequence()) return {to_name(node, what)};
    std::vector<std::string> names;
    for (const Yaml& item : node.items) names.push_back(to_name(item, "a name in " + what));
    return names;
}

directive::Split read_split(const Yaml& node) {
    const Arguments a(node, "split", "[x, xo, xi, 4]", {4, 5});
    return {a.name(0), a.name(1), a.name(2), a.factor(3), a.tail(4)};
}

directive::Tile read_tile(const Yaml& node) {
    const Arguments a(node, "tile", "[x, y, xo, yo, xi, yi, 4, 4]", {6, 7, 8, 9});
    const std::size_t inner = a.size() >= 8 ? 4 : 2;
    const std::string x = a.name(0);
    const std::string y = a.name(1);
    return {x,
            y,
            inner == 4 ? a.name(2) : x,
            inner == 4 ? a.name(3) : y,
            a.name(inner),
            a.name(inner + 1),
            a.factor(inner + 2),
            a.factor(inner + 3),
            a.tail(inner + 4)};
}

directive::Reorder read_reorder(const Yaml& node) {
    require_sequence(node, "'reorder' in 'schedule'", "[xi, yi, xo, yo]");
    return {read_names(node, "'reorder'")};
}

directive::Fuse read_fuse(const Yaml& node) {
    const Arguments a(node, "fuse", "[inner, outer, fused]", {3});
    return {a.name(0), a.name(1), a.name(2)};
}

directive::In read_in(const Yaml& tensors, const Yaml* place) {
    directive::In in{read_names(tensors, "'in'"), "", ""};
    if (place == nullptr) return in;
    const Arguments a(*place, "compute_at", "[GlobalBuffer, xo]", {2});
    in.level = a.name(0);
    in.loop = a.name(1);
    return in;
}

directive::Unroll read_unroll(const Yaml& node) {
    const Arguments a(node, "unroll", "[c, PEs, rows]", {3});
    return {a.name(0), a.name(1), static_cast<ArrayAxis>(to_choice(a.item(2), "the axis in 'unroll'", array_axis_names()))};
}

directive::Systolic read_systolic(const Yaml& node) {
    const Arguments a(node, "systolic", "[input, k]", {2});
    return {a.name(0), a.name(1)};
}

directive::Accelerate read_accelerate(const Yaml& node) {
    const Arguments a(node, "accelerate", "[[input, weight], xo]", {2});
    return {read_names(a.item(0), "'accelerate'"), a.name(1)};
}

/// Where the directive stands; when --set replaced a part of it, that part is the culprit.
Location place_of(const Yaml& node, const Location& otherwise) {
    if (node.where.file != otherwise.file) return node.where;
    for (const YamlEntry& entry : node.entries) {
        const Location inside = place_of(entry.value, otherwise);
        if (inside.file != otherwise.file) return inside;
    }
    for (const Yaml& item : node.items) {
        const Location inside = place_of(item, otherwise);
        if (inside.file != otherwise.file) return inside;
    }
    return otherwise;
}

Directive read_directive(const Yaml& node) {
    require_map(node, "an entry of 'schedule'");
    const Section section(node, schedule_spec(), "'schedule'");
    const Yaml* at = section.find("compute_at");
    const Yaml* in = section.find("in");
    if (at != nullptr && in == nullptr) throw UserError("'compute_at' needs 'in' with it: the tensors that are held", node.where);
    if (node.entries.size() != (at != nullptr ? 2U : 1U))
        throw UserError("an entry of 'schedule' must hold one directive, such as split: [x, xo, xi, 4]", node.where);
    const Location where = place_of(node, node.where);
    if (in != nullptr) return {read_in(*in, at), where};
    const YamlEntry& entry = node.entries[0];
    if (entry.key == "split") return {read_split(entry.value), where};
    if (entry.key == "tile") return {read_tile(entry.value), where};
    if (entry.key == "reorder") return {read_reorder(entry.value), where};
    if (entry.key == "fuse") return {read_fuse(entry.value), where};
    if (entry.key == "unroll") return {read_unroll(entry.value), where};
    if (entry.key == "systolic") return {read_systolic(entry.value), where};
    return {read_accelerate(entry.value), where};
}

}  // namespace

Schedule read_schedule(const Yaml& node) {
    require_sequence(node, "'schedule' in the mapping", "[{split: [x, xo, xi, 4]}, ...]");
    Schedule schedule;
    schedule.where = node.where;
    for (const Yaml& item : node.items) schedule.add(read_directive(item));
    return schedule;
}

}  // namespace accelsim
