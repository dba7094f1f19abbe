// SPDX-License-Identifier: Apache-2.0
// How it is computed, in the words of Halide's scheduling language: a list of directives, from which passes make the
// explicit nest, and the machine too when none is given (docs/schedule.md).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <source_location>
#include <string>
#include <variant>
#include <vector>

#include "mappings/architecture.hpp"
#include "mappings/error.hpp"
#include "mappings/nest.hpp"
#include "mappings/workload.hpp"

namespace accelsim {

/// What a split does when its factor does not divide the loop.
enum class TailStrategy {
    guard_with_if,  ///< iterations beyond the bound are not made: always legal for the outermost part of a dimension
    round_up,       ///< they are made, on zeros: `Nest::issued`
    shift_inwards   ///< refused: it would add the products of the overlap twice
};

enum class ArrayAxis { rows, columns };

/// The directives. Loops are named; the algorithm's are the workload's dimensions in lower case.
namespace directive {

struct Split {
    std::string old, outer, inner;
    std::int64_t factor = 1;
    TailStrategy tail = TailStrategy::guard_with_if;
};
/// Two splits and the reorder that puts both inner loops inside both outer ones.
struct Tile {
    std::string x, y, xo, yo, xi, yi;
    std::int64_t x_factor = 1, y_factor = 1;
    TailStrategy tail = TailStrategy::guard_with_if;
};
struct Reorder {
    std::vector<std::string> loops;  ///< innermost first
};
struct Fuse {
    std::string inner, outer, fused;
};
/// `in` with its `compute_at`; level and loop are empty while the latter is missing.
struct In {
    std::vector<std::string> tensors;
    std::string level, loop;
};
struct Unroll {
    std::string loop, array;
    ArrayAxis axis = ArrayAxis::rows;
};
struct Systolic {
    std::string tensor, loop;
};
struct Accelerate {
    std::vector<std::string> inputs;
    std::string loop;
};

}  // namespace directive

struct Directive {
    std::variant<directive::Split, directive::Tile, directive::Reorder, directive::Fuse, directive::In, directive::Unroll,
                 directive::Systolic, directive::Accelerate>
        what;
    Location where;
};

/// Records directives and checks nothing; lower_schedule() does. In C++ a directive's place is the line of its call.
class Schedule {
public:
    using Source = std::source_location;
    /// Stands for a loop around all loops, in compute_at and accelerate.
    static constexpr const char* root = "root";

    class InDirective {
    public:
        InDirective(Schedule& schedule, std::size_t index) : schedule_(schedule), index_(index) {}
        /// The level holds one tile per iteration of this loop; what is inside the loop works on that tile.
        Schedule& compute_at(const std::string& level, const std::string& loop);
        Schedule& compute_root(const std::string& level) { return compute_at(level, root); }

    private:
        Schedule& schedule_;
        std::size_t index_;
    };

    /// old = outer * factor + inner; `outer` may reuse the old name.
    Schedule& split(const std::string& old, const std::string& outer, const std::string& inner, std::int64_t factor,
                    TailStrategy tail = TailStrategy::guard_with_if, Source source = Source::current());
    Schedule& tile(const std::string& x, const std::string& y, const std::string& xo, const std::string& yo,
                   const std::string& xi, const std::string& yi, std::int64_t x_factor, std::int64_t y_factor,
                   TailStrategy tail = TailStrategy::guard_with_if, Source source = Source::current());
    /// The outer loops keep the names x and y.
    Schedule& tile(const std::string& x, const std::string& y, const std::string& xi, const std::string& yi,
                   std::int64_t x_factor, std::int64_t y_factor, TailStrategy tail = TailStrategy::guard_with_if,
                   Source source = Source::current());
    /// Innermost first; loops that are not named stay where they are.
    Schedule& reorder(std::vector<std::string> loops, Source source = Source::current());
    /// Two neighbouring loops become one that is moved, unrolled and split as a whole.
    Schedule& fuse(const std::string& inner, const std::string& outer, const std::string& fused,
                   Source source = Source::current());
    /// To be followed by compute_at or compute_root. The output may be named as well.
    InDirective in(std::initializer_list<std::string> tensors, Source source = Source::current());
    InDirective in(const std::string& tensor, Source source = Source::current());
    /// The loop's iterations are made by neighbouring instances on this axis of the array. Of several loops on one axis
    /// the first is adjacent, further ones replicate it.
    Schedule& unroll(const std::string& loop, const std::string& array, ArrayAxis axis, Source source = Source::current());
    /// Along this unrolled loop an operand goes from neighbour to neighbour, or sums of the output do.
    Schedule& systolic(const std::string& tensor, const std::string& loop, Source source = Source::current());
    /// What is inside the loop is the accelerator; the operands stream into it from the DRAM.
    Schedule& accelerate(std::vector<std::string> inputs, const std::string& loop, Source source = Source::current());

    Schedule& add(Directive directive);

    std::vector<Directive> directives;
    Location where;
};

/// The nest as pseudo-code, as one pass left it.
struct PassText {
    std::string pass;
    std::string nest;
};

struct LoweredSchedule {
    Architecture architecture;  ///< the given one, or the generated one (without prices)
    Nest nest;
    std::vector<PassText> passes;
};

/// Runs the passes (algorithm, loops, unroll, buffers, links, accelerate, nest). Without an architecture the schedule
/// generates one, whose buffers are just large enough. Throws UserError at the directive that is at fault; what concerns the
/// fit of nest and machine alone is left to lower().
LoweredSchedule lower_schedule(const Workload& workload, const std::optional<Architecture>& given, const Schedule& schedule);

/// Words as a schedule writes them, in the order of the enums.
const std::vector<std::string>& tail_strategy_names();
const std::vector<std::string>& array_axis_names();

}  // namespace accelsim
