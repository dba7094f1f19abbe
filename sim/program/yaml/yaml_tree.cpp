// SPDX-License-Identifier: Apache-2.0
#include "sim/program/yaml/yaml_tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>

#include "sim/program/yaml/text_check.hpp"

namespace accelsim {

namespace {

/// Builds the tree from yaml-cpp's events: those still show what its Node API has already lost.
class TreeBuilder : public YAML::EventHandler {
public:
    TreeBuilder(const std::string& text, std::string source, bool numbered, const YamlLimits& limits)
        : text_(text), source_(std::move(source)), numbered_(numbered), limits_(limits) {}

    Yaml take() { return std::move(root_); }
    int documents() const { return documents_; }

    Location place(const YAML::Mark& mark) const {
        if (!numbered_ || mark.is_null()) return {source_, 0, 0};
        return {source_, mark.line + 1, mark.column + 1};
    }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (++documents_ == 1) return;
        const auto offset = static_cast<std::size_t>(mark.pos);
        const bool marker = offset < text_.size() && text_.compare(offset, 3, "---") == 0;
        throw UserError(marker ? "a second YAML document starts here; one per file"
                               : "this text is not part of the document above; check the indentation",
                        place(mark));
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        Frame frame = open(mark, anchor, Yaml::Kind::null);
        finish(std::move(frame));
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
        check_tag(tag, mark);
        const auto offset = static_cast<std::size_t>(mark.pos);
        const bool opens_quote = offset < text_.size() && (text_[offset] == '\'' || text_[offset] == '"');
        if (tag == "!" && opens_quote && !quote_is_closed(text_, offset))
            throw UserError("the text in quotes is never closed", place(mark));
        Frame frame = open(mark, anchor, Yaml::Kind::scalar);
        frame.node.text = value;
        frame.node.quoted = tag == "!";
        finish(std::move(frame));
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) throw UserError("this alias contains itself", place(mark));
        const Anchored& target = found->second;
        check_depth(target.depth, mark);
        count(target.size, mark);
        Frame frame;
        frame.node = target.node;
        frame.node.where = place(mark);
        frame.size = target.size;
        frame.depth = target.depth;
        attach(std::move(frame));
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        check_tag(tag, mark);
        check_depth(1, mark);
        stack_.push_back(open(mark, anchor, Yaml::Kind::sequence));
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
        check_tag(tag, mark);
        check_depth(1, mark);
        stack_.push_back(open(mark, anchor, Yaml::Kind::map));
    }
    void OnMapEnd() override { close(); }

private:
    struct Frame {
        Yaml node;
        YAML::anchor_t anchor = 0;
        std::size_t size = 1;   ///< nodes in it
        std::size_t depth = 0;  ///< collections nested in it, itself included
        bool has_key = false;   ///< a map waits for the value of its last entry
        std::map<std::string, int> key_lines;
    };
    struct Anchored {
        Yaml node;
        std::size_t size = 1;
        std::size_t depth = 0;
    };

    Frame open(const YAML::Mark& mark, YAML::anchor_t anchor, Yaml::Kind kind) {
        count(1, mark);
        Frame frame;
        frame.node.kind = kind;
        frame.node.where = place(mark);
        frame.anchor = anchor;
        frame.depth = kind == Yaml::Kind::sequence || kind == Yaml::Kind::map ? 1 : 0;
        return frame;
    }

    void close() {
        Frame frame = std::move(stack_.back());
        stack_.pop_back();
        finish(std::move(frame));
    }

    void finish(Frame frame) {
        if (frame.anchor != 0) {
            // The kept copy costs memory, so it is charged like an expansion.
            total_ += frame.size;
            anchors_[frame.anchor] = {frame.node, frame.size, frame.depth};
        }
        attach(std::move(frame));
    }

    void attach(Frame frame) {
        if (stack_.empty()) {
            root_ = std::move(frame.node);
            return;
        }
        Frame& parent = stack_.back();
        parent.size += frame.size;
        parent.depth = std::max(parent.depth, frame.depth + 1);
        if (parent.node.is_sequence()) {
            parent.node.items.push_back(std::move(frame.node));
        } else if (parent.has_key) {
            YamlEntry& entry = parent.node.entries.back();
            // yaml-cpp places a missing value at whatever follows; its key is the better place.
            if (frame.node.kind == Yaml::Kind::null) frame.node.where = entry.where;
            entry.value = std::move(frame.node);
            parent.has_key = false;
        } else {
            add_key(parent, frame.node);
        }
    }

