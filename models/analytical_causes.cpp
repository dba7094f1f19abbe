// SPDX-License-Identifier: Apache-2.0
// What separates the models' counts and energies from the exact ones.
#include <algorithm>

#include "models/analytical.hpp"
#include "models/interstellar/habits.hpp"
#include "models/timeloop_habits.hpp"

namespace accelsim {

namespace {

std::vector<CountCauses> interstellar_causes(const Design& design) {
    std::vector<CountCauses> result;
    for (const interstellar::Difference& d : interstellar::differences(design)) {
        if (d.shares.empty()) continue;
        result.push_back({d.level, d.tensor, interstellar::kind_names()[static_cast<std::size_t>(d.kind)], {}});
        for (const interstellar::Share& share : d.shares)
            result.back().shares.push_back({interstellar::cause_names()[static_cast<std::size_t>(share.cause)], share.amount});
    }
    return result;
}

std::vector<CountCauses> timeloop_causes(const Design& design) {
    static const std::vector<std::string> kinds = {"reads.to_child", "writes.from_parent", "writes.from_child"};
    std::vector<CountCauses> result;
    for (const timeloop::Difference& d : timeloop::differences(design, timeloop::options_of(design))) {
        if (d.shares.empty()) continue;
        result.push_back({d.level, d.tensor, kinds[static_cast<std::size_t>(d.kind)], {}});
        for (const timeloop::Share& share : d.shares)
            result.back().shares.push_back({timeloop::cause_names()[static_cast<std::size_t>(share.cause)], share.amount});
    }
    return result;
}

double network_energy(const ModelResult& result) {
    double energy = 0;
    for (const ModelNetwork& network : result.networks) energy += network.energy_pj;
    return energy;
}

/// Of the kinds of access that a model does not have.
double uncounted_energy(const Design& design, const ModelResult& exact, bool drains, bool fills) {
    double energy = 0;
    for (const ModelLevel& level : exact.levels)
        for (const ModelTensor& t : level.tensors) {
            const int index = design.architecture.find_level(level.name);
            const int tensor = design.workload.find_tensor(t.tensor);
            if (drains) energy += static_cast<double>(t.reads_to_parent.value_or(0)) * word_price(design, index, tensor, true);
            if (fills) energy += static_cast<double>(t.writes_from_parent.value_or(0)) * word_price(design, index, tensor, false);
        }
    return energy;
}

/// What Timeloop's rounding to blocks costs: its energy of the levels less that of its words.
double block_energy(const Design& design, const ModelResult& model) {
    double energy = 0;
    for (const ModelLevel& level : model.levels) {
        energy += level.energy_pj;
        const int index = design.architecture.find_level(level.name);
        for (const ModelTensor& t : level.tensors) {
            const int tensor = design.workload.find_tensor(t.tensor);
            const auto writes = static_cast<double>(t.writes_from_parent.value_or(0) + t.writes_from_child.value_or(0));
            energy -= static_cast<double>(t.reads_to_child.value_or(0)) * word_price(design, index, tensor, true) +
                      writes * word_price(design, index, tensor, false);
        }
    }
    return energy;
}

/// What Timeloop's updates cost beyond what as many fills would.
double update_energy(const Design& design, const ModelResult& model) {
    double energy = 0;
    for (const auto& [name, update_pj] : design.architecture.timeloop.update_pj) {
        const int level = design.architecture.find_level(name);
        for (const ModelLevel& counts : model.levels)
            for (const ModelTensor& t : counts.tensors) {
                if (counts.name != name) continue;
                const int tensor = design.workload.find_tensor(t.tensor);
                const double word = update_pj * design.tensor(tensor).bits / design.memory(level, tensor).energy.reference_bits;
                energy +=
                    static_cast<double>(t.writes_from_child.value_or(0)) * (word - word_price(design, level, tensor, false));
            }
    }
    return energy;
}

void add_share(std::vector<EnergyShare>& shares, const std::string& cause, double pj) {
    const auto known = std::find_if(shares.begin(), shares.end(), [&](const EnergyShare& s) { return s.cause == cause; });
    if (known != shares.end())
        known->pj += pj;
    else
        shares.push_back({cause, pj});
}

}  // namespace

double word_price(const Design& design, int level, int tensor, bool reads) {
    const AccessEnergy& energy = design.memory(level, tensor).energy;
    return (reads ? energy.read_pj : energy.write_pj) * design.tensor(tensor).bits / energy.reference_bits;
}

std::vector<CountCauses> count_causes(ModelKind kind, const Design& design) {
    if (kind == ModelKind::interstellar) return interstellar_causes(design);
    if (kind == ModelKind::timeloop) return timeloop_causes(design);
    return {};
}

std::vector<EnergyShare> energy_shares(ModelKind kind, const Design& design) {
    if (kind != ModelKind::interstellar && kind != ModelKind::timeloop) return {};
    const ModelResult model = evaluate_model(kind, design);
    const ModelResult exact = evaluate_model(ModelKind::exact, design);
    std::vector<EnergyShare> shares;
    for (const CountCauses& count : count_causes(kind, design)) {
        if (count.kind.ends_with("_hops")) continue;  // with the networks
        const double price = word_price(design, count.level, count.tensor, count.kind.starts_with("reads"));
        for (const CountShare& share : count.shares) add_share(shares, share.cause, static_cast<double>(share.amount) * price);
    }
    if (kind == ModelKind::interstellar) {
        add_share(shares, "fills_and_drains", uncounted_energy(design, exact, true, true));
    } else {
        const double updates = update_energy(design, model);
        add_share(shares, "blocks", updates - block_energy(design, model));
        add_share(shares, "update_price", -updates);
        add_share(shares, "drains", uncounted_energy(design, exact, true, false));
    }
    add_share(shares, "networks", network_energy(exact) - network_energy(model));
    add_share(shares, "macs", exact.mac_energy_pj - model.mac_energy_pj);
    std::erase_if(shares, [](const EnergyShare& share) { return share.pj == 0; });
    return shares;
}

}  // namespace accelsim
