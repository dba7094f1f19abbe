// SPDX-License-Identifier: Apache-2.0
// Tensors into the DRAM and the output out of it, before and after a run.
#include <cstring>

#include "sim/hardware/machine.hpp"

namespace accelsim {

namespace {

bool are_neighbours(const std::vector<std::int64_t>& offsets, std::int64_t size) {
    for (std::size_t i = 0; i < offsets.size(); ++i)
        if (offsets[i] != static_cast<std::int64_t>(i) * size) return false;
    return true;
}

}  // namespace

void Machine::load_tensors(const Design& design, const Operands& operands) {
    if (detailed_ == nullptr) {
        if (options_->data) dram_->load(design, operands);
        return;
    }
    places_ = place_tensors(design);
    const std::int64_t row = design.level(0).bursts->row_bytes;
    const std::int64_t bytes = (places_.back().end() + row - 1) / row * row;
    detailed_->listen(options_->dram_listener, options_->request_listener);
    detailed_->restart(bytes, options_->data, true);
    burst_port_->restart(2 * design.boundaries.size(), options_->data);
    if (!options_->data) return;
    unsigned char* memory = burst_port_->memory(bytes);
    for (std::size_t t = 0; t < operands.size(); ++t) {
        const TensorPlace& place = places_[t];
        const auto offsets = place.offsets(design.workload.tensors[t].axes.size() - 1);
        const auto size = static_cast<std::size_t>(place.element_bytes());
        const bool in_a_row = size == sizeof(std::int16_t) && are_neighbours(offsets, place.element_bytes());
        place.for_each_row([&](std::int64_t index, std::int64_t address) {
            const std::int16_t* from = operands[t].data() + index;
            unsigned char* to = memory + address;
            if (in_a_row) {
                std::memcpy(to, from, offsets.size() * size);
                return;
            }
            // The low byte of a little-endian word is the narrower word.
            for (const std::int64_t offset : offsets) std::memcpy(to + offset, from++, size);
        });
    }
}

std::vector<std::int32_t> Machine::unload_output() {
    if (!options_->data) return {};
    if (detailed_ == nullptr) return dram_->unload();
    const TensorPlace& place = places_.back();
    const Tensor& tensor = design_->workload.output();
    const unsigned char* memory = burst_port_->memory(place.end());
    const auto offsets = place.offsets(tensor.axes.size() - 1);
    const auto size = static_cast<std::size_t>(place.element_bytes());
    const int shift = 32 - tensor.bits;
    std::vector<std::int32_t> result(static_cast<std::size_t>(tensor.words()));
    place.for_each_row([&](std::int64_t index, std::int64_t address) {
        const unsigned char* from = memory + address;
        for (const std::int64_t offset : offsets) {
            std::uint32_t word = 0;
            std::memcpy(&word, from + offset, size);
            result[static_cast<std::size_t>(index++)] = static_cast<std::int32_t>(word << shift) >> shift;
        }
    });
    return result;
}

bool Machine::waits_for_dram() const {
    return burst_port_ != nullptr && (burst_port_->under_way() > 0 || burst_port_->next_answer() != never);
}

/// Nobody looks at the machine for `pending` cycles after this one unless the DRAM answers: the DRAM goes ahead until then, as
/// the requests of the next cycle that is looked at come at the end of that. Returns what is left of these cycles.
std::int64_t Machine::advance_dram(std::int64_t pending) {
    while (true) {
        pending = std::min(pending, std::max<std::int64_t>(0, burst_port_->next_answer() - now_ - 1));
        const auto limit = pending >= last_cycle_ - now_ - 1 ? sc_core::sc_max_time() : time_of(now_ + pending + 2);
        if (!detailed_->step(limit)) break;
    }
    if (pending == never) throw InternalError("the machine waits for a DRAM that has nothing to do");
    return pending;
}

/// All that is left is the controller's.
void Machine::finish_writes() {
    while (detailed_ != nullptr && detailed_->writes_pending()) detailed_->step(sc_core::sc_max_time());
}

DramResult Machine::collect_dram(std::int64_t cycles) {
    detailed_->finish(time_of(cycles));
    DramResult result;
    result.statistics = detailed_->statistics();
    result.energy_pj = detailed_->energy_pj(time_of(cycles));
    const std::int64_t burst = design_->level(0).bursts->burst_bytes;
    for (std::size_t b = 0; b < channels_.size(); ++b) {
        if (channels_[b].bursts == nullptr) continue;
        for (const Mover* mover : {movers_[2 * b], movers_[2 * b + 1]}) {
            if (mover == nullptr) continue;
            result.useful_words += mover->words_sent();
            result.fetched_words += mover->bursts_moved() * (burst / channels_[b].place->element_bytes());
        }
    }
    return result;
}

}  // namespace accelsim
