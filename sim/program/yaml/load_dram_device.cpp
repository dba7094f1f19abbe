// SPDX-License-Identifier: Apache-2.0
#include "sim/program/yaml/load_dram_device.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sim/program/yaml/files.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

int count(const Section& section, const char* key) { return static_cast<int>(section.integer(key)); }

void read_geometry(const Section& section, dram::Device& device) {
    device.channels = count(section, "channels");
    device.ranks = count(section, "ranks");
    device.bank_groups = count(section, "bank_groups");
    device.banks_per_group = count(section, "banks_per_group");
    device.rows = section.integer("rows");
    device.columns = section.integer("columns");
    device.device_width = count(section, "device_width");
    device.bus_width = count(section, "bus_width");
    device.burst_length = count(section, "burst_length");
}

std::int64_t picoseconds(const Section& section, const char* key) {
    const double ps = section.number(key) * 1000;
    const std::int64_t whole = std::llround(ps);
    if (whole < 1 || std::abs(ps - static_cast<double>(whole)) > 1e-6)
        throw UserError(fmt::format("{} must be a whole number of picoseconds (such as 0.625), not {}", section.what(key),
                                    describe(section.get(key))),
                        section.get(key).where);
    return whole;
}

void read_timing(const Section& section, dram::Timing& timing) {
    timing.tck_ps = picoseconds(section, "tCK");
    timing.rl = count(section, "RL");
    timing.wl = count(section, "WL");
    timing.trcd_rd = count(section, "tRCDRD");
    timing.trcd_wr = count(section, "tRCDWR");
    timing.trp = count(section, "tRP");
    timing.trp_ab = count(section, section.has("tRPab") ? "tRPab" : "tRP");
    timing.tras = count(section, "tRAS");
    timing.trfc = count(section, "tRFC");
    timing.trefi = count(section, "tREFI");
    timing.trrd_s = count(section, "tRRD_S");
    timing.trrd_l = count(section, "tRRD_L");
    timing.tfaw = count(section, "tFAW");
    timing.tccd_s = count(section, "tCCD_S");
    timing.tccd_l = count(section, "tCCD_L");
    timing.twtr_s = count(section, "tWTR_S");
    timing.twtr_l = count(section, "tWTR_L");
    timing.twr = count(section, "tWR");
    timing.trtp = count(section, "tRTP");
    timing.trtrs = count(section, "tRTRS");
    timing.trpre = count(section, "tRPRE");
    timing.tppd = count(section, "tPPD");
}

void read_currents(const Section& section, dram::Currents& currents) {
    currents.vdd = section.number("VDD");
    currents.idd0 = section.number("IDD0");
    currents.idd2n = section.number("IDD2N");
    currents.idd3n = section.number("IDD3N");
    currents.idd4r = section.number("IDD4R");
    currents.idd4w = section.number("IDD4W");
    currents.idd5ab = section.number("IDD5AB");
}

void read_controller(const Section& section, dram::Device& device) {
    device.mapping = section.word("address_mapping");
    device.pages = static_cast<dram::PagePolicy>(section.choice("page_policy"));
    device.read_queue = count(section, "read_queue");
    device.write_queue = count(section, "write_queue");
    device.write_high = count(section, "write_high");
    device.write_low = count(section, "write_low");
    device.row_hits = count(section, "row_hits");
}

}  // namespace

dram::Device read_dram_device(const Yaml& node, const std::string& stem) {
    const Section section(node, dram_device_spec(), "the DRAM device");
    dram::Device device;
    device.name = section.has("name") ? section.word("name") : stem;
    const Section geometry(*section.find("geometry"), dram_geometry_spec(), "'geometry' of the DRAM device");
    read_geometry(geometry, device);
    const Section timing(*section.find("timing"), dram_timing_spec(), "'timing' of the DRAM device");
    read_timing(timing, device.timing);
    const Section currents(*section.find("currents"), dram_currents_spec(), "'currents' of the DRAM device");
    read_currents(currents, device.currents);
    Yaml empty;
    empty.kind = Yaml::Kind::map;
    const Yaml* given = section.find("controller");
    read_controller(Section(given != nullptr ? *given : empty, dram_controller_spec(), "'controller' of the DRAM device"),
                    device);
    with_place(node.where, [&] { dram::validate(device); });
    return device;
}

dram::Device load_dram_device(const std::string& path) {
    const std::string file = resolve_path(yaml_scalar(path), "the DRAM device");
    return read_dram_device(load_single(file, "device"), file_stem(file));
}

}  // namespace accelsim
