// SPDX-License-Identifier: Apache-2.0
// The file of a DRAM device (docs/dram.md).
#include "sim/program/yaml/schema.hpp"
#include "sim/program/yaml/schema_parts.hpp"

namespace accelsim {

using namespace schema;

namespace {

constexpr std::int64_t max_clocks = 1000000;

KeySpec clocks(const char* name, std::int64_t min, const char* what) {
    return integer(name, required, min, max_clocks, "clocks", what);
}

KeySpec current(const char* name, const char* what) { return ranged(KeyType::number, name, required, 0, 1000000, "mA", what); }

}  // namespace

const std::vector<std::string>& page_policy_names() {
    static const std::vector<std::string> names = {"open", "closed"};
    return names;
}

const MapSpec& dram_device_spec() {
    static const MapSpec spec = {
        "device",
        "The file of a DRAM device, with its controller: [dram.md](dram.md).",
        {word("name", "", "default: the file's name without `.yaml`"), word("source", "", "where the figures come from"),
         other("geometry", required, "map", "channels, banks, rows, columns, widths"),
         other("timing", required, "map", "JEDEC timing"), other("currents", required, "map", "currents of one device"),
         other("controller", "{}", "map", "address mapping, row policy, queues")}};
    return spec;
}

const MapSpec& dram_geometry_spec() {
    static const MapSpec spec = {
        "geometry of a device",
        "All are powers of two.",
        {integer("channels", required, 1, 256, "", "each with its own controller and bus"),
         integer("ranks", required, 1, 64, "", "of a channel"), integer("bank_groups", required, 1, 64, "", "of a rank"),
         integer("banks_per_group", required, 1, 64, "", "of a bank group"),
         integer("rows", required, 1, std::int64_t{1} << 24, "", "of a bank"),
         integer("columns", required, 1, std::int64_t{1} << 16, "", "of a row, each as wide as the device"),
         integer("device_width", required, 4, 1024, "bits", "of one device"),
         integer("bus_width", required, 8, 1024, "bits", "data bus of a channel"),
         integer("burst_length", required, 2, 256, "beats", "two in a clock")}};
    return spec;
}

const MapSpec& dram_timing_spec() {
    static const MapSpec spec = {"timing of a device",
                                 "Names are JEDEC's; all but `tCK` in clocks.",
                                 {ranged(KeyType::number, "tCK", required, 0, 1000, "ns", "clock period, in whole picoseconds"),
                                  clocks("RL", 1, "read latency, additive latency included"),
                                  clocks("WL", 1, "write latency, additive latency included"),
                                  clocks("tRCDRD", 1, "ACT to RD"),
                                  clocks("tRCDWR", 1, "ACT to WR"),
                                  clocks("tRP", 1, "PRE to ACT"),
                                  integer("tRPab", "", 1, max_clocks, "clocks", "PREA to ACT; default: as `tRP`"),
                                  clocks("tRAS", 1, "ACT to PRE"),
                                  clocks("tRFC", 1, "REF to ACT"),
                                  clocks("tREFI", 1, "REF to REF of a rank, on average"),
                                  clocks("tRRD_S", 1, "ACT to ACT of another bank group"),
                                  clocks("tRRD_L", 1, "ACT to ACT within a bank group"),
                                  clocks("tFAW", 1, "holds at most four ACT of a rank"),
                                  clocks("tCCD_S", 1, "RD to RD, WR to WR of another bank group"),
                                  clocks("tCCD_L", 1, "RD to RD, WR to WR within a bank group"),
                                  clocks("tWTR_S", 0, "end of write data to RD of another bank group"),
                                  clocks("tWTR_L", 0, "end of write data to RD within a bank group"),
                                  clocks("tWR", 0, "end of write data to PRE"),
                                  clocks("tRTP", 1, "RD to PRE"),
                                  integer("tRTRS", "1", 0, max_clocks, "clocks", "data bus turnaround between ranks"),
                                  integer("tRPRE", "1", 0, max_clocks, "clocks", "read preamble, between read and write data"),
                                  integer("tPPD", "1", 1, max_clocks, "clocks", "PRE to PRE of a rank")}};
    return spec;
}

const MapSpec& dram_currents_spec() {
    static const MapSpec spec = {
        "currents of a device",
        "Of one device; names are JEDEC's for the conditions of measurement.",
        {ranged(KeyType::number, "VDD", required, 0, 100, "V", "supply"), current("IDD0", "ACT and PRE all the time"),
         current("IDD2N", "all banks closed"), current("IDD3N", "banks open"), current("IDD4R", "reading all the time"),
         current("IDD4W", "writing all the time"), current("IDD5AB", "REF all the time")}};
    return spec;
}

const MapSpec& dram_controller_spec() {
    static const MapSpec spec = {
        "controller of a device",
        "",
        {word("address_mapping", "rochrababgco",
              "`ro`w, `ch`annel, `ra`nk, `ba`nk, `bg` bank group, `co`lumn, most significant first"),
         choice("page_policy", "open", page_policy_names(), "rows stay open, or close after their last queued access"),
         integer("read_queue", "32", 1, 4096, "bursts", "of a channel"),
         integer("write_queue", "32", 1, 4096, "bursts", "of a channel"),
         integer("write_high", "24", 1, 4096, "bursts", "queued writes at which draining begins"),
         integer("write_low", "8", 0, 4096, "bursts", "queued writes at which it ends"),
         integer("row_hits", "32", 1, 1000000, "bursts", "from a row before another row of its bank gets its turn")}};
    return spec;
}

}  // namespace accelsim
