// SPDX-License-Identifier: Apache-2.0
#include "sim/program/npy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cctype>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "sim/files/output_file.hpp"

namespace accelsim {

namespace {

constexpr std::size_t max_header = std::size_t{1} << 20;

struct Header {
    std::string descr;
    std::string fortran_order;
    std::vector<std::int64_t> shape;
};

/// The header is a Python dictionary literal of three known keys; nothing else is accepted.
class HeaderParser {
public:
    HeaderParser(const std::string& text, const std::string& path) : text_(text), path_(path) {}

    Header parse() {
        Header header;
        expect('{');
        while (!accept('}')) {
            const std::string key = quoted();
            expect(':');
            if (key == "descr")
                header.descr = quoted();
            else if (key == "fortran_order")
                header.fortran_order = word();
            else if (key == "shape")
                header.shape = shape();
            else
                fail(fmt::format("unknown key '{}'", key));
            if (!accept(',') && peek() != '}') fail("expected ',' or '}'");
        }
        if (peek() != '\0') fail("text behind the dictionary");
        if (header.descr.empty() || header.fortran_order.empty() || !has_shape_) fail("needs descr, fortran_order and shape");
        return header;
    }

private:
    static bool is_digit(char c) { return c >= '0' && c <= '9'; }
    char peek() {
        while (position_ < text_.size() && (text_[position_] == ' ' || text_[position_] == '\n')) ++position_;
        return position_ < text_.size() ? text_[position_] : '\0';
    }
    bool accept(char c) {
        if (peek() != c) return false;
        ++position_;
        return true;
    }
    void expect(char c) {
        if (!accept(c)) fail(fmt::format("expected '{}'", c));
    }
    std::string quoted() {
        const char mark = peek();
        if (mark != '\'' && mark != '"') fail("expected a quoted text");
        const std::size_t end = text_.find(mark, position_ + 1);
        if (end == std::string::npos) fail("a quote is never closed");
        const std::string result = text_.substr(position_ + 1, end - position_ - 1);
        position_ = end + 1;
        return result;
    }
    std::string word() {
        std::string result;
        for (peek(); position_ < text_.size() && std::isalpha(static_cast<unsigned char>(text_[position_])) != 0; ++position_)
            result += text_[position_];
        return result;
    }
    std::vector<std::int64_t> shape() {
        std::vector<std::int64_t> result;
        has_shape_ = true;
        expect('(');
        while (!accept(')')) {
            std::int64_t value = 0;
            if (!is_digit(peek())) fail("expected a size");
            for (; position_ < text_.size() && is_digit(text_[position_]); ++position_) {
                value = value * 10 + (text_[position_] - '0');
                if (value > (std::int64_t{1} << 50)) fail("a size is too large");
            }
            result.push_back(value);
            if (!accept(',') && peek() != ')') fail("expected ',' or ')'");
        }
        return result;
    }
    [[noreturn]] void fail(const std::string& reason) const {
        throw UserError(fmt::format("malformed .npy header: {}", reason), {path_, 0, 0});
    }

