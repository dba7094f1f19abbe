// SPDX-License-Identifier: Apache-2.0
// The small languages inside mapping directives: factors and permutations.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "sim/program/import/timeloop_parts.hpp"
#include "sim/program/yaml/load_parts.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class FactorReader {
public:
    FactorReader(const Yaml& node, const Workload& workload, const std::string& what)
        : text_(to_word(node, "a factor in " + what)),
          where_(node.where),
          names_(dimension_names(workload)),
          workload_(workload),
          what_(what) {}

    void read_all(std::vector<TimeloopLoop>& loops) {
        for (skip_separators(); position_ < text_.size(); skip_separators()) {
            TimeloopLoop loop = read_one();
            for (const TimeloopLoop& other : loops)
                if (other.dimension == loop.dimension)
                    throw UserError(fmt::format("dimension {} appears twice in {}", name(loop), what_), where_);
            loops.push_back(loop);
        }
    }

private:
    const std::string& name(const TimeloopLoop& loop) const { return names_[static_cast<std::size_t>(loop.dimension)]; }

    [[noreturn]] void refuse() const {
        throw UserError(
            fmt::format("{} must be such as 'M=4 N=2' or 'M=8,6' (the last iteration 6), not {}", what_, quote(text_)), where_);
    }

    void skip_spaces() {
        while (position_ < text_.size() && text_[position_] == ' ') ++position_;
    }
    void skip_separators() {
        while (position_ < text_.size() && (text_[position_] == ' ' || text_[position_] == ',')) ++position_;
    }

    TimeloopLoop read_one() {
        const std::size_t start = position_;
        while (position_ < text_.size() && is_letter(text_[position_])) ++position_;
        // Digits are part of the name only where an '=' follows: M4 is M=4.
        const std::size_t letters = position_;
        while (position_ < text_.size() && is_digit(text_[position_])) ++position_;
        std::size_t end = position_;
        skip_spaces();
        const bool equals = position_ < text_.size() && text_[position_] == '=';
        if (!equals && letters < end) end = position_ = letters;
        if (end == start) refuse();
        if (position_ < text_.size() && text_[position_] == '<')
            throw UserError(fmt::format("{}: '<=' constrains a mapper; give factors of one mapping", what_), where_);
        if (equals) ++position_;
        TimeloopLoop loop;
        const std::string dimension = text_.substr(start, end - start);
        loop.dimension = static_cast<int>(find_name(dimension, where_, names_, "dimension", what_));
        loop.where = where_;
        loop.bound = loop.last = read_number();
        if (loop.bound == 0) loop.bound = loop.last = workload_.dimensions[static_cast<std::size_t>(loop.dimension)].bound;
        if (position_ + 1 < text_.size() && text_[position_] == ',' && is_digit(text_[position_ + 1])) {
            ++position_;
            loop.last = read_number();
            if (loop.last < 1 || loop.last > loop.bound)
                throw UserError(fmt::format("the last iteration of {} in {} must have 1 to {} steps, not {}", dimension, what_,
                                            loop.bound, loop.last),
                                where_);
        }
        return loop;
    }

    std::int64_t read_number() {
        skip_spaces();
        const std::size_t start = position_;
        while (position_ < text_.size() && is_digit(text_[position_])) ++position_;
        if (position_ == start) refuse();
        return to_integer(yaml_scalar(text_.substr(start, position_ - start), where_), "a factor in " + what_, {0, INT32_MAX});
    }

    std::string text_;
    Location where_;
    std::vector<std::string> names_;
    const Workload& workload_;
    const std::string& what_;
    std::size_t position_ = 0;
};

std::vector<std::string> permutation_words(const Yaml& node, const std::vector<std::string>& names, const std::string& what) {
    std::vector<std::string> words;
    if (node.is_sequence()) {
        for (const Yaml& item : node.items) words.push_back(to_word(item, "a dimension in " + what));
        return words;
    }
    const std::string text = to_word(node, what);
    std::string word;
    for (const char c : text + ' ') {
        if (c != ' ' && c != ',') {
            word += c;
        } else if (!word.empty()) {
            words.push_back(word);
            word.clear();
        }
    }
    // KNM are three dimensions, unless one is called so.
    if (words.size() != 1 || std::find(names.begin(), names.end(), words[0]) != names.end()) return words;
    std::vector<std::string> letters;
    for (const char c : words[0]) letters.emplace_back(1, c);
    return letters;
}

}  // namespace

std::vector<TimeloopLoop> read_timeloop_factors(const Yaml& node, const Workload& workload, const std::string& context) {
    std::vector<TimeloopLoop> loops;
    if (node.is_sequence()) {
        for (const Yaml& item : node.items) FactorReader(item, workload, context).read_all(loops);
    } else if (!(node.is_scalar() && node.text.empty())) {
        FactorReader(node, workload, context).read_all(loops);
    }
    return loops;
}

std::vector<int> read_timeloop_permutation(const Yaml& node, const Workload& workload, const std::string& context) {
    const std::vector<std::string> names = dimension_names(workload);
    std::vector<int> order;
    for (const std::string& word : permutation_words(node, names, context)) {
        const auto dimension = static_cast<int>(find_name(word, node.where, names, "dimension", context));
        if (std::find(order.begin(), order.end(), dimension) != order.end())
            throw UserError(fmt::format("dimension {} appears twice in {}", word, context), node.where);
        order.push_back(dimension);
    }
    return order;
}

}  // namespace accelsim
