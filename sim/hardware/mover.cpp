// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/mover.hpp"

#include <algorithm>

#include "mappings/boxes.hpp"
#include "mappings/lowering.hpp"
#include "mappings/port_pools.hpp"
#include "sim/hardware/mover_bursts.hpp"

namespace accelsim {

Mover::Mover(const sc_core::sc_module_name& name, bool up) : sc_module(name), up_(up) {}
Mover::~Mover() = default;

void Mover::load(Channel* channel) {
    channel_ = channel;
    stream_ = channel == nullptr ? nullptr : std::make_unique<TileStream>(*channel->design, channel->index);
    move_ = nullptr;
    group_ = group_end_ = words_sent_ = words_due_ = bursts_moved_ = 0;
    bursts_.reset();
    started_ = requesting_ = restless_ = looked_ = false;
    awaited_ = nullptr;
    if (channel == nullptr) return;
    windows_ = channel->windowed() || (!up_ && channel->parent != nullptr && channel->parent->windowed());
    parent_bank_count_ = word_banks(channel->design->memory(channel->boundary->parent, channel->boundary->tensor));
    if (channel->parent == nullptr) box_ = dram_box(*channel->design, channel->index, &sparse_);
    if (channel->bursts != nullptr) {
        bursts_ = std::make_unique<Bursts>();
        bursts_->client = static_cast<std::size_t>(2 * channel->index + (up_ ? 1 : 0));
    }
    reset();
}

std::uint64_t Mover::parent_banks() const {
    if (move_->parent_banks.empty()) return 0;
    const std::uint64_t banks = move_->parent_banks[static_cast<std::size_t>(group_)];
    const auto turn = static_cast<int>(tile().source_address % parent_bank_count_);
    const std::uint64_t all = parent_bank_count_ == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << parent_bank_count_) - 1;
    return turn == 0 ? banks : (banks << turn | banks >> (parent_bank_count_ - turn)) & all;
}

const WordList& Mover::words() const { return channel_->moves->words(sent_tile(), move_kind()); }

void Mover::send(std::int64_t cycle) {
    if (!requesting_) throw InternalError(std::string(name()) + " was granted a port that it did not ask for");
    words_sent_ += group_words();
    ++group_;
    give_back(cycle);
    if (group_ == group_end_) finish(cycle);
}

void Mover::send_many(std::int64_t cycle, std::int64_t count) {
    const auto first = static_cast<std::size_t>(group_);
    words_sent_ += move_->group_begin[first + static_cast<std::size_t>(count)] - move_->group_begin[first];
    group_ += count;
    give_back(cycle + count - 1);
}

void FillMover::reset() {
    sources_released_ = 0;
    last_release_ = -1;
    write_back_ = -1;
    era_ = 0;
    source_begin_ = 0;
    later_.clear();
    latest_.clear();
    box_strides_.clear();
    std::int64_t stride = 1;
    for (const Axis& axis : channel_->tensor->axes) {
        box_strides_.push_back(stride);
        for (const Term& term : axis.terms)
            stride *= 1 + term.coefficient * channel_->design->issued[static_cast<std::size_t>(term.dimension)];
    }
    begin_tile();
}

/// Looks up the move of the tile that comes next.
void FillMover::begin_tile() {
    if (done()) return;
    static const Move nothing = [] {
        Move move;
        move.group_begin = {0};
        return move;
    }();
    if (channel_->is_output()) watch_hazards();
    const Move& move = tile().starts_at_zero ? nothing : channel_->moves->move(tile(), move_kind());
    if (bursts_ != nullptr) {
        bursts_->asked = &move;
        bursts_->next = 0;
        return;
    }
    move_ = &move;
    group_ = 0;
    group_end_ = move.groups();
    Channel* parent = channel_->parent;
    if (!channel_->is_output() && parent != nullptr && parent->windowed()) {
        if (later_.empty() || tile().number >= source_begin_ + static_cast<std::int64_t>(later_.size())) look_through_source();
    }
}