    void add_key(Frame& map, const Yaml& key) {
        if (!key.is_scalar()) {
            const char* kind = key.is_map() ? "a map" : key.is_sequence() ? "a list" : "nothing";
            throw UserError(fmt::format("a key must be a word, not {}", kind), key.where);
        }
        if (key.text == "<<" && !key.quoted)
            throw UserError("merge keys ('<<') are not supported; write the keys out", key.where);
        const auto [first, added] = map.key_lines.emplace(key.text, key.where.line);
        if (!added) {
            const std::string line = first->second > 0 ? fmt::format("; first in line {}", first->second) : "";
            throw UserError(fmt::format("duplicate key '{}'{}", key.text, line), key.where);
        }
        map.node.entries.push_back({key.text, key.where, {}});
        map.node.entries.back().value.where = key.where;
        map.has_key = true;
    }

    void check_tag(const std::string& tag, const YAML::Mark& mark) const {
        if (tag.empty() || tag == "?" || tag == "!") return;
        const std::string standard = "tag:yaml.org,2002:";
        const std::string shown = tag.starts_with(standard) ? "!!" + tag.substr(standard.size()) : tag;
        throw UserError(fmt::format("tags ('{}') are not supported", shown), place(mark));
    }

    void check_depth(std::size_t more, const YAML::Mark& mark) const {
        if (stack_.size() + more > limits_.depth)
            throw UserError(fmt::format("nested deeper than {} levels", limits_.depth), place(mark));
    }

    void count(std::size_t nodes, const YAML::Mark& mark) {
        total_ += nodes;
        if (total_ > limits_.nodes)
            throw UserError(fmt::format("more than {} values (aliases expanded)", limits_.nodes), place(mark));
    }

    const std::string& text_;
    std::string source_;
    bool numbered_;
    YamlLimits limits_;
    Yaml root_;
    std::vector<Frame> stack_;
    std::map<YAML::anchor_t, Anchored> anchors_;
    std::size_t total_ = 0;
    int documents_ = 0;
};

}  // namespace

const Yaml* Yaml::find(std::string_view key) const {
    for (const YamlEntry& entry : entries)
        if (entry.key == key) return &entry.value;
    return nullptr;
}

Yaml* Yaml::find(std::string_view key) { return const_cast<Yaml*>(std::as_const(*this).find(key)); }

Yaml yaml_scalar(const std::string& text, const Location& where) {
    Yaml node;
    node.kind = Yaml::Kind::scalar;
    node.text = text;
    node.where = where;
    return node;
}

Yaml parse_yaml(const std::string& text, const std::string& source, bool numbered, const YamlLimits& limits) {
    if (text.size() > limits.bytes) throw UserError(fmt::format("larger than {} MiB", limits.bytes >> 20), {source, 0, 0});
    const std::string checked = checked_text(text, source, numbered);
    TreeBuilder builder(checked, source, numbered, limits);
    try {
        std::istringstream stream(checked);
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const YAML::Exception& error) {
        throw UserError("not valid YAML: " + error.msg, builder.place(error.mark));
    }
    if (builder.documents() == 0) throw UserError("empty; a configuration is expected", {source, 0, 0});
    return builder.take();
}

Yaml load_yaml(const std::string& path, const YamlLimits& limits) {
    const Location where{path, 0, 0};
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) throw UserError("is a directory, not a file", where);
    errno = 0;
    std::ifstream stream(path, std::ios::binary);
    if (!stream) throw UserError(fmt::format("cannot be read: {}", std::strerror(errno)), where);
    std::string text;
    std::array<char, 16384> part{};
    while (text.size() <= limits.bytes && stream.read(part.data(), part.size()).gcount() > 0)
        text.append(part.data(), static_cast<std::size_t>(stream.gcount()));
    if (stream.bad()) throw UserError("cannot be read: input error", where);
    return parse_yaml(text, path, true, limits);
}

}  // namespace accelsim
