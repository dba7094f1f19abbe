// SPDX-License-Identifier: Apache-2.0
// Tensors into the DRAM and the output out of it, before and after a run.
#include <cstring>

#include "sim/hardware/machine.hpp"

namespace accelsim {

void Machine::load_tensors(const Design& design, const Operands& operands) {
    if (detailed_ == nullptr) {
        if (options_->data) dram_->load(design, operands);
        return;
    }
    places_ = place_tensors(design);
    const std::int64_t row = design.level(0).bursts->row_bytes;
    const std::int64_t bytes = (places_.back().end() + row - 1) / row * row;
    detailed_->listen(options_->dram_listener, options_->request_listener);
    detailed_->restart(bytes, options_->data);
    burst_port_->restart(2 * design.boundaries.size());
    if (!options_->data) return;
    for (std::size_t t = 0; t < operands.size(); ++t) {
        const TensorPlace& place = places_[t];
        const auto offsets = place.offsets(design.workload.tensors[t].axes.size() - 1);
        std::vector<unsigned char> image(static_cast<std::size_t>(place.end() - place.base()), 0);
        const auto size = static_cast<std::size_t>(place.element_bytes());
        place.for_each_row([&](std::int64_t index, std::int64_t address) {
            const std::int16_t* from = operands[t].data() + index;
            unsigned char* to = image.data() + (address - place.base());
            // The low byte of a little-endian word is the narrower word.
            for (const std::int64_t offset : offsets) std::memcpy(to + offset, from++, size);
        });
        burst_port_->poke(place.base(), image);
    }
}

std::vector<std::int32_t> Machine::unload_output() {
    if (detailed_ == nullptr) return dram_->unload();
    const TensorPlace& place = places_.back();
    const Tensor& tensor = design_->workload.output();
    const auto image = burst_port_->peek(place.base(), place.end() - place.base());
    const auto offsets = place.offsets(tensor.axes.size() - 1);
    const auto size = static_cast<std::size_t>(place.element_bytes());
    const int shift = 32 - tensor.bits;
    std::vector<std::int32_t> result(static_cast<std::size_t>(tensor.words()));
    place.for_each_row([&](std::int64_t index, std::int64_t address) {
        const unsigned char* from = image.data() + (address - place.base());
        for (const std::int64_t offset : offsets) {
            std::uint32_t word = 0;
            std::memcpy(&word, from + offset, size);
            result[static_cast<std::size_t>(index++)] = static_cast<std::int32_t>(word << shift) >> shift;
        }
    });
    return result;
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