    const std::string& text_;
    const std::string& path_;
    std::size_t position_ = 0;
    bool has_shape_ = false;
};

std::vector<std::int64_t> shape_of(const Tensor& tensor) {
    std::vector<std::int64_t> shape;
    for (const Axis& axis : tensor.axes) shape.push_back(axis.size);
    return shape;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
    return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

std::string read_header(std::ifstream& file, const std::string& path) {
    const Location where{path, 0, 0};
    unsigned char start[8] = {};
    file.read(reinterpret_cast<char*>(start), 8);
    if (!file || std::memcmp(start, "\x93NUMPY", 6) != 0) throw UserError("is not a .npy file", where);
    if (start[6] < 1 || start[6] > 3) throw UserError(fmt::format("has .npy version {}; 1 to 3 are known", start[6]), where);
    unsigned char bytes[4] = {};
    const std::size_t count = start[6] == 1 ? 2 : 4;
    file.read(reinterpret_cast<char*>(bytes), static_cast<std::streamsize>(count));
    std::size_t length = 0;
    for (std::size_t i = count; i-- > 0;) length = length << 8 | bytes[i];
    if (!file || length > max_header) throw UserError("malformed .npy header: bad length", where);
    std::string header(length, '\0');
    file.read(header.data(), static_cast<std::streamsize>(length));
    if (!file) throw UserError("malformed .npy header: cut off", where);
    return header;
}

void check_header(const Header& header, const Tensor& tensor, const Location& where) {
    const bool narrow = header.descr == "|i1" || header.descr == "<i1";
    if (!narrow && header.descr != "<i2")
        throw UserError(
            fmt::format("holds elements of type '{}'; int8 ('|i1') and little-endian int16 ('<i2') can be read", header.descr),
            where);
    const int bits = narrow ? 8 : 16;
    if (bits != tensor.bits)
        throw UserError(fmt::format("holds int{}, but tensor '{}' has {} bits", bits, tensor.name, tensor.bits), where);
    if (header.fortran_order != "False") throw UserError("is in Fortran order; save it with numpy.ascontiguousarray", where);
    if (header.shape != shape_of(tensor))
        throw UserError(fmt::format("has the shape {}, but tensor '{}' has {}", shape_text(header.shape), tensor.name,
                                    shape_text(shape_of(tensor))),
                        where);
}

std::string make_header(const Tensor& tensor) {
    const char* descr = tensor.bits == 8 ? "|i1" : tensor.bits == 16 ? "<i2" : "<i4";
    std::string header =
        fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", descr, shape_text(shape_of(tensor)));
    header.append((64 - (10 + header.size() + 1) % 64) % 64, ' ');  // data aligned to 64 bytes, as numpy does
    header += '\n';
    std::string start("\x93NUMPY\x01\x00", 8);
    start += static_cast<char>(header.size() & 0xFF);
    start += static_cast<char>(header.size() >> 8);
    return start + header;
}

}  // namespace

std::vector<std::int16_t> read_npy(const std::string& path, const Tensor& tensor) {
    const Location where{path, 0, 0};
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) throw UserError("is a directory, not a file", where);
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) throw UserError(fmt::format("cannot be read: {}", std::strerror(errno)), where);
    const std::string text = read_header(file, path);
    check_header(HeaderParser(text, path).parse(), tensor, where);
    const auto bytes = static_cast<std::size_t>(tensor.bits / 8);
    const std::size_t needed = static_cast<std::size_t>(tensor.words()) * bytes;
    const std::streamoff start = file.tellg();
    const auto got = static_cast<std::size_t>(file.seekg(0, std::ios::end).tellg() - start);
    if (got != needed)
        throw UserError(got < needed ? fmt::format("is cut off: {} of {} bytes of data", got, needed)
                                     : fmt::format("has more than the {} bytes of data of its shape", needed),
                        where);
    std::string data(needed, '\0');
    if (!file.seekg(start).read(data.data(), static_cast<std::streamsize>(needed))) throw UserError("cannot be read", where);
    std::vector<std::int16_t> values(needed / bytes);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto low = static_cast<unsigned char>(data[i * bytes]);
        if (bytes == 1)
            values[i] = static_cast<std::int8_t>(low);
        else
            values[i] = static_cast<std::int16_t>(low | static_cast<unsigned char>(data[i * 2 + 1]) << 8);
    }
    return values;
}

void write_npy(const std::string& path, const Tensor& tensor, const std::vector<std::int32_t>& values) {
    if (static_cast<std::int64_t>(values.size()) != tensor.words())
        throw InternalError("write_npy: values do not fill the tensor");
    std::string content = make_header(tensor);
    const int bytes = tensor.bits / 8;
    content.reserve(content.size() + values.size() * static_cast<std::size_t>(bytes));
    for (const std::int32_t value : values)
        for (int i = 0; i < bytes; ++i) content += static_cast<char>(static_cast<std::uint32_t>(value) >> (8 * i) & 0xFF);
    write_whole_file(path, content);
}

}  // namespace accelsim
