// SPDX-License-Identifier: Apache-2.0
// A sweep's results in one SQLite file: a row per finished point, written when it ends.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct sqlite3;

namespace accelsim {

struct StoredPoint {
    std::string fingerprint;
    std::string settings;  ///< JSON, path to value
    std::string state;     ///< "done"; "refused": the input is wrong; "stuck": it cannot proceed; "limit": beyond time or memory;
                           ///< "failed": a self-check, a crash or a kill. Only the last is tried again.
    std::string message;   ///< why it is not done
    std::string result;    ///< JSON of the run; empty unless done
    double seconds = 0;    ///< that it took
};

/// Throws UserError when the file is no such store, cannot be made or written. What put() has returned from stays, whatever
/// happens to the program or the machine (SQLite's journal, synchronous).
class SweepStore {
public:
    explicit SweepStore(const std::string& path);
    ~SweepStore();
    SweepStore(const SweepStore&) = delete;
    SweepStore& operator=(const SweepStore&) = delete;

    void put(const StoredPoint& point);
    /// By fingerprint.
    std::map<std::string, StoredPoint> all() const;
    /// Takes over the points of another store.
    void merge(const std::string& path);

private:
    void execute(const char* sql) const;
    [[noreturn]] void fail() const;

    std::string path_;
    std::unique_ptr<sqlite3, int (*)(sqlite3*)> database_;
};

}  // namespace accelsim
