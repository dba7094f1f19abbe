// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/random_timeloop.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace accelsim::testing {

namespace {

struct Factor {
    std::int64_t bound = 1;
    std::int64_t last = 1;
};

/// A place for loops, outermost first: temporal ones of the four storages, spatial ones below GB and LB.
struct Place {
    const char* target;
    bool spatial;
};
const std::vector<Place> places = {{"DRAM", false}, {"GB", false}, {"GB", true}, {"LB", false}, {"LB", true}, {"RF", false}};

class Writer {
public:
    explicit Writer(std::mt19937& random) : random_(random) {}

    std::string write(std::int64_t most_macs) {
        do {
            choose();
        } while (macs_ > most_macs || macs_ < 8);
        std::string map = "mapping:\n";
        std::string mesh[2];
        std::int64_t instances[2] = {1, 1};
        for (std::size_t p = 0; p < places.size(); ++p) map += directive(p, mesh, instances);
        const char* storages[] = {"GB", "LB", "RF"};
        for (const char* storage : storages) map += bypass(storage);
        return architecture(mesh, instances) + problem() + map;
    }

private:
    int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
    bool chance(int percent) { return pick(1, 100) <= percent; }

    /// Factors of every dimension at every place; the bound follows from them.
    void choose() {
        convolution_ = chance(60);
        names_ =
            convolution_ ? std::vector<std::string>{"C", "M", "R", "S", "N", "P", "Q"} : std::vector<std::string>{"M", "N", "K"};
        const bool residuals = chance(30);
        factors_.assign(names_.size(), std::vector<Factor>(places.size()));
        bounds_.assign(names_.size(), 1);
        macs_ = 1;
        for (std::size_t d = 0; d < names_.size(); ++d) {
            std::int64_t stride = 1;
            for (std::size_t p = places.size(); p-- > 0;) {
                if (!chance(30)) continue;
                Factor& factor = factors_[d][p];
                factor.bound = pick(2, 4);
                factor.last = residuals && chance(50) ? pick(1, static_cast<int>(factor.bound)) : factor.bound;
                bounds_[d] += (factor.last - 1) * stride;
                stride *= factor.bound;
            }
            macs_ *= bounds_[d];
        }
    }

    std::string factor_text(std::size_t d, const Factor& factor) {
        std::string text = names_[d] + (chance(50) ? "=" : "") + std::to_string(factor.bound);
        if (factor.last != factor.bound) text += "," + std::to_string(factor.last);
        return text;
    }

    std::string directive(std::size_t place, std::string* mesh, std::int64_t* instances) {
        std::vector<std::size_t> order(names_.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::shuffle(order.begin(), order.end(), random_);
        std::string permutation;
        std::string factors;
        const bool list = chance(30);
        for (const std::size_t d : order) {
            permutation += names_[d];
            const std::string text = factor_text(d, factors_[d][place]);
            factors += (factors.empty() ? "" : list ? ", " : " ") + (list ? "\"" + text + "\"" : text);
        }
        std::string text = std::string("- {target: ") + places[place].target +
                           (places[place].spatial ? ", type: spatial" : ", type: temporal") +
                           ", factors: " + (list ? "[" + factors + "]" : "\"" + factors + "\"") + ", permutation: " + permutation;
        if (places[place].spatial) {
            const auto split = static_cast<std::size_t>(pick(0, static_cast<int>(order.size())));
            std::int64_t x = 1;
            std::int64_t y = 1;
            for (std::size_t i = 0; i < order.size(); ++i) (i < split ? x : y) *= factors_[order[i]][place].bound;
            text += ", split: " + std::to_string(split);
            const int fan_out = place == 2 ? 0 : 1;
            mesh_x_[fan_out] = (fan_out == 1 ? mesh_x_[0] : 1) * x;
            instances[fan_out] = (fan_out == 1 ? instances[0] : 1) * x * y;
            mesh[fan_out] = ", meshX: " + std::to_string(mesh_x_[fan_out]);
        }
        return text + "}\n";
    }

    std::string bypass(const char* storage) {
        if (chance(60)) return "";
        const std::vector<std::string> tensors =
            convolution_ ? std::vector<std::string>{"Weights", "Inputs", "Outputs"} : std::vector<std::string>{"A", "B", "Z"};
        const int kept = pick(0, 2);
        std::string list;
        for (int t = 0; t < 3; ++t)
            if (t != kept && chance(60)) list += (list.empty() ? "" : ", ") + tensors[static_cast<std::size_t>(t)];
        const char* types[] = {"bypass", "datatype", "dataspace"};
        return std::string("- {target: ") + storage + ", type: " + types[pick(0, 2)] + ", bypass: [" + list + "]}\n";
    }

    static std::string architecture(const std::string* mesh, const std::int64_t* instances) {
        const auto range = [](const std::string& name, std::int64_t count) {
            return count == 1 ? name : name + "[0.." + std::to_string(count - 1) + "]";
        };
        const std::string size = "{word_bits: 16, entries: 100000";
        return "architecture:\n  version: 0.3\n  subtree:\n  - name: system\n    local:\n"
               "    - {name: DRAM, class: DRAM, attributes: {word_bits: 16}}\n    subtree:\n    - name: chip\n      local:\n"
               "      - {name: GB, class: SRAM, attributes: " +
               size +
               "}}\n"
               "      - {name: \"" +
               range("LB", instances[0]) + "\", class: smartbuffer_RF, attributes: " + size + mesh[0] +
               "}}\n"
               "      - {name: \"" +
               range("RF", instances[1]) + "\", class: regfile, attributes: " + size + mesh[1] +
               "}}\n"
               "      - {name: \"" +
               range("MACC", instances[1]) + "\", class: intmac, attributes: {datawidth: 16" + mesh[1] + "}}\n";
    }

    std::string problem() {
        std::string text = "problem:\n";
        if (!convolution_)
            text +=
                "  shape:\n    name: GEMM\n    dimensions: [M, N, K]\n    data-spaces:\n    - {name: A, projection: [[[M]], "
                "[[K]]]}\n"
                "    - {name: B, projection: [K, N]}\n    - {name: Z, projection: [M, N], read-write: true}\n";
        text += "  instance: {";
        for (std::size_t d = 0; d < names_.size(); ++d) text += names_[d] + ": " + std::to_string(bounds_[d]) + ", ";
        if (convolution_)
            text += "Wstride: " + std::to_string(pick(1, 3)) + ", Hstride: " + std::to_string(pick(1, 2)) +
                    ", Wdilation: " + std::to_string(pick(1, 2)) + ", Hdilation: " + std::to_string(pick(1, 3));
        return text + "}\n";
    }

    std::mt19937& random_;
    bool convolution_ = false;
    std::vector<std::string> names_;
    std::vector<std::vector<Factor>> factors_;  ///< by dimension and place
    std::vector<std::int64_t> bounds_;
    std::int64_t macs_ = 1;
    std::int64_t mesh_x_[2] = {1, 1};
};

}  // namespace

std::string random_timeloop(std::mt19937& random, std::int64_t most_macs) { return Writer(random).write(most_macs); }

}  // namespace accelsim::testing
