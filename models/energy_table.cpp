// SPDX-License-Identifier: Apache-2.0
#include "models/energy_table.hpp"

#include <cmath>

#include "mappings/error.hpp"

namespace accelsim {

namespace {

constexpr double sram_growth = 1.5;  // per doubling of the capacity

double ratio(std::int64_t a, std::int64_t b) { return static_cast<double>(a) / static_cast<double>(b); }

double beyond(const PricePoint& end, MemoryKind kind, std::int64_t bytes) {
    const double times = ratio(bytes, end.bytes);
    return end.pj * (kind == MemoryKind::register_file ? times : std::pow(sram_growth, std::log2(times)));
}

double between(const PricePoint& low, const PricePoint& high, MemoryKind kind, std::int64_t bytes) {
    if (kind == MemoryKind::register_file || low.pj <= 0 || high.pj <= 0)
        return low.pj + (high.pj - low.pj) * ratio(bytes - low.bytes, high.bytes - low.bytes);
    const double part = std::log2(ratio(bytes, low.bytes)) / std::log2(ratio(high.bytes, low.bytes));
    return low.pj * std::pow(high.pj / low.pj, part);
}

}  // namespace

Price access_price(const EnergyTable& table, MemoryKind kind, std::int64_t bytes) {
    const std::vector<PricePoint>& points = kind == MemoryKind::register_file ? table.register_file : table.sram;
    if (points.empty() || bytes < 1) throw InternalError("energy table without prices or memory without bytes");
    if (bytes < points.front().bytes) return {beyond(points.front(), kind, bytes), PriceOrigin::extrapolated};
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (bytes == points[i].bytes) return {points[i].pj, PriceOrigin::listed};
        if (bytes < points[i].bytes) return {between(points[i - 1], points[i], kind, bytes), PriceOrigin::interpolated};
    }
    return {beyond(points.back(), kind, bytes), PriceOrigin::extrapolated};
}

MemoryKind default_memory_kind(std::int64_t bytes) { return bytes < 4096 ? MemoryKind::register_file : MemoryKind::sram; }

}  // namespace accelsim
