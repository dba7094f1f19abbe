// SPDX-License-Identifier: Apache-2.0
// GTKWave's save file: which signals stand where, and how each is shown.
#pragma once

#include <cstdint>
#include <sstream>
#include <string>

namespace accelsim {

/// Lines are added from top to bottom. All paths are relative, so that the folder can move.
class WaveView {
public:
    enum class Format { binary, decimal, signed_decimal };
    enum class Colour { green, red, orange, yellow };  ///< those of GTKWave's that are bright on black

    void begin_group(const std::string& title);
    void end_group();
    /// `path`: below SystemC's scope.
    void signal(const std::string& label, const std::string& path, int bits, Format format, Colour colour = Colour::green);
    /// A number shown by the names and colours in a file beside the view.
    void translated(const std::string& label, const std::string& path, const std::string& file);
    /// A curve, several rows high.
    void integer_curve(const std::string& label, const std::string& path, Colour colour = Colour::green);
    void real_curve(const std::string& label, const std::string& path, Colour colour = Colour::green);
    void marker(std::int64_t picoseconds, const std::string& name);

    /// The whole save file, showing [from, to].
    std::string text(const std::string& title, const std::string& dump_file, const std::string& save_file, std::int64_t from_ps,
                     std::int64_t to_ps) const;

private:
    void curve(const char* flags, const std::string& line, Colour colour);

    std::ostringstream lines_, markers_, marker_names_;
    int marker_count_ = 0;
    std::string group_;
};

}  // namespace accelsim
