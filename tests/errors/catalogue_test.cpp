// SPDX-License-Identifier: Apache-2.0
// docs/errors.md: what catalogue.txt says of every message that a test expects. ACCELSIM_REGENERATE=1 writes it.
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "tests/errors/expected_messages.hpp"

namespace accelsim::testing {

namespace {

const std::string root = ACCELSIM_SOURCE_DIR;
const std::string wild = "…";

struct Entry {
    std::string section, message, cause, way_out;
    std::vector<ExpectedMessage> seen;
};

std::vector<Entry> read_catalogue() {
    std::vector<Entry> entries;
    std::string section;
    std::ifstream stream(root + "/tests/errors/catalogue.txt");
    for (std::string line; std::getline(stream, line);) {
        if (line.starts_with("## ")) section = line.substr(3);
        if (line.starts_with("message: ")) entries.push_back({section, line.substr(9), "", "", {}});
        if (line.starts_with("cause: ")) entries.at(entries.size() - 1).cause = line.substr(7);
        if (line.starts_with("way out: ")) entries.at(entries.size() - 1).way_out = line.substr(9);
    }
    return entries;
}

/// Whether the text has the pattern's parts in their order, the first at its beginning and the last at its end.
bool matches(const std::string& pattern, const std::string& text) {
    std::size_t at = 0, from = 0;
    for (;;) {
        const std::size_t end = pattern.find(wild, from);
        const std::string part = pattern.substr(from, end - from);
        if (from == 0 && !text.starts_with(part)) return false;
        if (end == std::string::npos) return from == 0 ? text == part : text.size() >= at + part.size() && text.ends_with(part);
        const std::size_t found = text.find(part, at);
        if (found == std::string::npos) return false;
        at = found + part.size();
        from = end + wild.size();
    }
}

std::size_t literal_size(const std::string& pattern) {
    std::size_t size = pattern.size();
    for (std::size_t at = 0; (at = pattern.find(wild, at)) != std::string::npos; at += wild.size()) size -= wild.size();
    return size;
}

/// The entry with the most text; none at all, or two alike, is an error.
Entry* entry_of(std::vector<Entry>& entries, const std::string& text) {
    Entry* best = nullptr;
    bool alike = false;
    for (Entry& entry : entries) {
        if (!matches(entry.message, text)) continue;
        const std::size_t size = literal_size(entry.message), most = best == nullptr ? 0 : literal_size(best->message);
        alike = best != nullptr && (size == most || (alike && size < most));
        if (best == nullptr || size > most) best = &entry;
    }
    BOOST_TEST(best != nullptr, "catalogue.txt has no entry for: " << text);
    BOOST_TEST(!alike, "catalogue.txt has two entries for: " << text);
    return best;
}

std::string code(const std::string& text) {
    const std::string ticks = text.find('`') == std::string::npos ? "`" : "``";
    return ticks + text + ticks;
}

std::string page(const std::vector<Entry>& entries, std::size_t messages) {
    std::string text =
        "# Error messages\n\nWritten by `tests/regenerate.sh` from the inputs that the tests want refused and from "
        "[catalogue.txt](../tests/errors/catalogue.txt); do not edit.\n\n"
        "A message begins with the place of its cause, `FILE:LINE:COLUMN`, or with the option (`--set PATH`), wherever there is "
        "one. `…` stands for "
        "what differs. Exit codes: 2, the input is wrong or a file cannot be read or written; 3, the simulation cannot proceed; "
        "1, a self-check "
        "failed, which is a bug of accelsim. The tests match " +
        std::to_string(messages) + " messages word by word; here are their " + std::to_string(entries.size()) + " kinds.\n";
    std::string section;
    for (const Entry& entry : entries) {
        if (entry.section != section) text += "\n## " + (section = entry.section) + "\n";
        text += "\n" + code(entry.message) + "<br>\n" + entry.cause + "<br>\n*Way out:* " + entry.way_out + "<br>\n*Tests:* ";
        const std::size_t shown = std::min<std::size_t>(entry.seen.size(), 4);
        for (std::size_t i = 0; i < shown; ++i)
            text += (i == 0 ? "" : ", ") + ("[" + entry.seen[i].name + "](../" + entry.seen[i].where + ")");
        if (entry.seen.size() > shown) text += " and " + std::to_string(entry.seen.size() - shown) + " more";
        text += "\n";
    }
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(error_catalogue)

BOOST_AUTO_TEST_CASE(every_message_has_its_entry_and_the_page_is_up_to_date) {
    std::vector<Entry> entries = read_catalogue();
    const std::vector<ExpectedMessage> messages = expected_messages();
    BOOST_TEST(messages.size() > 500U);
    for (const ExpectedMessage& message : messages)
        if (Entry* entry = entry_of(entries, message.text)) entry->seen.push_back(message);
    for (const Entry& entry : entries) {
        BOOST_TEST(!entry.seen.empty(), "no test expects: " << entry.message);
        BOOST_TEST((!entry.cause.empty() && !entry.way_out.empty()), entry.message);
    }
    const std::string file = root + "/docs/errors.md", text = page(entries, messages.size());
    if (std::getenv("ACCELSIM_REGENERATE") != nullptr) std::ofstream(file) << text;
    std::ifstream stream(file);
    const std::string there{std::istreambuf_iterator<char>(stream), {}};
    BOOST_TEST((there == text), "docs/errors.md is not up to date: tests/regenerate.sh");
}

BOOST_AUTO_TEST_CASE(a_pattern_matches_its_parts_in_order) {
    BOOST_TEST(matches("a … b", "a x b"));
    BOOST_TEST(matches("… b", " b"));
    BOOST_TEST(matches("a …", "a x b c"));
    BOOST_TEST(!matches("a … b", "a b"));
    BOOST_TEST(!matches("a", "a b"));
    BOOST_TEST(!matches("a … b … c", "a c b c d"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
