// SPDX-License-Identifier: Apache-2.0
// What a DRAM is: geometry, JEDEC timing in clocks, currents, and how its controller is set up (docs/dram.md).
#pragma once

#include <cstdint>
#include <string>

namespace accelsim::dram {

enum class PagePolicy { open, closed };

/// All times in clocks of the DRAM. Names are JEDEC's (JESD79-4 for DDR4, JESD209-4 for LPDDR4, JESD235 for HBM).
struct Timing {
    std::int64_t tck_ps = 1000;  ///< clock period
    int rl = 0, wl = 0;          ///< read and write latency, additive latency included
    int trcd_rd = 0, trcd_wr = 0;
    int trp = 0;     ///< one bank
    int trp_ab = 0;  ///< all banks
    int tras = 0;
    int trfc = 0, trefi = 0;
    int trrd_s = 0, trrd_l = 0, tfaw = 0;
    int tccd_s = 0, tccd_l = 0;
    int twtr_s = 0, twtr_l = 0, twr = 0, trtp = 0;
    int trtrs = 1;  ///< bus turnaround between ranks
    int trpre = 1;  ///< read preamble, part of the turnaround from reads to writes
    int tppd = 1;   ///< between two precharges of a rank (LPDDR)
    int trc() const { return tras + trp; }
    bool operator==(const Timing&) const = default;
};

/// Of one device, in mA and V, by JEDEC's names of the measurement conditions.
struct Currents {
    double vdd = 0;
    double idd0 = 0, idd2n = 0, idd3n = 0, idd4r = 0, idd4w = 0, idd5ab = 0;
    bool operator==(const Currents&) const = default;
};

struct Device {
    std::string name;
    int channels = 1, ranks = 1, bank_groups = 1, banks_per_group = 1;
    std::int64_t rows = 1;
    std::int64_t columns = 1;  ///< of a row, each device_width wide
    int device_width = 8, bus_width = 64, burst_length = 8;
    Timing timing;
    Currents currents;

    std::string mapping = "rochrababgco";  ///< address fields, most significant first, two letters each
    PagePolicy pages = PagePolicy::open;
    int read_queue = 32, write_queue = 32;  ///< bursts, per channel
    int write_high = 24, write_low = 8;     ///< watermarks of draining
    int row_hits = 32;                      ///< column accesses to a row before another row of the bank gets its turn

    int banks() const { return bank_groups * banks_per_group; }  ///< of a rank
    int devices() const { return bus_width / device_width; }     ///< of a rank
    int burst_clocks() const { return burst_length / 2; }        ///< two beats a clock
    std::int64_t burst_bytes() const { return std::int64_t{bus_width} / 8 * burst_length; }
    std::int64_t row_bytes() const { return columns * bus_width / 8; }
    std::int64_t capacity_bytes() const { return row_bytes() * rows * banks() * ranks * channels; }
    bool operator==(const Device&) const = default;
};

/// Throws UserError: a size that is no power of two, a burst longer than a row, a field missing in the mapping, a time that is
/// missing, watermarks that do not fit the queue.
void validate(const Device& device);

/// Minimum distance in clocks from one command to a later one, by where the later one goes (docs/dram.md, table 1).
struct Gaps {
    explicit Gaps(const Device& device);
    int rd_rd_l, rd_rd_s, rd_rd_rank;
    int wr_wr_l, wr_wr_s, wr_wr_rank;
    int rd_wr, rd_wr_rank;
    int wr_rd_l, wr_rd_s, wr_rd_rank;
    int rd_pre, wr_pre;
};

/// Where a burst lies.
struct Place {
    int channel = 0, rank = 0, group = 0, bank = 0;  ///< bank within its group
    std::int64_t row = 0;
    std::int64_t column = 0;  ///< first of the burst
    bool operator==(const Place&) const = default;
};

class AddressMap {
public:
    explicit AddressMap(const Device& device);
    /// Byte address; beyond the capacity it wraps around.
    Place place(std::int64_t address) const;

private:
    enum Field { channel, rank, group, bank, row, column, fields };
    int shift_[fields] = {};
    std::int64_t mask_[fields] = {};
    int burst_shift_ = 0;
    int burst_length_ = 1;
};

}  // namespace accelsim::dram