/// Remembers which tile had this box last: a read-back must wait for its write-back.
void FillMover::watch_hazards() {
    if (channel_->boundary->accumulates) return;  // never read back
    if (tile().era != era_) latest_.clear();
    era_ = tile().era;
    std::int64_t box = 0;
    for (std::size_t a = 0; a < box_strides_.size(); ++a) box += tile().origin[a] * box_strides_[a];
    const auto [found, fresh] = latest_.try_emplace(box, tile().number);
    write_back_ = fresh ? -1 : found->second;
    found->second = tile().number;
    if (fresh != tile().first_met)
        throw InternalError(std::string(name()) + ": a tile is first met when its box was not seen before");
}

bool FillMover::hazard(std::int64_t cycle) const {
    return !done() && write_back_ >= 0 && channel_->landed.at(cycle) <= write_back_;
}

/// Whether the next tile may be asked for; if not, it awaits the first thing that is missing.
bool FillMover::may_start(std::int64_t cycle) {
    Channel* parent = channel_->parent;
    if (parent != nullptr) {
        const bool skipped = !channel_->is_output() && sources_released_ < tile().source;
        const std::int64_t needed = skipped ? sources_released_ : tile().source;
        if (skipped || parent->usable.at(cycle) <= needed) {
            await(parent->usable, needed + 1);
            return false;
        }
    }
    if (!has_room(cycle)) {
        await_room();
        return false;
    }
    if (!hazard(cycle)) return true;
    await(channel_->landed, write_back_ + 1);
    return false;
}

void FillMover::await_room() {
    if (channel_->windowed())
        await(channel_->given_back, space_for(group_));
    else
        await(channel_->released, channel_->reserved.last() - channel_->boundary->depth + 1);
}

void FillMover::release_unread(std::int64_t cycle) {
    Channel* parent = channel_->parent;
    if (parent == nullptr || channel_->is_output() || done() || sources_released_ >= tile().source) return;
    if (last_release_ < cycle && parent->usable.at(cycle) > sources_released_) {
        parent->release(cycle + 1, sources_released_++);
        last_release_ = cycle;
        restless_ = true;
    }
}

void FillMover::look(std::int64_t cycle) {
    restless_ = false;
    if (bursts_ != nullptr) return look_for_bursts(cycle);
    requesting_ = started_ && (!windows_ || has_room(cycle));
    looked_ = true;
    awaited_ = nullptr;
    if (done()) return;
    if (started_) {
        if (!requesting_) await_room();
        return;
    }
    release_unread(cycle);
    if (!may_start(cycle)) return;
    started_ = true;
    channel_->reserved.set(cycle + 1, tile().number + 1);
    if (move_->groups() > 0) {
        requesting_ = true;
    } else {
        complete_tile(cycle, cycle + 1);
        restless_ = !done();
    }
}

void FillMover::finish(std::int64_t cycle) {
    if (bursts_ != nullptr) return finish_burst(cycle);
    complete_tile(cycle, cycle + channel_->boundary->flight_down + 1);
}

void FillMover::complete_tile(std::int64_t cycle, std::int64_t usable_cycle) {
    Channel& c = *channel_;
    copy_in(tile());
    if (move_->groups() == 0) give_back(cycle);
    c.usable.set(usable_cycle, tile().number + 1);
    count_move(tile(), *move_);
    if (!c.is_output() && c.parent != nullptr && stream_->last_of_source()) {
        sources_released_ = tile().source + 1;
        last_release_ = cycle;
        c.parent->release(cycle + 1, tile().source);
    }
    started_ = requesting_ = looked_ = false;
    stream_->next();
    begin_tile();
}

void FillMover::count_move(const Tile& tile, const Move& move) {
    Channel& c = *channel_;
    words_due_ += move.words();
    c.parent_counts->reads_to_child += move.counts.words;
    if (c.child_counts != nullptr) c.child_counts->writes_from_parent += move.counts.copies;
    if (c.is_output() && c.last && !c.boundary->stream) {
        // Elements that start at zero are not read for their first update; the array counted a read for every MAC.
        const MoveCounts& all = c.moves->move(tile, MoveKind::write_back).counts;
        c.child_counts->reads_to_child -= all.copies - move.counts.copies;
    }
    c.link->injected += move.counts.words;
    c.link->delivered += move.counts.copies;
    c.link->hops += move.counts.hops;
    c.link->hop_lengths += move.counts.hop_lengths;
}

