// SPDX-License-Identifier: Apache-2.0
// How it is computed: the explicit, ordered loop nest.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "mappings/error.hpp"

namespace accelsim {

enum class LoopKind { temporal, rows, columns };
enum class Partials { head, copy };  ///< who receives a read-back partial sum: docs/microarchitecture.md, 2
enum class Halo { refetch, reuse };  ///< whether a tile's move leaves out what the tile before it held

/// One loop. Temporal loops name a buffer level, spatial ones a fan-out and one of its axes.
struct Loop {
    int dimension = 0;
    std::int64_t bound = 1;
    int level = 0;
    LoopKind kind = LoopKind::temporal;
    Location where;
};

/// Loops outermost first, grouped by level. The loops of one array axis stand outermost first too: the
/// last of them is the adjacent one.
struct Nest {
    std::vector<Loop> loops;
    std::map<int, std::vector<int>> bypass;  ///< level -> tensors that it does not keep although it could
    Partials partials = Partials::head;
    Halo halo = Halo::refetch;
    bool skip_gaps = false;  ///< boxes leave out elements that no index touches (a stride larger than the window)
    /// Tail `round_up`: indices below this are issued (at least the dimension's bound); empty or 0: the bound, tail `guard`.
    std::vector<std::int64_t> issued;
    Location where;
};

}  // namespace accelsim
