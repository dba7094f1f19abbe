// SPDX-License-Identifier: Apache-2.0
#include "sim/program/import/zigzag_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <vector>

#include "sim/program/import/import_map.hpp"
#include "sim/program/import/network_text.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

const ImportKeys& layer_keys() {
    static const ImportKeys keys = {{"id", "name", "operator_type", "equation", "loop_dims", "loop_sizes", "dimension_relations",
                                     "pr_loop_dims", "pr_loop_sizes", "padding", "operand_precision"},
                                    {"operand_source", "memory_operand_links", "core_allocation", "spatial_mapping"},
                                    {},
                                    {}};
    return keys;
}

/// How an input's row or column follows from an output's and the window's: ix = stride*ox + dilation*fx.
struct Relation {
    std::int64_t stride = 1, dilation = 1;
};

class Layer {
public:
    explicit Layer(const Yaml& node) : map_(node, layer_keys(), "a layer of the ZigZag workload") {
        type_ = map_.word("operator_type");
        for (const char c : map_.word("equation")) equation_ += c == ' ' ? "" : std::string(1, c);
        const Yaml &names = list("loop_dims"), &sizes = list("loop_sizes");
        if (names.items.size() != sizes.items.size())
            throw UserError(fmt::format("{} and 'loop_sizes' must be of one length", map_.what("loop_dims")), sizes.where);
        for (std::size_t i = 0; i < names.items.size(); ++i)
            sizes_[to_word(names.items[i], "a loop")] = to_integer(sizes.items[i], "a loop's size", {1, INT32_MAX});
        for (const auto& [name, size] : sizes_) {
            static const std::vector<std::string> known = {"B", "G", "K", "C", "D", "OY", "OX", "FY", "FX"};
            if (std::find(known.begin(), known.end(), name) == known.end())
                throw UserError(fmt::format("loop '{}' is not supported; known: B, G, K, C, D, OY, OX, FY, FX", name),
                                names.where);
        }
        read_relations();
        read_padding();
    }

    std::int64_t batch() const { return size("B"); }

    std::string name() const {
        if (map_.has("name")) return map_.word("name");
        return fmt::format("{}_{}", type_, map_.has("id") ? map_.word("id") : "layer");
    }

    /// As a layer of a network with this batch.
    std::string content(std::int64_t batch) const {
        const std::string n = size("B") == batch ? "" : fmt::format("N: {}, ", size("B"));
        if (equation_.find("+=") == std::string::npos) return addition(batch);
        const std::string windows = fmt::format("Y: {}, X: {}, FY: {}, FX: {}}}, stride: [{}, {}], padding: [{}, {}]", size("OY"),
                                                size("OX"), size("FY"), size("FX"), y_.stride, x_.stride, padding_y_, padding_x_);
        const std::string dilation = fmt::format(", dilation: [{}, {}]", y_.dilation, x_.dilation);
        if (is_pool()) return fmt::format("type: pool, dimensions: {{{}C: {}, {}", n, size("G") * size("K"), windows);
        if (has("D") || !(has("OY") || has("OX") || has("FY") || has("FX"))) return product(batch);
        if (has("G") && !has("K") && !has("C"))
            return fmt::format("workload: {{type: depthwise, dimensions: {{{}C: {}, {}{}{}}}", n, size("G"), windows, dilation,
                               bits());
        return fmt::format("workload: {{type: conv2d, dimensions: {{{}{}K: {}, C: {}, {}{}{}}}", n,
                           size("G") > 1 ? fmt::format("G: {}, ", size("G")) : "", size("K"), size("C"), windows, dilation,
                           bits());
    }

private:
    bool has(const std::string& loop) const { return sizes_.contains(loop); }
    std::int64_t size(const std::string& loop) const {
        const auto found = sizes_.find(loop);
        return found == sizes_.end() ? 1 : found->second;
    }

    const Yaml& list(const std::string& key) const {
        const Yaml& node = map_.need(key);
        require_sequence(node, map_.what(key), "[B, K, C]");
        return node;
    }

    bool is_pool() const { return type_ == "Pooling" || type_ == "MaxPool" || type_ == "AveragePool"; }

    std::string addition(std::int64_t batch) const {
        std::int64_t elements = 1;
        for (const auto& [name, size] : sizes_) elements *= size;
        return fmt::format("type: eltwise, elements: {}, operands: 2", std::max<std::int64_t>(1, elements / batch));
    }

    /// O[b][d][k] += I[b][d][c] * W[c][k].
    std::string product(std::int64_t batch) const {
        if (has("G"))
            throw UserError(
                fmt::format("{}: a matrix product with groups is not supported; write it as an einsum", map_.what("loop_dims")),
                map_.need("loop_dims").where);
        const std::int64_t rows = size("B") * size("D");
        const std::string n = rows == batch ? "" : fmt::format("N: {}, ", rows);
        return fmt::format("workload: {{type: gemm, dimensions: {{{}K: {}, C: {}}}{}}}", n, size("K"), size("C"), bits());
    }

