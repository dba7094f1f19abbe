// SPDX-License-Identifier: Apache-2.0
// Elaboration from the architecture, and the wiring of a nest onto it.
#include <algorithm>

#include "mappings/lowering.hpp"
#include "models/exact_counts.hpp"
#include "sim/hardware/machine.hpp"

namespace accelsim {

namespace {

sc_core::sc_time period_of(double clock_mhz) { return sc_core::sc_time(std::max(1.0, 1e6 / clock_mhz), sc_core::SC_PS); }

}  // namespace

Buffer::Buffer(const sc_core::sc_module_name& name, const std::vector<std::string>& tensors) : sc_module(name) {
    for (const std::string& tensor : tensors) {
        networks.push_back(std::make_unique<ArrayNetwork>(("network_" + tensor).c_str()));
        fills.push_back(std::make_unique<FillMover>(("fill_" + tensor).c_str()));
    }
    drain = std::make_unique<DrainMover>(("drain_" + tensors.back()).c_str());
}

Machine::Machine(const sc_core::sc_module_name& name, const Architecture& architecture, const std::vector<std::string>& tensors)
    : sc_module(name), architecture_(architecture), tensors_(tensors), period_(period_of(architecture.clock_mhz)) {
    const Level& outermost = architecture.levels[0];
    if (outermost.bursts) {
        const dram::Device* device = outermost.bursts->device.get();
        if (device == nullptr) throw InternalError("a detailed DRAM needs a device");
        detailed_ = std::make_unique<DetailedDram>(outermost.name.c_str(), *device);
        burst_port_ = std::make_unique<BurstPort>("dram_port", period_, static_cast<std::size_t>(device->burst_bytes()));
        burst_port_->out.bind(detailed_->in);
    } else {
        dram_ = std::make_unique<Dram>(outermost.name.c_str(), outermost.latency_cycles * period_);
        dram_port_ = std::make_unique<DramPort>("dram_port");
        dram_port_->out.bind(dram_->in);
    }
    buffers_.resize(architecture.levels.size());
    int depth = 0;
    for (std::size_t l = 1; l < architecture.levels.size(); ++l) {
        const Level& level = architecture.levels[l];
        if (level.kind == LevelKind::array) {
            if (depth++ == 0) build_fan_out(l, parts_);
        } else {
            buffers_[l] = std::make_unique<Buffer>(level.name.c_str(), tensors);
        }
    }
    array_ = std::make_unique<Array>("array");
    SC_METHOD(advance);
}

/// Compares everything that elaboration reads.
bool Machine::is(const Architecture& architecture, const std::vector<std::string>& tensors) const {
    const auto alike = [](const Level& left, const Level& right) {
        return left.name == right.name && left.kind == right.kind && left.rows == right.rows && left.columns == right.columns &&
               left.total_capacity_bytes() == right.total_capacity_bytes();
    };
    const Level& dram = architecture.levels[0];
    const bool same_dram = dram.bursts ? detailed_ != nullptr && detailed_->device() == *dram.bursts->device
                                       : dram_ != nullptr && architecture_.levels[0].latency_cycles == dram.latency_cycles;
    return same_dram && tensors == tensors_ && period_of(architecture.clock_mhz) == period_ &&
           std::equal(architecture.levels.begin(), architecture.levels.end(), architecture_.levels.begin(),
                      architecture_.levels.end(), alike);
}

/// Positions of a fan-out with what is inside each: register files, further fan-outs.
void Machine::build_fan_out(std::size_t level, std::vector<std::unique_ptr<sc_core::sc_module>>& parts) {
    const Level& array = architecture_.levels[level];
    for (int row = 0; row < array.rows; ++row) {
        for (int column = 0; column < array.columns; ++column) {
            const std::string name = array.name + "_" + std::to_string(row) + "_" + std::to_string(column);
            auto pe = std::make_unique<Pe>(name.c_str(), row, column);
            // What is made from here on, until the position's scope ends, is inside it.
            sc_core::sc_get_curr_simcontext()->hierarchy_push(pe.get());
            for (std::size_t l = level + 1; l < architecture_.levels.size(); ++l) {
                const Level& inner = architecture_.levels[l];
                if (inner.kind == LevelKind::array) {
                    build_fan_out(l, pe->parts);
                    break;
                }
                if (inner.is_buffer())
                    pe->parts.push_back(std::make_unique<RegisterFile>(inner.name.c_str(), inner.total_capacity_bytes()));
            }
            sc_core::sc_get_curr_simcontext()->hierarchy_pop();
            parts.push_back(std::move(pe));
        }
    }
}

void Machine::make_channels(const Design& design) {
    channels_.clear();
    channels_.resize(design.boundaries.size());
    for (std::size_t b = 0; b < channels_.size(); ++b) {
        Channel& c = channels_[b];
        c.design = &design;
        c.index = static_cast<int>(b);
        c.boundary = &design.boundaries[b];
        c.tensor = &design.tensor(c.boundary->tensor);
        c.last = design.boundaries_of(c.boundary->tensor).back() == c.index;
        const int parent = design.find_boundary(c.boundary->tensor, c.boundary->parent);
        c.parent = parent < 0 ? nullptr : &channels_[static_cast<std::size_t>(parent)];
        c.dram = parent < 0 ? dram_port_.get() : nullptr;
        c.bursts = parent < 0 ? burst_port_.get() : nullptr;
        c.place = c.bursts == nullptr ? nullptr : &places_[static_cast<std::size_t>(c.boundary->tensor)];
        c.layout = TileLayout(design, c.boundary->tensor, c.boundary->child);
        c.tiles.resize(c.boundary->depth, c.layout.words(), c.is_output(), options_->data);
        c.data = options_->data;
        c.origins.assign(static_cast<std::size_t>(c.boundary->depth), {});
        c.moves = std::make_unique<MoveTable>(design, c.index, c.place);
        c.parent_counts = &tensor_counts(counts_, design, c.boundary->parent, c.boundary->tensor);
        c.child_counts = c.boundary->stream ? nullptr : &tensor_counts(counts_, design, c.boundary->child, c.boundary->tensor);
        c.link = &link_counts(counts_, design, *c.boundary);
    }
    for (Channel& c : channels_) {
        const TileLayout parent =
            c.parent == nullptr ? TileLayout::in_dram(design, c.boundary->tensor, c.boundary->child) : c.parent->layout;
        ArrayNetwork& network =
            *buffers_[static_cast<std::size_t>(c.boundary->child)]->networks[static_cast<std::size_t>(c.boundary->tensor)];
        network.load(design, c.index, c.layout, parent);
        c.wiring = &network.wiring();
    }
}

void Machine::connect_movers() {
    movers_.clear();
    arbiter_ = std::make_unique<Arbiter>(*design_, static_cast<int>(2 * channels_.size()));
    for (auto& buffer : buffers_) {
        if (buffer == nullptr) continue;
        for (auto& fill : buffer->fills) fill->load(nullptr);
        buffer->drain->load(nullptr);
    }
    for (Channel& c : channels_) {
        Buffer& buffer = *buffers_[static_cast<std::size_t>(c.boundary->child)];
        const int tensor = c.boundary->tensor;
        const auto port = [&](int level, bool write, bool at_parent) {
            const bool both = design_->memory(level, tensor).ports_of(c.tensor->name).shared;
            return Arbiter::Port{level, tensor, write, at_parent, both};
        };
        // FIFOs of streams have ports of their own.
        const auto with_child = [&](std::vector<Arbiter::Port> ports, bool write) {
            if (!c.boundary->stream) ports.push_back(port(c.boundary->child, write, false));
            return ports;
        };
        FillMover* fill = buffer.fills[static_cast<std::size_t>(c.boundary->tensor)].get();
        fill->load(&c);
        c.fill = fill;
        arbiter_->connect(static_cast<int>(movers_.size()), with_child({port(c.boundary->parent, false, true)}, true));
        movers_.push_back(fill);
        if (c.is_output()) {
            buffer.drain->load(&c);
            std::vector<Arbiter::Port> ports{port(c.boundary->parent, true, true)};
            if (c.boundary->accumulates) ports.push_back(port(c.boundary->parent, false, true));
            arbiter_->connect(static_cast<int>(movers_.size()), with_child(ports, false));
        }
        movers_.push_back(c.is_output() ? buffer.drain.get() : nullptr);
    }
    active_.clear();
    for (std::size_t m = 0; m < movers_.size(); ++m) {
        if (movers_[m] != nullptr) active_.push_back(m);
    }
    banked_.clear();
    for (std::size_t m : active_) {
        if (arbiter_->has_banks(static_cast<int>(m))) banked_.push_back(m);
    }
    requests_.assign(movers_.size(), 0);
    granted_.assign(movers_.size(), 0);
    granted_words_.assign(movers_.size(), 0);
    budgets_.assign(movers_.size(), 0);
    round_.assign(movers_.size(), 0);
}

/// Gives every PE in use its lane of the array's state.
void Machine::attach_pes(const Design& design) {
    for (std::int64_t lane = 0; lane < design.instances.back(); ++lane) {
        const std::string path = std::string(name()) + "." + lane_path(design, lane);
        if (auto* pe = dynamic_cast<Pe*>(sc_core::sc_find_object(path.c_str()))) pe->attach(array_.get(), lane);
    }
}

}  // namespace accelsim
