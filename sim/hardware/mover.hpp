// SPDX-License-Identifier: Apache-2.0
// Movers: each walks its part of the nest in order and moves one boundary's tiles (docs/microarchitecture.md, 4).
#pragma once

#include <systemc>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mappings/tile_stream.hpp"
#include "sim/hardware/channel.hpp"

namespace accelsim {

struct OpenTile;

/// What fill and drain movers have in common: a walk over tiles, a registered request, groups.
class Mover : public sc_core::sc_module {
public:
    Mover(const sc_core::sc_module_name& name, bool up);
    ~Mover() override;

    /// Takes a nest's program; null: idle for this run.
    void load(Channel* channel);
    bool up() const { return up_; }
    Channel* channel() const { return channel_; }
    bool requesting() const { return requesting_; }
    /// While requesting: for how many cycles from `cycle` on it can send a group each and nobody has to look again.
    virtual std::int64_t uniform_groups(std::int64_t cycle);
    std::int64_t group() const { return group_; }
    /// Words of the next group.
    std::int64_t group_words() const {
        const auto g = static_cast<std::size_t>(group_);
        return move_->group_begin[g + 1] - move_->group_begin[g];
    }
    /// Banks that the next group takes at the parent and at the child, a bit each; only where words are spread over banks.
    std::uint64_t parent_banks() const;
    std::uint64_t child_banks() const {
        return move_->child_banks.empty() ? 0 : move_->child_banks[static_cast<std::size_t>(group_)];
    }
    /// In the middle of a tile (of a DRAM's burst).
    bool started() const { return started_; }
    const Move& move() const { return *move_; }
    /// The tile that comes next; of a fill from a detailed DRAM: whose bursts are asked for.
    const Tile& tile() const { return stream_->current(); }
    /// The tile that the next group belongs to.
    const Tile& sent_tile() const;
    bool done() const { return stream_ == nullptr || stream_->done(); }
    /// Words of the sent tile's groups, for listeners.
    const WordList& words() const;

    /// The port granted this cycle's request: sends the next group.
    void send(std::int64_t cycle);
    /// Sends `count` groups from `cycle` on, one a cycle, none of them the last of the tile.
    void send_many(std::int64_t cycle, std::int64_t count);
    /// Words of all groups granted, and of all tiles finished: equal at the end of a run.
    std::int64_t words_sent() const { return words_sent_; }
    /// Bursts to or from a detailed DRAM.
    std::int64_t bursts_moved() const { return bursts_moved_; }
    std::int64_t words_due() const { return words_due_; }
    /// Looks at the next work and asserts the request for it.
    virtual void look(std::int64_t cycle) = 0;
    /// Takes what a detailed DRAM has answered by the beginning of this cycle.
    virtual void take_answers(std::int64_t cycle) = 0;
    /// True when look() will act in the next cycle without anything else changing.
    bool restless() const { return restless_; }
    /// Whether look() in this cycle would find everything as it left it.
    bool sleeps(std::int64_t cycle) const {
        if (restless_ || !looked_) return false;
        return done() || (started_ ? !windows_ : awaited_ != nullptr && awaited_->when(awaited_count_) > cycle);
    }
    /// The cycle after `cycle` in which it has to look again by what is known now.
    std::int64_t wakes(std::int64_t cycle) const {
        return done() || awaited_ == nullptr ? never : std::max(cycle + 1, awaited_->when(awaited_count_));
    }

protected:
    virtual void finish(std::int64_t cycle) = 0;  ///< the last group went
    /// Address (and tile) up to which the windowed memory that the words come from is free once `sent` groups went.
    virtual Channel* gives_back_to() = 0;  ///< null: nobody
    virtual std::pair<std::int64_t, std::int64_t> given_after(std::int64_t sent) = 0;
    void give_back(std::int64_t cycle);
    virtual MoveKind move_kind() const = 0;
    virtual void reset() {}
    /// look() can do nothing before this count is reached.
    void await(const Token& token, std::int64_t count) {
        awaited_ = &token;
        awaited_count_ = count;
    }
    struct Bursts;  ///< what is under way to or from a detailed DRAM

