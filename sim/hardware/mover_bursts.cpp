// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/mover_bursts.hpp"

#include <algorithm>
#include <cstring>

#include "mappings/boxes.hpp"

namespace accelsim {

namespace {

template <typename Word, typename Value>
void take_words(const unsigned char* from, std::int32_t count, Value* to) {
    for (std::int32_t i = 0; i < count; ++i) {
        Word word;
        std::memcpy(&word, from + static_cast<std::size_t>(i) * sizeof word, sizeof word);
        to[i] = static_cast<Value>(word);
    }
}

template <typename Value>
void take_run(const BurstRun& run, int bytes, const unsigned char* data, Value* box) {
    if (bytes == 1) return take_words<std::int8_t>(data + run.byte, run.words, box + run.box);
    if (bytes == 2) return take_words<std::int16_t>(data + run.byte, run.words, box + run.box);
    take_words<std::int32_t>(data + run.byte, run.words, box + run.box);
}

/// Little-endian elements of 1, 2 or 4 bytes from a burst into the tile's box.
void take_run(const BurstRun& run, int bytes, const unsigned char* data, OpenTile& tile) {
    if (tile.sums.empty()) return take_run(run, bytes, data, tile.operands.data());
    take_run(run, bytes, data, tile.sums.data());
}

/// The low bytes of a little-endian sum are the narrower sum.
template <typename Word>
void give_words(const std::int32_t* from, std::int32_t count, unsigned char* to) {
    for (std::int32_t i = 0; i < count; ++i) {
        const auto word = static_cast<Word>(from[i]);
        std::memcpy(to + static_cast<std::size_t>(i) * sizeof word, &word, sizeof word);
    }
}

void give_run(const BurstRun& run, int bytes, const OpenTile& tile, unsigned char* data, unsigned char* enable) {
    const std::int32_t* from = tile.sums.data() + run.box;
    std::memset(enable + run.byte, 0xff, static_cast<std::size_t>(run.words * bytes));
    if (bytes == 1) return give_words<std::int8_t>(from, run.words, data + run.byte);
    if (bytes == 2) return give_words<std::int16_t>(from, run.words, data + run.byte);
    give_words<std::int32_t>(from, run.words, data + run.byte);
}

}  // namespace

const Tile& Mover::sent_tile() const {
    return bursts_ == nullptr || up_ ? tile() : bursts_->sending == nullptr ? bursts_->last_sent : bursts_->sending->tile;
}

void FillMover::take_answers(std::int64_t cycle) {
    if (bursts_ == nullptr) return;
    BurstPort& port = *channel_->bursts;
    for (; port.answered(bursts_->client, cycle); port.take(bursts_->client)) {
        const BurstAnswer& answer = port.answer(bursts_->client);
        OpenTile& open = bursts_->tile(answer.tile);
        const Burst& burst = open.move->bursts[static_cast<std::size_t>(answer.burst)];
        for (std::size_t r = burst.run_begin; r < burst.run_end && channel_->data; ++r)
            take_run(open.move->runs[r], channel_->tensor->bits / 8, answer.data, open);
        bursts_->arrived.push_back({&open, answer.burst});
    }
}

/// The sending end, then the asking end.
void FillMover::look_for_bursts(std::int64_t cycle) {
    if (bursts_->sending == nullptr && !bursts_->arrived.empty()) begin_burst();
    requesting_ = started_ = bursts_->sending != nullptr;
    restless_ = may_ask(cycle);
    if (restless_) ask(cycle);
}

bool FillMover::may_ask(std::int64_t cycle) {
    if (done() || !has_room(cycle)) return false;
    if (bursts_->next == 0 && hazard(cycle)) return false;
    return bursts_->asked->bursts.empty() || bursts_->begun < channel_->design->level(0).bursts->outstanding;
}

void FillMover::ask(std::int64_t cycle) {
    Bursts& b = *bursts_;
    if (b.next == 0) open_tile(cycle);
    if (b.asked->bursts.empty()) {
        complete_open_tiles(cycle + 1);
    } else {
        const std::int64_t address = b.open.back().first_burst + b.asked->bursts[b.next].offset;
        channel_->bursts->read(b.client, address, cycle, tile().number, static_cast<std::int64_t>(b.next));
        ++bursts_moved_;
        ++b.begun;
        ++b.next;
    }
    if (b.next < b.asked->bursts.size()) return;
    stream_->next();
    begin_tile();
}

/// Reserves the slot.
void FillMover::open_tile(std::int64_t cycle) {
    Bursts& b = *bursts_;
    channel_->reserved.set(cycle + 1, tile().number + 1);
    OpenTile open;
    open.tile = tile();
    open.move = b.asked;
    open.left = static_cast<std::int64_t>(b.asked->bursts.size());
    if (open.left > 0) open.first_burst = channel_->moves->first_burst(tile());
    const auto words = static_cast<std::size_t>(product(box_));
    if (!channel_->data) {
        // Nothing to hold.
    } else if (channel_->is_output()) {
        open.sums.assign(words, 0);
    } else {
        open.operands.assign(words, 0);
        // What the lanes hold already does not come again; the box is moved as a whole.
        if (channel_->boundary->reuses_halo) peek_box(open);
    }
    b.open.push_back(std::move(open));
}

/// What the lanes hold already does not come again; as with an ideal DRAM the box is moved as a whole.
void FillMover::peek_box(OpenTile& open) {
    const Tensor& tensor = *channel_->tensor;
    const TensorPlace& place = *channel_->place;
    const unsigned char* memory = channel_->bursts->memory(place.end());
    std::vector<std::int64_t> element(box_.size(), 0), coordinate(box_.size());
    for (std::size_t at = 0; at < open.operands.size(); ++at) {
        bool inside = true;
        for (std::size_t a = 0; a < box_.size(); ++a) {
            coordinate[a] = open.tile.origin[a] + element[a];
            inside = inside && coordinate[a] >= 0 && coordinate[a] < tensor.axes[a].size;
        }
        if (inside) {
            take_run({0, 1, static_cast<std::int64_t>(at)}, tensor.bits / 8, memory + place.address(coordinate), open);
        }
        for (std::size_t a = box_.size(); a-- > 0;) {
            if (++element[a] < box_[a]) break;
            element[a] = 0;
        }
    }
}

void FillMover::begin_burst() {
    Bursts& b = *bursts_;
    b.sending = b.arrived.front().tile;
    move_ = b.sending->move;
    const auto index = static_cast<std::size_t>(b.arrived.front().burst);
    group_ = index == 0 ? 0 : move_->bursts[index - 1].group_end;
    group_end_ = move_->bursts[index].group_end;
    b.arrived.pop_front();
}

void FillMover::finish_burst(std::int64_t cycle) {
    Bursts& b = *bursts_;
    --b.begun;
    --b.sending->left;
    b.last_sent.number = b.sending->tile.number;
    b.sending = nullptr;
    requesting_ = started_ = false;
    complete_open_tiles(cycle + channel_->boundary->flight_down + 1);
}

/// Tiles are counted in order: those that were there before the one in front of them come with it.
void FillMover::complete_open_tiles(std::int64_t usable_cycle) {
    Channel& c = *channel_;
    auto& open = bursts_->open;
    for (; !open.empty() && open.front().left == 0; open.pop_front()) {
        const OpenTile& front = open.front();
        const std::int64_t number = front.tile.number;
        c.tiles.claim(number);
        c.origin(number) = front.tile.origin;
        if (!c.data) {
            // Only counted.
        } else if (c.is_output()) {
            c.wiring->read_back(c.tiles.sums(number), front.sums.data(), 0);
        } else {
            c.wiring->fill(c.tiles.operands(number), front.operands.data(), 0);
        }
        c.usable.set(usable_cycle, number + 1);
        count_move(front.tile, *front.move);
    }
}

void DrainMover::take_answers(std::int64_t cycle) {
    if (bursts_ == nullptr) return;
    BurstPort& port = *channel_->bursts;
    bool any = false;
    for (; port.answered(bursts_->client, cycle); port.take(bursts_->client)) {
        --bursts_->tile(port.answer(bursts_->client).tile).left;
        --bursts_->begun;
        any = true;
    }
    if (any) land_tiles(cycle);
}

/// What has landed is seen from this cycle on.
void DrainMover::land_tiles(std::int64_t cycle) {
    auto& open = bursts_->open;
    for (; !open.empty() && open.front().left == 0; open.pop_front()) channel_->landed.set(cycle, open.front().tile.number + 1);
}

bool DrainMover::all_landed() const { return done() && (bursts_ == nullptr || bursts_->open.empty()); }

void DrainMover::look_for_bursts(std::int64_t cycle) {
    Bursts& b = *bursts_;
    if (!done() && move_ == nullptr && channel_->complete.at(cycle) > tile().number) begin_tile(cycle);
    if (!requesting_ && move_ != nullptr && b.begun < channel_->design->level(0).bursts->outstanding) {
        group_end_ = move_->bursts[b.next].group_end;
        ++b.begun;
        requesting_ = started_ = true;
    }
}

void DrainMover::begin_tile(std::int64_t cycle) {
    Channel& c = *channel_;
    Bursts& b = *bursts_;
    const Tile& next = tile();
    OpenTile open;
    open.tile = next;
    open.move = &c.moves->move(next, move_kind());
    open.left = static_cast<std::int64_t>(open.move->bursts.size());
    b.next = 0;
    group_ = 0;
    move_ = open.move;
    if (open.left == 0) {
        b.open.push_back(std::move(open));
        land_tiles(cycle + 1);
        complete_tile(cycle, cycle);
        move_ = nullptr;
        restless_ = !done();
        return;
    }
    open.first_burst = c.moves->first_burst(next);
    c.tiles.expect(next.number, name());
    if (c.data) {
        open.sums.assign(static_cast<std::size_t>(product(box_)), 0);
        c.wiring->write_back(c.tiles.sums(next.number), open.sums.data(), 0, false);
    }
    b.open.push_back(std::move(open));
}

void DrainMover::finish_burst(std::int64_t cycle) {
    Bursts& b = *bursts_;
    const OpenTile& open = b.open.back();
    const Burst& burst = move_->bursts[b.next];
    const auto bytes = static_cast<std::size_t>(channel_->design->level(0).bursts->burst_bytes);
    if (channel_->data) {
        b.data.assign(bytes, 0);
        b.enable.assign(bytes, 0);
    }
    for (std::size_t r = burst.run_begin; r < burst.run_end && channel_->data; ++r)
        give_run(move_->runs[r], channel_->tensor->bits / 8, open, b.data.data(), b.enable.data());
    channel_->bursts->write(b.client, open.first_burst + burst.offset, b.data, b.enable, cycle + channel_->boundary->flight_up,
                            open.tile.number, static_cast<std::int64_t>(b.next));
    ++bursts_moved_;
    requesting_ = started_ = false;
    if (++b.next < move_->bursts.size()) return;
    complete_tile(cycle, cycle);
    move_ = nullptr;
}

}  // namespace accelsim
