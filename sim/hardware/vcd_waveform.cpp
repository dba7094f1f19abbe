// SPDX-License-Identifier: Apache-2.0
#include <systemc>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "mappings/error.hpp"
#include "sim/files/output_file.hpp"
#include "sim/hardware/waveform.hpp"

namespace accelsim {

namespace {

class VcdWaveform : public Waveform {
public:
    explicit VcdWaveform(const std::string& file)
        : file_(file), grows_(temporary_path(std::filesystem::path(file).replace_extension().string())) {
        make_folder_of(file);
        if (!std::ofstream(grows_ + ".vcd")) throw UserError("cannot write " + file + ": " + std::strerror(errno));
        trace_ = sc_core::sc_create_vcd_trace_file(grows_.c_str());
    }
    ~VcdWaveform() override {
        close();
        remove();
    }

    void add(const std::string& path, Value value) override {
        std::visit([&](const auto* variable) { sc_core::sc_trace(trace_, *variable, path); }, value);
    }
    /// SystemC does that itself, whenever time advances.
    void sample(std::int64_t) override {}

    void finish() override {
        // SystemC writes what changed when time goes on, so the last cycle would be missing.
        sc_core::sc_start(sc_core::sc_time(1, sc_core::SC_PS));
        close();
        // SystemC does not say when its writing failed; where the disk is full, this comment does not fit either.
        std::ofstream out(grows_ + ".vcd", std::ios::app);
        out << "$comment end $end\n";
        out.close();
        if (out) return;
        remove();
        throw UserError("cannot write " + file_ + ": the disk may be full");
    }
    void publish() override { publish_file(grows_ + ".vcd", file_); }

private:
    void remove() const {
        std::error_code ignored;
        std::filesystem::remove(grows_ + ".vcd", ignored);
    }
    void close() {
        if (trace_ != nullptr) sc_core::sc_close_vcd_trace_file(trace_);
        trace_ = nullptr;
    }

    std::string file_, grows_;  ///< SystemC appends ".vcd" to what it writes
    sc_core::sc_trace_file* trace_ = nullptr;
};

}  // namespace

std::unique_ptr<Waveform> make_vcd(const std::string& file) { return std::make_unique<VcdWaveform>(file); }

}  // namespace accelsim
