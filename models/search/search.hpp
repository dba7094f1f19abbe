// SPDX-License-Identifier: Apache-2.0
// The mapping of least energy by Interstellar's model: branch and bound over the tiles of all unrollings. docs/optimize.md.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include "models/search/space.hpp"
#include "models/search/unrollings.hpp"

namespace accelsim::search {

/// How far a search is.
struct Progress {
    double seconds = 0;
    double done = 0;     ///< share of the unrollings (of one: of its outermost tiles)
    double best_pj = 0;  ///< 0: nothing found
    std::int64_t evaluated = 0;
};

/// How many blockings have which energy: key k stands for energies of at least distribution_base^k pJ, and below the next key's.
/// Filled without bounds only, because with them most are never costed.
using Distribution = std::map<int, std::int64_t>;
constexpr double distribution_base = 1.01;

struct Limits {
    double seconds = 0;  ///< 0: until it is proven
    int threads = 1;
    std::size_t keep = 1;                         ///< so many of the cheapest mappings are found
    bool bounds = true;                           ///< false: every mapping is costed, for measuring
    std::size_t most_tiles = 2000000;             ///< per level and unrolling
    std::function<void(const Progress&)> report;  ///< called now and then, from one thread at a time
};

struct Found {
    std::optional<Mapping> mapping;
    std::vector<Mapping> next;   ///< with `keep` above 1: those that follow, the cheapest first
    double energy_pj = 0;        ///< evaluate()'s, to the last bit
    std::int64_t evaluated = 0;  ///< blockings of which every level was priced, in its cheapest order
    std::int64_t pruned = 0;  ///< tiles, blockings and unrollings that a bound left out, each of which stands for many mappings
    double seconds = 0;
    Distribution distribution;
    bool proven = false;       ///< nothing in the space is cheaper
    bool accepted_all = true;  ///< false: `accept` refused a cheaper one
};

/// `accept`: asked before a mapping becomes the best one; by default all are taken. It is called from several threads, one at a
/// time. Of several mappings with the same energy any may be found.
Found find_cheapest(const Space& space, const Limits& limits, const std::function<bool(const Mapping&)>& accept = {});

/// The same with these unrollings alone.
Found find_cheapest(const Space& space, std::vector<Unrolling> among, const Limits& limits,
                    const std::function<bool(const Mapping&)>& accept = {});

}  // namespace accelsim::search
