// SPDX-License-Identifier: Apache-2.0
// Reads a VCD as IEEE 1364 describes it (clause 18), knowing nothing of who wrote it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace accelsim::testing {

class VcdReader {
public:
    /// Throws std::runtime_error for what is not a VCD.
    explicit VcdReader(const std::string& file);

    /// Scopes and name joined by dots, without a range of bits.
    std::vector<std::string> names() const;
    bool has(const std::string& name) const { return signals_.contains(name); }
    int bits(const std::string& name) const { return signals_.at(name).bits; }
    /// The last value that is set at or before this time; unsigned. Throws std::out_of_range for a signal that is not there.
    double at(const std::string& name, std::int64_t time) const;
    /// Two's complement of the signal's width.
    std::int64_t signed_at(const std::string& name, std::int64_t time) const;
    std::int64_t end() const { return end_; }
    /// As the file says: "1 ps".
    const std::string& timescale() const { return timescale_; }

private:
    struct Signal {
        int bits = 0;
        std::string code;
    };
    using Changes = std::vector<std::pair<std::int64_t, double>>;
    void read_header(std::istream& in);
    void read_changes(std::istream& in);

    std::map<std::string, Signal> signals_;
    std::map<std::string, Changes> changes_;  ///< by identifier code
    std::string timescale_;
    std::int64_t end_ = 0;
};

}  // namespace accelsim::testing
