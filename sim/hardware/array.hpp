// SPDX-License-Identifier: Apache-2.0
// The array of MACs: issues one step per cycle for all lanes, and says why when it cannot.
#pragma once

#include <systemc>

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "mappings/clip_key.hpp"
#include "mappings/loop_walk.hpp"
#include "sim/hardware/channel.hpp"
#include "sim/hardware/mover.hpp"
#include "sim/hardware/operand_latch.hpp"
#include "sim/hardware/result.hpp"
#include "sim/hardware/tile_kernel.hpp"

namespace accelsim {

/// The steps between two changes of any tile: the loops of the innermost buffer, when some tensor is accessed directly.
struct InnerLoop {
    int dimension;
    std::int64_t bound;
    std::int64_t stride;
    std::int64_t limit;         ///< bound of the dimension
    std::int64_t word_step[3];  ///< per tensor, in words of its slots (0 for streams)
    std::int64_t value = 0;
};

class Array : public sc_core::sc_module {
public:
    explicit Array(const sc_core::sc_module_name& name) : sc_module(name) {}

    /// `channels`: of all boundaries; `fills`: their fill movers, by boundary. Without `data` steps are counted, not computed.
    void load(const Design& design, std::vector<Channel>& channels, const std::vector<FillMover*>& fills, Counts& counts,
              bool data);

    /// One cycle: issues a step or accounts for a stall. Returns true when it issued.
    bool tick(std::int64_t cycle);
    /// `count` more cycles like the one that tick() would do now: all issue (never the last step of a run), or all stall alike.
    void tick_many(std::int64_t cycle, std::int64_t count);
    /// For how many cycles from `cycle` on, with unchanged tokens, tick_many() may be used: never when blocked or done.
    std::int64_t uniform_cycles(std::int64_t cycle);

    /// Whether tick() would issue a step in this cycle.
    bool will_issue(std::int64_t cycle) { return !done_ && ready(cycle); }
    /// In the middle of a run all that the next step needs is there, whatever happens elsewhere.
    bool in_run() const { return !done_ && !streams_ && run_left_ < last_run_->steps; }
    /// Whether tick() would account for a stall.
    bool stalls(std::int64_t cycle) { return !done_ && !ready(cycle); }
    bool done() const { return done_; }
    std::int64_t steps() const { return step_; }
    std::int64_t macs() const { return macs_; }
    std::int64_t padding_macs() const { return padding_macs_; }
    std::int64_t busy() const { return busy_; }
    bool last_was_busy() const { return was_busy_; }
    int last_cause() const { return cause_; }
    std::int64_t first_issue() const { return first_issue_; }
    std::int64_t last_issue() const { return last_issue_; }
    /// Causes in report order; startup and drain are the first two.
    const std::vector<StallCount>& stalls() const { return stalls_; }
    /// Of each tensor whose tile the next step misses, the outermost boundary whose tile is not there.
    std::vector<const Channel*> missing(std::int64_t cycle) const;
    /// Values of the nest's temporal loops at the step computed last (tracing computes every step).
    const std::vector<std::int64_t>& last_loop_values() const { return seen_loops_; }
    /// Keeps what these lanes' last step looked like, for probes.
    void watch(const std::vector<std::int64_t>& lanes);
    /// Operands and sum of a lane in the last step computed (tracing flushes every step).
    struct LaneView {
        std::int16_t left = 0, right = 0;
        std::int32_t sum = 0;
    };
    LaneView view(std::int64_t lane) const;  ///< zeros of a lane that is not watched
    void flush();                            ///< does the arithmetic of all steps issued so far

    enum Cause { startup, drain, output_space, readback, first_tensor };

private:
    struct Operand {
        Channel* channel = nullptr;
        bool stream = false;
        std::int64_t tile = 0;  ///< needed now (direct), or step number (stream)
        std::unique_ptr<TileIdentity> identity;
        bool stays = false;     ///< the next run uses the same tile
        std::size_t stair = 0;  ///< windowed: the next of the run's stairs
        std::int64_t word = 0;  ///< of lane 0 in its slot, in the step that is computed next
    };
    /// After step `step` of a run (counted from 0) its tile needs nothing below `address` any more.
    struct Stair {
        std::int64_t step;
        std::int64_t address;
    };
    struct RunCounts {
        std::int64_t macs = 0;
        std::int64_t padding = 0;            ///< MACs beyond a dimension's bound
        std::int64_t inside[3] = {0, 0, 0};  ///< of all these, those whose element is inside the tensor
        std::int64_t steps = 1;
        std::vector<Stair> stairs[3];  ///< windowed operands
        std::unique_ptr<LatchRun> latch[3];
    };

    /// A lane of which more is kept than what it has in common with others.
    struct WatchedLane {
        std::int64_t lane;
        std::int64_t word[3];            ///< from lane 0's
        bool head;                       ///< of its chain
        std::int64_t tile = -1;          ///< of the output
        std::vector<std::int32_t> sums;  ///< of that tile, its own
        LaneView view;
    };

    bool ready(std::int64_t cycle);
    void issue(std::int64_t cycle);
    void finish_run(std::int64_t cycle);
    void begin_run();
    void count_run();
    const RunCounts& find_run_counts();
    RunCounts measure_run() const;
    std::int64_t run_length() const;
    std::vector<Stair> measure_stairs(const Channel& channel) const;
    void give_back(std::int64_t cycle);
    std::int64_t steps_until_wanted(std::int64_t cycle);
    int find_cause(std::int64_t cycle);
    std::int64_t needed(const Operand& operand) const { return operand.stream ? step_ : operand.tile; }
    Channel* outermost_missing(const Operand& operand, std::int64_t cycle, std::int64_t& tile) const;
    void name_causes();
    void make_kernels(int split);
    void compute_run();
    void compute_step();
    void advance_inner();
    void look_at_lane(WatchedLane& lane);

    const Design* design_ = nullptr;
    std::vector<Channel>* channels_ = nullptr;
    std::vector<FillMover*> fills_;
    Counts* counts_ = nullptr;
    std::vector<Operand> tensors_;
    std::vector<StallCount> stalls_;
    std::vector<std::vector<int>> cause_of_;  ///< per tensor and level: cause
    std::unique_ptr<LoopWalk> outer_, ahead_;
    std::vector<InnerLoop> inner_;
    std::vector<int> inner_loops_;
    std::vector<std::int64_t> reach_;
    ClipKey clip_key_;
    std::unordered_map<std::vector<std::int64_t>, RunCounts, ClipKeyHash> run_counts_;
    std::vector<std::int64_t> run_key_, last_run_key_;
    const RunCounts* last_run_ = nullptr;
    std::unique_ptr<TileKernel> run_kernel_, step_kernel_;
    std::int64_t step_ = 0;      ///< next to issue
    std::int64_t computed_ = 0;  ///< steps whose arithmetic is done
    std::int64_t run_left_ = 0;  ///< steps of the run not yet issued
    bool data_ = true;
    bool streams_ = false;
    bool done_ = true;
    bool was_busy_ = false;
    int cause_ = startup;
    std::int64_t padding_macs_ = 0;
    bool windows_ = false;                                ///< some direct operand stands in a windowed memory
    std::vector<std::unique_ptr<OperandLatch>> latches_;  ///< per tensor, null: none
    std::int64_t macs_ = 0, busy_ = 0, first_issue_ = -1, last_issue_ = -1;
    bool watched_ = false;
    std::vector<std::int64_t> seen_loops_;
    std::vector<WatchedLane> lanes_;
};

}  // namespace accelsim
