// SPDX-License-Identifier: Apache-2.0
// The file that probes write into: VCD through SystemC, or FST through GTKWave's writer.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>

namespace accelsim {

/// Has its temporary name until publish(); without publish() it is gone.
class Waveform {
public:
    /// Points to what is written; it must outlive the waveform.
    using Value = std::variant<const bool*, const std::int16_t*, const std::int32_t*, const double*>;

    virtual ~Waveform() = default;
    /// All of them before the first sample(). Dots in the path separate scopes.
    virtual void add(const std::string& path, Value value) = 0;
    /// The values of a cycle, at its time.
    virtual void sample(std::int64_t picoseconds) = 0;
    /// Ends the file. Throws UserError when it could not be written.
    virtual void finish() = 0;
    /// After finish(): the file appears under its name.
    virtual void publish() = 0;
};

/// Throws UserError when the file cannot be begun.
std::unique_ptr<Waveform> make_vcd(const std::string& file);
/// The same; also when this build has no writer of FST.
std::unique_ptr<Waveform> make_fst(const std::string& file);

}  // namespace accelsim