void FillMover::copy_in(const Tile& tile) {
    Channel& c = *channel_;
    c.tiles.claim(tile.number);
    c.origin(tile.number) = tile.origin;
    if (c.parent != nullptr && !tile.starts_at_zero) c.parent->tiles.expect(tile.source, name());
    if (!c.data) return;
    if (tile.starts_at_zero) {
        std::fill_n(c.tiles.sums(tile.number), c.tiles.words(), 0);
        return;
    }
    const bool sums = c.is_output();
    if (c.dram != nullptr) {
        if (sums) {
            c.wiring->read_back(c.tiles.sums(tile.number), c.dram->read_sums(c.boundary->tensor, tile.origin, box_), 0);
        } else {
            c.wiring->fill(c.tiles.operands(tile.number), c.dram->read_operands(c.boundary->tensor, tile.origin, box_), 0);
        }
        return;
    }
    const std::int64_t offset = c.wiring->offset(tile.origin, c.parent->origin(tile.source));
    if (sums) {
        c.wiring->read_back(c.tiles.sums(tile.number), c.parent->tiles.sums(tile.source), offset);
    } else {
        c.wiring->fill(c.tiles.operands(tile.number), c.parent->tiles.operands(tile.source), offset);
    }
}

void DrainMover::look(std::int64_t cycle) {
    requesting_ = started_;
    restless_ = false;
    if (bursts_ != nullptr) return look_for_bursts(cycle);
    looked_ = true;
    awaited_ = nullptr;
    if (done() || started_) return;
    if (channel_->complete.at(cycle) <= tile().number) return await(channel_->complete, tile().number + 1);
    group_ = 0;
    move_ = &channel_->moves->move(tile(), move_kind());
    group_end_ = move_->groups();
    if (group_end_ == 0) {
        complete_tile(cycle, cycle);
        restless_ = !done();
    } else {
        started_ = requesting_ = true;
    }
}

void DrainMover::finish(std::int64_t cycle) {
    if (bursts_ != nullptr) return finish_burst(cycle);
    complete_tile(cycle, cycle + channel_->boundary->flight_up);
}

void DrainMover::complete_tile(std::int64_t cycle, std::int64_t landing) {
    Channel& c = *channel_;
    if (bursts_ == nullptr) {
        copy_out(tile());
        c.landed.set(landing + 1, tile().number + 1);
    }
    words_due_ += move_->words();
    c.release(cycle + 1, tile().number);
    if (c.parent == nullptr) {
        last_landing_ = std::max(last_landing_, landing);
    } else if (stream_->last_of_source()) {
        c.parent->complete.set(landing + 1, tile().source + 1);
    }
    c.parent_counts->writes_from_child += move_->counts.words;
    if (c.boundary->accumulates)  // every update reads what it adds to, but for the first of an element
        c.parent_counts->reads_to_child += move_->counts.words - (tile().first_met ? move_->counts.first_words : 0);
    if (c.child_counts != nullptr) c.child_counts->reads_to_parent += move_->counts.copies;
    c.link->injected += move_->counts.copies;
    c.link->delivered += move_->counts.words;
    c.link->hops += move_->counts.hops;
    c.link->hop_lengths += move_->counts.hop_lengths;
    started_ = requesting_ = looked_ = false;
    stream_->next();
}

void DrainMover::copy_out(const Tile& tile) {
    Channel& c = *channel_;
    c.tiles.expect(tile.number, name());
    if (c.parent != nullptr) c.parent->tiles.expect(tile.source, name());
    if (!c.data) return;
    const std::int32_t* from = c.tiles.sums(tile.number);
    if (c.dram != nullptr) {
        const bool reads = sparse_ || c.boundary->accumulates;
        c.wiring->write_back(from, c.dram->begin_write(c.boundary->tensor, tile.origin, box_, reads), 0, c.boundary->accumulates);
        c.dram->finish_write();
        return;
    }
    const std::int64_t offset = c.wiring->offset(tile.origin, c.parent->origin(tile.source));
    c.wiring->write_back(from, c.parent->tiles.sums(tile.source), offset, c.boundary->accumulates);
}

}  // namespace accelsim