    bool up_;
    Channel* channel_ = nullptr;
    std::unique_ptr<TileStream> stream_;
    const Move* move_ = nullptr;
    std::int64_t group_ = 0;
    std::int64_t group_end_ = 0;      ///< of the tile, or of the DRAM's burst
    std::unique_ptr<Bursts> bursts_;  ///< null: the parent is no detailed DRAM
    std::int64_t words_sent_ = 0;
    std::int64_t words_due_ = 0;
    std::int64_t bursts_moved_ = 0;
    bool started_ = false;
    bool requesting_ = false;
    bool restless_ = false;
    bool looked_ = false;             ///< since it finished something last; never with bursts
    const Token* awaited_ = nullptr;  ///< what the next tile waits for; null: it is under way
    std::int64_t awaited_count_ = 0;
    int parent_bank_count_ = 1;
    bool windows_ = false;           ///< some memory at either end is windowed
    std::vector<std::int64_t> box_;  ///< of a tile over all lanes, when the parent is the DRAM
    bool sparse_ = false;            ///< the box has words between the lanes' tiles
};

class FillMover : public Mover {
public:
    explicit FillMover(const sc_core::sc_module_name& name) : Mover(name, false) {}
    void look(std::int64_t cycle) override;
    std::int64_t uniform_groups(std::int64_t cycle) override;
    /// A slot or space for what is sent next.
    bool has_room(std::int64_t cycle);
    /// Position that must be given back before the next request; 0: it does not wait for space.
    std::int64_t wanted(std::int64_t cycle);
    void take_answers(std::int64_t cycle) override;
    /// The current tile must be read back, and its latest write-back has not landed.
    bool hazard(std::int64_t cycle) const;

protected:
    void finish(std::int64_t cycle) override;
    Channel* gives_back_to() override;
    std::pair<std::int64_t, std::int64_t> given_after(std::int64_t sent) override;
    MoveKind move_kind() const override { return channel_->is_output() ? MoveKind::read_back : MoveKind::operand_fill; }
    void reset() override;

private:
    void release_unread(std::int64_t cycle);
    bool may_start(std::int64_t cycle);
    void await_room();
    void complete_tile(std::int64_t cycle, std::int64_t usable_cycle);
    void count_move(const Tile& tile, const Move& move);
    void copy_in(const Tile& tile);
    void look_for_bursts(std::int64_t cycle);
    bool may_ask(std::int64_t cycle);
    void ask(std::int64_t cycle);
    void open_tile(std::int64_t cycle);
    void peek_box(OpenTile& open);
    void begin_burst();
    void finish_burst(std::int64_t cycle);
    void complete_open_tiles(std::int64_t usable_cycle);
    void begin_tile();
    void watch_hazards();
    void look_through_source();
    std::int64_t space_for(std::int64_t group) const;

    std::int64_t era_ = 0;
    std::int64_t source_begin_ = 0;    ///< first tile of the source that `later_` is about
    std::vector<std::int64_t> later_;  ///< per tile of a windowed source: lowest address that later tiles take
    std::int64_t sources_released_ = 0;
    std::int64_t last_release_ = -1;                         ///< one per cycle
    std::int64_t write_back_ = -1;                           ///< the latest earlier tile of the same box, -1: none
    std::unordered_map<std::int64_t, std::int64_t> latest_;  ///< box -> tile
    std::vector<std::int64_t> box_strides_;                  ///< numbers the boxes
};

class DrainMover : public Mover {
public:
    explicit DrainMover(const sc_core::sc_module_name& name) : Mover(name, true) {}
    void look(std::int64_t cycle) override;
    void take_answers(std::int64_t cycle) override;
    /// Everything has landed; with last_landing() for an ideal DRAM.
    bool all_landed() const;
    /// Cycle of the last write-back that landed at the DRAM, -1 before.
    std::int64_t last_landing() const { return last_landing_; }

protected:
    void finish(std::int64_t cycle) override;
    Channel* gives_back_to() override { return channel_; }
    std::pair<std::int64_t, std::int64_t> given_after(std::int64_t sent) override;
    MoveKind move_kind() const override { return MoveKind::write_back; }
    void reset() override { last_landing_ = -1; }

private:
    void complete_tile(std::int64_t cycle, std::int64_t landing);
    void copy_out(const Tile& tile);
    void look_for_bursts(std::int64_t cycle);
    void begin_tile(std::int64_t cycle);
    void finish_burst(std::int64_t cycle);
    void land_tiles(std::int64_t cycle);
    std::int64_t last_landing_ = -1;
};

}  // namespace accelsim
