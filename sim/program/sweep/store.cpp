// SPDX-License-Identifier: Apache-2.0
#include "sim/program/sweep/store.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>

#include "mappings/error.hpp"

namespace accelsim {

namespace {

constexpr int schema_version = 1;
constexpr int patience_ms = 60000;  // for another process that writes

/// `summary` is for people with sqlite3: what most ask for, of layers and networks alike.
constexpr const char* schema = R"(
CREATE TABLE IF NOT EXISTS points (
    fingerprint TEXT PRIMARY KEY,
    settings TEXT NOT NULL,
    state TEXT NOT NULL,
    message TEXT NOT NULL,
    result TEXT NOT NULL,
    seconds REAL NOT NULL,
    finished TEXT NOT NULL DEFAULT (datetime('now')));
CREATE VIEW IF NOT EXISTS summary AS SELECT settings, state, message,
    json_extract(sums, '$.cycles') AS cycles,
    json_extract(sums, '$.energy_pj') AS energy_pj,
    json_extract(sums, '$.utilization') AS utilization,
    json_extract(sums, '$.macs') AS macs,
    json_extract(sums, '$.dram.useful_words') AS dram_words,
    seconds, finished, fingerprint
    FROM (SELECT *, CASE WHEN result = '' THEN '{}' ELSE coalesce(json_extract(result, '$.total'), result) END AS sums FROM points);
)";

/// A prepared statement.
class Statement {
public:
    Statement(sqlite3* database, const char* sql) : database_(database) {
        ready_ = sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr) == SQLITE_OK;
    }
    ~Statement() { sqlite3_finalize(statement_); }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    void bind(int index, const std::string& text) {
        sqlite3_bind_text(statement_, index, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    }
    void bind(int index, double value) { sqlite3_bind_double(statement_, index, value); }
    int step() { return ready_ ? sqlite3_step(statement_) : sqlite3_errcode(database_); }
    std::string text(int column) const {
        const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
        return bytes == nullptr ? std::string()
                                : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
    }
    double number(int column) const { return sqlite3_column_double(statement_, column); }

private:
    sqlite3* database_;
    sqlite3_stmt* statement_ = nullptr;
    bool ready_ = false;
};

sqlite3* open(const std::string& path) {
    std::error_code ignored;
    const auto folder = std::filesystem::path(path).parent_path();
    if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
    sqlite3* database = nullptr;
    sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    return database;
}

}  // namespace

SweepStore::SweepStore(const std::string& path) : path_(path), database_(open(path), sqlite3_close) {
    if (sqlite3_errcode(database_.get()) != SQLITE_OK) fail();
    sqlite3_busy_timeout(database_.get(), patience_ms);
    int version = 0;
    {
        Statement ask(database_.get(), "PRAGMA user_version");
        if (ask.step() != SQLITE_ROW) fail();
        version = static_cast<int>(ask.number(0));
    }
    if (version > schema_version)
        throw UserError(fmt::format("the store {} is of a newer accelsim; use that, or another file with -o", path_));
    execute("BEGIN IMMEDIATE");
    execute(schema);
    execute(fmt::format("PRAGMA user_version = {}", schema_version).c_str());
    execute("COMMIT");
}

SweepStore::~SweepStore() = default;

void SweepStore::fail() const {
    throw UserError(fmt::format("cannot use the store {}: {}; what is in it stays, and the same command goes on from there",
                                path_, sqlite3_errmsg(database_.get())));
}

void SweepStore::execute(const char* sql) const {
    if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

void SweepStore::put(const StoredPoint& point) {
    Statement insert(database_.get(),
                     "INSERT OR REPLACE INTO points (fingerprint, settings, state, message, result, seconds) VALUES (?, ?, ?, ?, "
                     "?, ?)");
    insert.bind(1, point.fingerprint);
    insert.bind(2, point.settings);
    insert.bind(3, point.state);
    insert.bind(4, point.message);
    insert.bind(5, point.result);
    insert.bind(6, point.seconds);
    if (insert.step() != SQLITE_DONE) fail();
}

std::map<std::string, StoredPoint> SweepStore::all() const {
    std::map<std::string, StoredPoint> points;
    Statement select(database_.get(), "SELECT fingerprint, settings, state, message, result, seconds FROM points");
    int status = select.step();
    for (; status == SQLITE_ROW; status = select.step())
        points[select.text(0)] = {select.text(0), select.text(1), select.text(2),
                                  select.text(3), select.text(4), select.number(5)};
    if (status != SQLITE_DONE) fail();
    return points;
}

void SweepStore::merge(const std::string& path) {
    const SweepStore other(path);
    execute("BEGIN IMMEDIATE");
    for (const auto& [fingerprint, point] : other.all()) put(point);
    execute("COMMIT");
}

}  // namespace accelsim
