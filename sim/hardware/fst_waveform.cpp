// SPDX-License-Identifier: Apache-2.0
// FST by the writer that GTKWave, Verilator and Icarus share (fstapi.c, from Debian's verilator package).
#include <fstapi.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <type_traits>
#include <vector>

#include "mappings/error.hpp"
#include "sim/files/output_file.hpp"
#include "sim/hardware/waveform.hpp"

namespace accelsim {

namespace {

/// The scopes of a path, and its name at last.
std::vector<std::string> parts_of(const std::string& path) {
    std::vector<std::string> parts{""};
    for (const char c : path) {
        if (c == '.')
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

class FstWaveform : public Waveform {
public:
    explicit FstWaveform(const std::string& file) : file_(file), grows_(temporary_path(file)) {
        make_folder_of(file);
        errno = 0;
        writer_ = fstWriterCreate(grows_.c_str(), 1);
        if (writer_ == nullptr) throw UserError("cannot write " + file + ": " + std::strerror(errno));
        fstWriterSetPackType(writer_, FST_WR_PT_LZ4);
        fstWriterSetTimescaleFromString(writer_, "1ps");
        fstWriterSetVersion(writer_, "accelsim");
    }
    ~FstWaveform() override {
        close();
        remove();
    }

    void add(const std::string& path, Value value) override {
        // As SystemC's VCD has them, so that one view fits both.
        signals_.push_back({parts_of("SystemC." + path), value});
    }

    void sample(std::int64_t picoseconds) override {
        if (!declared_) declare();
        fstWriterEmitTimeChange(writer_, static_cast<std::uint64_t>(picoseconds));
        for (Signal& signal : signals_) std::visit([&](const auto* variable) { emit(signal, *variable); }, signal.value);
        first_ = false;
    }

    void finish() override {
        if (!declared_) declare();
        close();
        // The writer does not say when its writing failed, but the list of signals comes last.
        std::size_t found = 0;
        if (void* reader = fstReaderOpen(grows_.c_str()); reader != nullptr) {
            while (const fstHier* entry = fstReaderIterateHier(reader)) found += entry->htyp == FST_HT_VAR ? 1 : 0;
            fstReaderClose(reader);
        }
        if (found == signals_.size()) return;
        remove();
        throw UserError("cannot write " + file_ + ": the disk may be full");
    }
    void publish() override { publish_file(grows_, file_); }

private:
    struct Signal {
        std::vector<std::string> parts;
        Value value;
        fstHandle handle = 0;
        double last = 0;  ///< exact for all kinds
    };

    void remove() const {
        std::error_code ignored;
        std::filesystem::remove(grows_, ignored);
    }

    void close() {
        if (writer_ != nullptr) fstWriterClose(writer_);
        writer_ = nullptr;
    }

    /// Signals of a scope stand together, in the order in which they were added.
    void declare() {
        declared_ = true;
        std::vector<Signal*> left;
        for (Signal& signal : signals_) left.push_back(&signal);
        declare_scope(0, left);
    }

    void declare_scope(std::size_t depth, const std::vector<Signal*>& signals) {
        std::vector<std::string> scopes;
        for (Signal* signal : signals) {
            if (signal->parts.size() == depth + 1) {
                declare_signal(*signal);
            } else if (std::find(scopes.begin(), scopes.end(), signal->parts[depth]) == scopes.end()) {
                scopes.push_back(signal->parts[depth]);
            }
        }
        for (const std::string& scope : scopes) {
            std::vector<Signal*> inside;
            for (Signal* signal : signals)
                if (signal->parts.size() > depth + 1 && signal->parts[depth] == scope) inside.push_back(signal);
            fstWriterSetScope(writer_, FST_ST_VCD_MODULE, scope.c_str(), nullptr);
            declare_scope(depth + 1, inside);
            fstWriterSetUpscope(writer_);
        }
    }

    void declare_signal(Signal& signal) {
        const std::string& name = signal.parts.back();
        std::visit(
            [&](const auto* variable) {
                using T = std::decay_t<decltype(*variable)>;
                const std::uint32_t bits = std::is_same_v<T, bool> ? 1 : 8 * sizeof(T);
                const bool real = std::is_same_v<T, double>;
                const std::string shown = real || bits == 1 ? name : name + " [" + std::to_string(bits - 1) + ":0]";
                signal.handle = fstWriterCreateVar(writer_, real ? FST_VT_VCD_REAL : FST_VT_VCD_WIRE, FST_VD_IMPLICIT,
                                                   real ? 8 : bits, shown.c_str(), 0);
            },
            signal.value);
    }

    template <typename T>
    void emit(Signal& signal, T value) {
        const auto now = static_cast<double>(value);
        if (!first_ && now == signal.last) return;
        signal.last = now;
        if constexpr (std::is_same_v<T, double>) {
            fstWriterEmitValueChange(writer_, signal.handle, &value);
        } else {
            const std::uint32_t bits = std::is_same_v<T, bool> ? 1 : 8 * sizeof(T);
            fstWriterEmitValueChange32(writer_, signal.handle, bits, static_cast<std::uint32_t>(value));
        }
    }

    std::string file_, grows_;
    void* writer_ = nullptr;
    std::vector<Signal> signals_;
    bool declared_ = false, first_ = true;
};

}  // namespace

std::unique_ptr<Waveform> make_fst(const std::string& file) { return std::make_unique<FstWaveform>(file); }

}  // namespace accelsim
