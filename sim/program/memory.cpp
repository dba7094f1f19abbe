// SPDX-License-Identifier: Apache-2.0
#include "sim/program/memory.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include "mappings/error.hpp"
#include "sim/hardware/simulate.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

std::int64_t peak_memory() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss * std::int64_t{1024};
}

void require_memory(const Workload& workload) {
    rlimit limit{};
    ::getrlimit(RLIMIT_AS, &limit);
    if (limit.rlim_cur != RLIM_INFINITY) return;  // then nothing beyond it is granted
    using Operand = Operands::value_type::value_type;
    using Output = decltype(SimulationResult::output)::value_type;
    constexpr std::int64_t copies = 2;  // the machine's and the reference's
    std::int64_t bytes = 0, most = 0;
    const Tensor* largest = nullptr;
    for (const Tensor& tensor : workload.tensors) {
        const std::int64_t own =
            copies * tensor.words() * static_cast<std::int64_t>(tensor.is_output ? sizeof(Output) : sizeof(Operand));
        bytes += own;
        if (own <= most) continue;
        most = own;
        largest = &tensor;
    }
    const std::int64_t memory = ::sysconf(_SC_PHYS_PAGES) * std::int64_t{::sysconf(_SC_PAGESIZE)};
    if (bytes <= memory) return;
    throw SimulationError(fmt::format(
        "the tensors of {} ({}) and their copies for the check take {}, {} alone {}: more than this machine's memory; "
        "'data: off' counts and times without them",
        workload.name, workload.dimensions.front().where.text(), format_bytes(bytes), largest->name, format_bytes(most)));
}

}  // namespace accelsim
