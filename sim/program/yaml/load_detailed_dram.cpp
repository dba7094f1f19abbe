// SPDX-License-Identifier: Apache-2.0
// The keys of a dram level that only a detailed one has, read and written.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/program/yaml/files.hpp"
#include "sim/program/yaml/load_dram_device.hpp"
#include "sim/program/yaml/load_parts.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

constexpr std::int64_t max_block = 65536;

[[noreturn]] void refuse_layout(const Yaml& node, const std::string& what) {
    throw UserError(
        fmt::format("{} must be NCHW, NHWC, NCHW<n>c (blocks of n channels), or a list of axis numbers from 0, outermost first, "
                    "in which 1/8 stands for axis 1 in blocks of 8, not {}",
                    what, describe(node)),
        node.where);
}

std::optional<std::int64_t> number_in(const std::string& text, std::int64_t most) {
    if (text.empty() || text.size() > 6 || text.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    if (text.size() > 1 && text[0] == '0') return std::nullopt;
    const std::int64_t value = std::stoll(text);
    return value <= most ? std::optional(value) : std::nullopt;
}

Layout read_named(const Yaml& node, const std::string& what) {
    const std::string& text = node.text;
    if (text == "NCHW") return {{0, 1, 2, 3}, {}};
    if (text == "NHWC") return {{0, 2, 3, 1}, {}};
    if (text.starts_with("NCHW") && text.ends_with("c")) {
        const auto block = number_in(text.substr(4, text.size() - 5), max_block);
        if (block && *block >= 2) return {{0, 1, 2, 3}, {{1, *block}}};
    }
    refuse_layout(node, what);
}

Layout read_axes(const Yaml& node, const std::string& what) {
    Layout layout;
    for (const Yaml& item : node.items) {
        if (!item.is_scalar() || item.quoted) refuse_layout(item, what);
        const std::size_t slash = item.text.find('/');
        const auto axis = number_in(item.text.substr(0, slash), 63);
        if (!axis) refuse_layout(item, what);
        layout.order.push_back(static_cast<int>(*axis));
        if (slash == std::string::npos) continue;
        const auto block = number_in(item.text.substr(slash + 1), max_block);
        if (!block || *block < 2) refuse_layout(item, what);
        layout.blocks[static_cast<int>(*axis)] = *block;
    }
    return layout;
}

}  // namespace

BurstInterface read_bursts(const Section& section, const std::vector<std::string>& tensors) {
    const Yaml* node = section.find("device");
    if (node == nullptr)
        throw UserError(fmt::format("{} is detailed and needs a 'device', such as dram/ddr4_3200_8gb_x8.yaml", section.context()),
                        section.where());
    dram::Device device;
    if (node->is_map()) {
        device = read_dram_device(*node, "device");
    } else {
        const std::string path = resolve_path(*node, section.what("device"));
        device = read_dram_device(load_single(path, "device"), file_stem(path));
    }
    BurstInterface bursts;
    bursts.burst_bytes = device.burst_bytes();
    bursts.row_bytes = device.row_bytes();
    bursts.outstanding = static_cast<int>(section.integer("outstanding"));
    bursts.device = std::make_shared<const dram::Device>(std::move(device));
    const Yaml* layouts = section.find("layouts");
    if (layouts == nullptr) return bursts;
    require_map(*layouts, section.what("layouts"));
    for (const YamlEntry& entry : layouts->entries) {
        find_name(entry.key, entry.where, tensors, "tensor", section.what("layouts"));
        const std::string what = fmt::format("the layout of '{}'", entry.key);
        if (!entry.value.is_scalar() && !entry.value.is_sequence()) refuse_layout(entry.value, what);
        bursts.layouts[entry.key] = entry.value.is_scalar() ? read_named(entry.value, what) : read_axes(entry.value, what);
    }
    return bursts;
}

void refuse_bursts(const Section& section) {
    for (const char* key : {"device", "outstanding", "layouts"}) {
        if (const Yaml* given = section.find(key); given != nullptr)
            throw UserError(fmt::format("{} is for a detailed DRAM; add model: detailed, or leave it out", section.what(key)),
                            given->where);
    }
}

std::string device_yaml(const dram::Device& d) {
    const dram::Timing& t = d.timing;
    const dram::Currents& c = d.currents;
    return fmt::format(
        "{{name: {}, geometry: {{channels: {}, ranks: {}, bank_groups: {}, banks_per_group: {}, rows: {}, columns: {}, "
        "device_width: {}, "
        "bus_width: {}, burst_length: {}}}, timing: {{tCK: {}, RL: {}, WL: {}, tRCDRD: {}, tRCDWR: {}, tRP: {}, tRPab: {}, tRAS: "
        "{}, "
        "tRFC: {}, tREFI: {}, tRRD_S: {}, tRRD_L: {}, tFAW: {}, tCCD_S: {}, tCCD_L: {}, tWTR_S: {}, tWTR_L: {}, tWR: {}, tRTP: "
        "{}, "
        "tRTRS: {}, tRPRE: {}, tPPD: {}}}, currents: {{VDD: {}, IDD0: {}, IDD2N: {}, IDD3N: {}, IDD4R: {}, IDD4W: {}, IDD5AB: "
        "{}}}, "
        "controller: {{address_mapping: {}, page_policy: {}, read_queue: {}, write_queue: {}, write_high: {}, write_low: {}, "
        "row_hits: "
        "{}}}}}",
        d.name, d.channels, d.ranks, d.bank_groups, d.banks_per_group, d.rows, d.columns, d.device_width, d.bus_width,
        d.burst_length, static_cast<double>(t.tck_ps) / 1000, t.rl, t.wl, t.trcd_rd, t.trcd_wr, t.trp, t.trp_ab, t.tras, t.trfc,
        t.trefi, t.trrd_s, t.trrd_l, t.tfaw, t.tccd_s, t.tccd_l, t.twtr_s, t.twtr_l, t.twr, t.trtp, t.trtrs, t.trpre, t.tppd,
        c.vdd, c.idd0, c.idd2n, c.idd3n, c.idd4r, c.idd4w, c.idd5ab, d.mapping,
        d.pages == dram::PagePolicy::open ? "open" : "closed", d.read_queue, d.write_queue, d.write_high, d.write_low,
        d.row_hits);
}

std::string bursts_yaml(const BurstInterface& bursts) {
    std::vector<std::string> layouts;
    for (const auto& [tensor, layout] : bursts.layouts) {
        std::vector<std::string> axes;
        for (const int axis : layout.order) {
            const auto block = layout.blocks.find(axis);
            axes.push_back(block == layout.blocks.end() ? std::to_string(axis) : fmt::format("{}/{}", axis, block->second));
        }
        layouts.push_back(fmt::format("{}: [{}]", tensor, fmt::join(axes, ", ")));
    }
    return fmt::format(", outstanding: {}, layouts: {{{}}}, device: {}", bursts.outstanding, fmt::join(layouts, ", "),
                       device_yaml(*bursts.device));
}

}  // namespace accelsim
