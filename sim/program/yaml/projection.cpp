// SPDX-License-Identifier: Apache-2.0
#include "sim/program/yaml/projection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>

#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

constexpr std::int64_t max_factor = 1000000;

/// sum = term {("+" | "-") term};  term = integer | [integer "*"] name | name "*" integer
class AxisParser {
public:
    AxisParser(const Yaml& node, const std::vector<Dimension>& dimensions, const std::string& what)
        : node_(node), text_(node.text), dimensions_(dimensions), what_(what) {
        for (const Dimension& dimension : dimensions) names_.push_back(dimension.name);
    }

    Axis parse() {
        skip_spaces();
        bool negative = accept('-');
        parse_term(negative);
        for (skip_spaces(); position_ < text_.size(); skip_spaces()) {
            negative = text_[position_] == '-';
            if (!negative && text_[position_] != '+') fail(position_, "expected '+' or '-'");
            ++position_;
            parse_term(negative);
        }
        if (axis_.terms.empty()) fail(0, "names no dimension");
        return axis_;
    }

private:
    void parse_term(bool negative) {
        skip_spaces();
        const std::size_t start = position_;
        std::int64_t factor = 1;
        bool has_name = false;
        for (bool first = true; first || accept('*'); first = false) {
            skip_spaces();
            const std::size_t here = position_;
            if (is_digit()) {
                factor *= parse_integer();
                if (factor > max_factor) fail(here, fmt::format("a factor must be from 1 to {}", max_factor));
            } else if (is_letter()) {
                if (has_name) fail(here, "two dimensions multiplied; an axis is a sum of single dimensions");
                has_name = true;
                add_dimension();
            } else {
                fail(here, "expected a dimension or an integer");
            }
            skip_spaces();
        }
        if (has_name) {
            if (negative || factor == 0) fail(start, "a dimension's factor must be positive");
            axis_.terms.back().coefficient = factor;
        } else {
            set_offset(negative ? -factor : factor, start);
        }
    }

    void add_dimension() {
        const std::size_t start = position_;
        while (position_ < text_.size() && (is_letter() || is_digit())) ++position_;
        const std::string name = text_.substr(start, position_ - start);
        const auto index = static_cast<int>(find_name(name, place(start), names_, "dimension", "an axis of " + what_));
        for (const Term& term : axis_.terms)
            if (term.dimension == index) fail(start, fmt::format("dimension '{}' appears twice", name));
        axis_.terms.push_back({index, 1});
    }

    void set_offset(std::int64_t value, std::size_t start) {
        if (has_offset_) fail(start, "a second constant");
        if (value > 0) fail(start, "a constant must be negative: it is padding on both sides");
        has_offset_ = true;
        axis_.offset = value;
    }

    std::int64_t parse_integer() {
        const std::size_t start = position_;
        std::int64_t value = 0;
        while (position_ < text_.size() && is_digit()) {
            value = value * 10 + (text_[position_++] - '0');
            if (value > max_factor) fail(start, fmt::format("an integer beyond {}", max_factor));
        }
        return value;
    }

    bool is_digit() const { return position_ < text_.size() && text_[position_] >= '0' && text_[position_] <= '9'; }
    bool is_letter() const {
        if (position_ >= text_.size()) return false;
        const auto c = static_cast<unsigned char>(text_[position_]);
        return std::isalpha(c) != 0 || c == '_';
    }
    void skip_spaces() {
        while (position_ < text_.size() && text_[position_] == ' ') ++position_;
    }
    bool accept(char c) {
        if (position_ >= text_.size() || text_[position_] != c) return false;
        ++position_;
        return true;
    }

    Location place(std::size_t offset) const {
        Location where = node_.where;
        if (where.line > 0) where.column += static_cast<int>(offset) + (node_.quoted ? 1 : 0);
        return where;
    }
    [[noreturn]] void fail(std::size_t offset, const std::string& reason) const {
        throw UserError(fmt::format("axis {} of {}: {}", quote(text_), what_, reason), place(offset));
    }

    const Yaml& node_;
    const std::string& text_;
    const std::vector<Dimension>& dimensions_;
    const std::string& what_;
    std::vector<std::string> names_;
    std::size_t position_ = 0;
    bool has_offset_ = false;
    Axis axis_;
};

}  // namespace

Axis parse_axis(const Yaml& node, const std::vector<Dimension>& dimensions, const std::string& tensor) {
    if (!node.is_scalar())
        throw UserError(fmt::format("an axis of {} must be a sum such as '2*y + fy - 1', not {}", tensor, describe(node)),
                        node.where);
    return AxisParser(node, dimensions, tensor).parse();
}

std::string format_axis(const Axis& axis, const std::vector<Dimension>& dimensions) {
    std::string text;
    for (const Term& term : axis.terms) {
        if (!text.empty()) text += " + ";
        if (term.coefficient != 1) text += fmt::format("{}*", term.coefficient);
        text += dimensions[static_cast<std::size_t>(term.dimension)].name;
    }
    if (axis.offset < 0) text += fmt::format(" - {}", -axis.offset);
    return text;
}

}  // namespace accelsim
