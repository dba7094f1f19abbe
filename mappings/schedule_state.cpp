// SPDX-License-Identifier: Apache-2.0
#include "mappings/schedule_state.hpp"

#include <algorithm>

#include "mappings/suggestion.hpp"

namespace accelsim {

std::int64_t ScheduledLoop::extent() const {
    std::int64_t product = 1;
    for (const Piece& piece : pieces) product *= piece.extent;
    return product;
}

std::string quoted(const std::string& name) { return "'" + name + "'"; }

const std::string& ScheduleState::dimension_name(int dimension) const {
    return workload.dimensions[static_cast<std::size_t>(dimension)].name;
}

std::size_t ScheduleState::find_loop(const std::string& name, const char* word) const {
    for (std::size_t i = 0; i < loops.size(); ++i) {
        if (loops[i].name == name) return i;
    }
    const auto gone = retired.find(name);
    if (gone != retired.end()) refuse("loop " + quoted(name) + " in " + quoted(word) + " is no more: " + gone->second);
    refuse("unknown loop " + quoted(name) + " in " + quoted(word) + suggestion(name, loop_names()));
}

std::size_t ScheduleState::position_inside(const std::string& name, const char* word) const {
    return name == Schedule::root ? 0 : find_loop(name, word) + 1;
}

int ScheduleState::find_tensor(const std::string& name, const char* word) const {
    const int tensor = workload.find_tensor(name);
    if (tensor >= 0) return tensor;
    std::vector<std::string> known;
    for (const Tensor& each : workload.tensors) known.push_back(each.name);
    refuse("unknown tensor " + quoted(name) + " in " + quoted(word) + suggestion(name, known));
}

std::vector<std::string> ScheduleState::loop_names() const {
    std::vector<std::string> names;
    for (const ScheduledLoop& loop : loops) names.push_back(loop.name);
    return names;
}

bool ScheduleState::depends(int tensor, const ScheduledLoop& loop) const {
    const Tensor& t = workload.tensors[static_cast<std::size_t>(tensor)];
    return std::any_of(loop.pieces.begin(), loop.pieces.end(),
                       [&](const Piece& piece) { return piece.extent > 1 && t.depends_on(piece.dimension); });
}

Location ScheduleState::place(int directive) const {
    return directive < 0 ? schedule.where : schedule.directives[static_cast<std::size_t>(directive)].where;
}

void ScheduleState::refuse(const std::string& message, int directive) const { throw UserError(message, place(directive)); }

}  // namespace accelsim
