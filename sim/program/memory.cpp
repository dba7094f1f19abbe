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
    std::int64_t bytes = 0;
    for (const Tensor& tensor : workload.tensors) {
        const bool is_output = tensor.is_output;
        bytes += copies * tensor.words() * static_cast<std::int64_t>(is_output ? sizeof(Output) : sizeof(Operand));
    }
    const std::int64_t memory = ::sysconf(_SC_PHYS_PAGES) * std::int64_t{::sysconf(_SC_PAGESIZE)};
    if (bytes <= memory) return;
    throw SimulationError(
        fmt::format("its tensors and their copies for the check take {}, more than this machine's memory; "
                    "'data: off' counts and times without them",
                    format_bytes(bytes)));
}

}  // namespace accelsim
