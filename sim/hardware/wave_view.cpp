// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/wave_view.hpp"

#include <algorithm>
#include <cmath>

namespace accelsim {

namespace {

// A line's flags are a sum of bits (GTKWave's analyzer.h): 2 hexadecimal, 4 decimal, 8 binary, 20 right-justified, 200 a heading,
// 400 signed, 2000 through a translate file, 8000 analogue in steps, 20000 one more row for the curve above, 80000 scaled to all
// values and not only to those in sight, 800000 / 1000000 a group's begin / end.
constexpr const char* formats[] = {"@28", "@24", "@420"};
constexpr const char* translated_hex = "@2022";
constexpr const char* integer_steps = "@88024";
constexpr const char* real_steps = "@88020";
constexpr int rows_of_curve = 3;
constexpr int named_markers = 26;

void colour_line(std::ostream& out, WaveView::Colour colour) {
    if (colour != WaveView::Colour::green) out << "[color] " << static_cast<int>(colour) << '\n';
}

std::string word(int bits) { return bits > 1 ? '[' + std::to_string(bits - 1) + ":0]" : ""; }

}  // namespace

void WaveView::begin_group(const std::string& title) {
    group_ = title;
    lines_ << "@800200\n-" << title << '\n';
}

void WaveView::end_group() { lines_ << "@1000200\n-" << group_ << '\n'; }

void WaveView::signal(const std::string& label, const std::string& path, int bits, Format format, Colour colour) {
    colour_line(lines_, colour);
    lines_ << formats[static_cast<int>(format)] << "\n+{" << label << "} SystemC." << path << word(bits) << '\n';
}

void WaveView::translated(const std::string& label, const std::string& path, const std::string& file) {
    lines_ << translated_hex << "\n^1 " << file << "\n+{" << label << "} SystemC." << path << word(32) << '\n';
}

void WaveView::integer_curve(const std::string& label, const std::string& path, Colour colour) {
    curve(integer_steps, "+{" + label + "} SystemC." + path + word(32), colour);
}

void WaveView::real_curve(const std::string& label, const std::string& path, Colour colour) {
    curve(real_steps, "+{" + label + "} SystemC." + path, colour);
}

void WaveView::curve(const char* flags, const std::string& line, Colour colour) {
    colour_line(lines_, colour);
    lines_ << flags << '\n' << line << '\n';
    for (int row = 1; row < rows_of_curve; ++row) lines_ << "@20000\n-\n";
}

void WaveView::marker(std::int64_t picoseconds, const std::string& name) {
    if (marker_count_ == named_markers) return;
    markers_ << ' ' << picoseconds;
    marker_names_ << "[markername] " << static_cast<char>('A' + marker_count_++) << name << '\n';
}

std::string WaveView::text(const std::string& title, const std::string& dump_file, const std::string& save_file,
                           std::int64_t from_ps, std::int64_t to_ps) const {
    std::ostringstream out;
    // GTKWave shows 2^-zoom time units per 200 pixels; the waves get about 1000.
    const double zoom = -std::log2(std::max(1.0, static_cast<double>(to_ps - from_ps) / 5.0));
    out << "[*] " << title << "\n[dumpfile] \"" << dump_file << "\"\n[savefile] \"" << save_file << "\"\n[timestart] " << from_ps
        << "\n[size] 1600 1000\n[pos] -1 -1\n*" << zoom << ' ' << from_ps << markers_.str();
    for (int marker = marker_count_; marker < named_markers; ++marker) out << " -1";
    out << '\n'
        << marker_names_.str()
        << "[treeopen] SystemC.\n[treeopen] SystemC.machine.\n[sst_width] 200\n[signals_width] 380\n[sst_expanded] 1\n"
        << lines_.str();
    return out.str();
}

}  // namespace accelsim
