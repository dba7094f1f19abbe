// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/program/dram/dram_command.hpp"

namespace accelsim {

DramTraceResult run_dram_trace(const dram::Device& device, const std::vector<TraceRequest>& requests,
                               const std::function<void(const dram::Issued&)>& listener) {
    dram::Controller controller(device);
    const dram::AddressMap map(device);
    controller.listen(listener);
    DramTraceResult result;
    const auto channel_of = [&](std::size_t request) {
        return static_cast<std::size_t>(map.place(requests[request].address).channel);
    };
    std::vector<int> room(static_cast<std::size_t>(device.channels), device.read_queue + device.write_queue);
    std::vector<std::int64_t> came(requests.size());
    std::vector<dram::Done> done;
    std::size_t next = 0;
    std::int64_t now = 0;  ///< first clock that is not done
    while (next < requests.size() || !controller.idle()) {
        for (; next < requests.size() && room[channel_of(next)] > 0; ++next) {
            --room[channel_of(next)];
            came[next] = std::max(now, requests[next].cycle);
            controller.push(came[next], {requests[next].address, requests[next].write, static_cast<std::int64_t>(next)});
        }
        const std::int64_t clock = controller.next();
        done.clear();
        controller.advance(clock, done);
        now = clock + 1;
        for (const dram::Done& event : done) {
            if (!event.served) continue;
            const auto request = static_cast<std::size_t>(event.tag);
            ++room[channel_of(request)];
            if (!requests[request].write) result.read_latency += event.clock - came[request];
        }
    }
    result.statistics = controller.statistics();
    result.clocks = std::max(result.statistics.last_read_end, result.statistics.last_write_end);
    controller.advance(result.clocks - 1, done);
    result.statistics = controller.statistics();
    result.energy_pj = controller.energy_pj(result.clocks);
    return result;
}

}  // namespace accelsim