    void read_relations() {
        if (!map_.has("dimension_relations")) return;
        for (const Yaml& item : list("dimension_relations").items) {
            const std::string text = to_word(item, "a dimension relation");
            std::string plain;
            for (const char c : text) plain += c == ' ' ? "" : std::string(1, c);
            if (plain.starts_with("ix="))
                x_ = relation(plain.substr(3), "ox", "fx", item);
            else if (plain.starts_with("iy="))
                y_ = relation(plain.substr(3), "oy", "fy", item);
            else
                refuse_relation(item);
        }
    }

    [[noreturn]] static void refuse_relation(const Yaml& item) {
        throw UserError("a dimension relation is written such as ix=2*ox+1*fx, not '" + item.text + "'", item.where);
    }

    /// "2*ox+1*fx"; a factor of 1 may be left out.
    static Relation relation(const std::string& text, const std::string& place, const std::string& tap, const Yaml& item) {
        const std::size_t plus = text.find('+');
        Relation result;
        const auto factor = [&](const std::string& term, const std::string& name) -> std::int64_t {
            if (term == name) return 1;
            std::int64_t value = 0;
            const std::size_t star = term.find('*');
            if (star == std::string::npos || term.substr(star + 1) != name) refuse_relation(item);
            const auto [end, error] = std::from_chars(term.data(), term.data() + star, value);
            if (error != std::errc() || end != term.data() + star || value < 1 || value > 65536) refuse_relation(item);
            return value;
        };
        if (plus == std::string::npos) refuse_relation(item);
        result.stride = factor(text.substr(0, plus), place);
        result.dilation = factor(text.substr(plus + 1), tap);
        return result;
    }

    /// Pairs in the order of pr_loop_dims; both sides alike.
    void read_padding() {
        if (!map_.has("padding")) return;
        const Yaml &dims = list("pr_loop_dims"), &pads = list("padding");
        for (std::size_t i = 0; i < std::min(dims.items.size(), pads.items.size()); ++i) {
            const Yaml& pair = pads.items[i];
            require_sequence(pair, "an entry of 'padding'", "[1, 1]");
            if (pair.items.size() != 2) throw UserError("an entry of 'padding' has two numbers, before and behind", pair.where);
            const std::int64_t before = to_integer(pair.items[0], "padding", {0, 65536}),
                               behind = to_integer(pair.items[1], "padding", {0, 65536});
            // With a stride the window that would read what is missing behind may not exist; a little less there changes nothing.
            if (behind > before)
                throw UserError(
                    fmt::format("padding [{}, {}] is not supported: it must not be larger behind than before", before, behind),
                    pair.where);
            const std::string name = to_word(dims.items[i], "a loop of 'pr_loop_dims'");
            (name == "IX" ? padding_x_ : padding_y_) = before;
        }
    }

    std::string bits() const {
        if (!map_.has("operand_precision")) return "";
        const Yaml& precision = map_.need("operand_precision");
        require_map(precision, map_.what("operand_precision"));
        const auto width = [&](const char* key, const char* ours, const std::vector<std::int64_t>& known) {
            const Yaml* node = precision.find(key);
            if (node == nullptr) return std::string();
            const std::int64_t bits = to_integer(*node, fmt::format("precision '{}'", key), {1, 64});
            if (std::find(known.begin(), known.end(), bits) == known.end())
                throw UserError(
                    fmt::format("a precision of {} bits is not supported for '{}'; operands have 8 or 16, sums 8, 16 or 32", bits,
                                key),
                    node->where);
            return fmt::format("{}: {}, ", ours, bits);
        };
        const std::string all = width("I", "input", {8, 16}) + width("W", "weight", {8, 16}) + width("O", "output", {8, 16, 32});
        return all.empty() ? "" : fmt::format(", bits: {{{}}}", all.substr(0, all.size() - 2));
    }

    ImportMap map_;
    std::string type_, equation_;
    std::map<std::string, std::int64_t> sizes_;
    Relation x_, y_;
    std::int64_t padding_x_ = 0, padding_y_ = 0;
};

}  // namespace

Yaml load_zigzag_network(const Yaml& layers) {
    NetworkText network(layers.where.file);
    std::int64_t batch = 0;
    for (const Yaml& node : layers.items) {
        const Layer layer(node);
        if (batch == 0) batch = layer.batch();
        network.add(layer.name(), layer.content(batch));
    }
    if (network.empty()) throw UserError("the ZigZag workload has no layers", layers.where);
    return network.tree(batch);
}

}  // namespace accelsim
