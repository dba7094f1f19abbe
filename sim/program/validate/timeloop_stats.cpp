// SPDX-License-Identifier: Apache-2.0
#include "sim/program/validate/timeloop_stats.hpp"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <optional>

#include "sim/program/validate/foreign_model.hpp"

namespace accelsim {

namespace {

std::string trimmed(const std::string& text) {
    const std::size_t first = text.find_first_not_of(" \t\r");
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

class StatsReader {
public:
    StatsReader(const std::string& path, const Design& design)
        : path_(path), design_(design), model_(empty_foreign_model("timeloop_stats", design)) {}

    ValidatedModel read() {
        std::ifstream file(path_);
        if (!file) throw UserError("cannot read " + path_);
        for (std::string line; std::getline(file, line);) {
            ++line_;
            read_line(trimmed(line));
        }
        finish_tensor();
        if (levels_ == 0) refuse("no level (=== NAME ===) in the file; is it Timeloop's stats.txt?");
        if (!model_.answer.cycles) refuse("no line 'Cycles: N' under 'Summary Stats'");
        model_.has_energy = true;
        return std::move(model_);
    }

private:
    [[noreturn]] void refuse(const std::string& message) const { throw UserError(message, {path_, line_, 1}); }

    void read_line(const std::string& line) {
        if (line == "Networks" || line == "Operational Intensity Stats" || line == "Summary Stats") {
            finish_tensor();
            level_.clear();
            part_ = line;
        } else if (line.starts_with("=== ") && line.ends_with(" ===") && part_.empty()) {
            finish_tensor();
            enter_level(line.substr(4, line.size() - 8));
        } else if (const std::size_t colon = line.find(':'); colon != std::string::npos) {
            read_entry(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
        }
    }

    void enter_level(const std::string& name) {
        ++levels_;
        is_mac_ = name == design_.architecture.levels.back().name;
        level_ = name;
        if (is_mac_) return;
        const int index = design_.architecture.find_level(name);
        std::string known;
        for (const ModelLevel& level : model_.answer.levels) known += (known.empty() ? "" : ", ") + level.name;
        if (index < 0 || !design_.level(index).is_buffer())
            refuse(fmt::format("level '{}' of the statistics is none of the design's: {}", name, known));
    }

    void read_entry(const std::string& key, const std::string& value) {
        if (key.ends_with("nergy (total)")) model_.answer.energy_pj += number(key, value);
        if (part_ == "Summary Stats" && key == "Cycles") model_.answer.cycles = integer(key, value);
        if (level_.empty() || is_mac_) return;
        if (value.empty() && design_.workload.find_tensor(key) >= 0) {
            finish_tensor();
            tensor_ = key;
        } else if (value.empty() && key != "Networks") {
            refuse(fmt::format("tensor '{}' of the statistics is none of the workload's", key));
        } else if (!tensor_.empty()) {
            read_figure(key, value);
        }
    }

    void read_figure(const std::string& key, const std::string& value) {
        if (key == "Utilized instances (max)") instances_ = integer(key, value);
        if (key == "Scalar reads (per-instance)") reads_ = integer(key, value);
        if (key == "Scalar fills (per-instance)") fills_ = integer(key, value);
        if (key == "Scalar updates (per-instance)") updates_ = integer(key, value);
    }

    /// Totals over the instances.
    void finish_tensor() {
        if (tensor_.empty()) return;
        if (!instances_ || !reads_ || !fills_ || !updates_)
            refuse(fmt::format("'{}' at '{}' lacks its utilized instances, scalar reads, fills or updates", tensor_, level_));
        const Location where{path_, line_, 1};
        set_foreign_figure(model_, level_, tensor_, "reads.to_child", total(*reads_), where);
        set_foreign_figure(model_, level_, tensor_, "writes.from_parent", total(*fills_), where);
        set_foreign_figure(model_, level_, tensor_, "writes.from_child", total(*updates_), where);
        tensor_.clear();
        instances_ = reads_ = fills_ = updates_ = std::nullopt;
    }

    std::int64_t total(std::int64_t of_one) const {
        constexpr std::int64_t most = std::int64_t{1} << 53;
        if (*instances_ > 0 && of_one > most / *instances_)
            refuse(fmt::format("'{}' at '{}': {} instances of {} accesses are more than 2^53", tensor_, level_, *instances_,
                               of_one));
        return *instances_ * of_one;
    }

    /// "12.50 pJ"
    double number(const std::string& key, const std::string& value) const {
        std::size_t used = 0;
        double result = -1;
        try {
            result = std::stod(value, &used);
        } catch (const std::exception&) {
        }
        const std::string unit = trimmed(value.substr(used));
        if (result < 0 || !std::isfinite(result) || (!unit.empty() && unit != "pJ"))
            refuse(fmt::format("'{}' must be a number, not '{}'", key, value));
        return result;
    }

    std::int64_t integer(const std::string& key, const std::string& value) const {
        if (value.empty() || value.size() > 15 || value.find_first_not_of("0123456789") != std::string::npos)
            refuse(fmt::format("'{}' must be an integer, not '{}'", key, value));
        return std::stoll(value);
    }

    std::string path_;
    const Design& design_;
    ValidatedModel model_;
    int line_ = 0;
    int levels_ = 0;
    bool is_mac_ = false;
    std::string part_;  ///< of the file, after the levels
    std::string level_, tensor_;
    std::optional<std::int64_t> instances_, reads_, fills_, updates_;
};

}  // namespace

ValidatedModel read_timeloop_stats(const std::string& path, const Design& design) { return StatsReader(path, design).read(); }

}  // namespace accelsim
