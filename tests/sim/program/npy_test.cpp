// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "sim/program/npy.hpp"
#include "tests/sim/program/scratch.hpp"

using namespace accelsim;
using accelsim::testing::ScratchFolder;
using accelsim::testing::user_error;

namespace {

Tensor tensor(int bits, std::int64_t rows = 2, std::int64_t columns = 3) {
    return Tensor{"input", {Axis{{}, 0, rows}, Axis{{}, 0, columns}}, bits, false};
}

std::string npy(const std::string& header, const std::string& data, char version = 1) {
    std::string text = std::string("\x93NUMPY") + version + '\0';
    text += static_cast<char>(header.size() & 0xFF);
    text += static_cast<char>(header.size() >> 8);
    if (version > 1) text += std::string(2, '\0');
    return text + header + data;
}

const std::string int16_header = "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }\n";
const std::string six_words("\x01\x00\xff\xff\x00\x80\xff\x7f\x05\x00\x06\x00", 12);

}  // namespace

BOOST_AUTO_TEST_SUITE(npy_files)

BOOST_AUTO_TEST_CASE(reads_int16_in_all_versions) {
    const ScratchFolder folder;
    const std::vector<std::int16_t> expected = {1, -1, -32768, 32767, 5, 6};
    for (const char version : {char{1}, char{2}, char{3}})
        BOOST_TEST(read_npy(folder.write("a.npy", npy(int16_header, six_words, version)), tensor(16)) == expected);
}

BOOST_AUTO_TEST_CASE(reads_int8_with_sign) {
    const ScratchFolder folder;
    const std::string file =
        folder.write("a.npy", npy("{'descr': '|i1', 'fortran_order': False, 'shape': (2, 3)}", "\x01\x02\x03\xff\x80\x7f"));
    BOOST_TEST(read_npy(file, tensor(8)) == (std::vector<std::int16_t>{1, 2, 3, -1, -128, 127}));
}

BOOST_AUTO_TEST_CASE(writes_what_numpy_writes) {
    const ScratchFolder folder;
    write_npy(folder.path("out.npy"), tensor(32, 1, 2), {1, -2});
    const std::string text = folder.read("out.npy");
    BOOST_TEST(text.size() == 128U + 8U);
    BOOST_TEST(text.substr(10, 57) == "{'descr': '<i4', 'fortran_order': False, 'shape': (1, 2),");
    BOOST_TEST(text[127] == '\n');
    BOOST_TEST(text.substr(128) == std::string("\x01\x00\x00\x00\xfe\xff\xff\xff", 8));
}

BOOST_AUTO_TEST_CASE(reads_back_what_it_wrote) {
    const ScratchFolder folder;
    const std::vector<std::int32_t> values = {1, -2, 3, -4, 127, -128};
    for (const int bits : {8, 16}) {
        write_npy(folder.path("a.npy"), tensor(bits), values);
        const std::vector<std::int16_t> read = read_npy(folder.path("a.npy"), tensor(bits));
        BOOST_TEST(std::vector<std::int32_t>(read.begin(), read.end()) == values);
    }
}

BOOST_AUTO_TEST_CASE(leaves_no_temporary_file) {
    const ScratchFolder folder;
    write_npy(folder.path("out.npy"), tensor(16), {1, 2, 3, 4, 5, 6});
    const std::filesystem::directory_iterator files(std::filesystem::path(folder.path("out.npy")).parent_path());
    BOOST_TEST(std::distance(begin(files), end(files)) == 1);
}

BOOST_AUTO_TEST_CASE(refuses_to_write_where_it_cannot) {
    BOOST_TEST(user_error([&] { write_npy("/proc/none/out.npy", tensor(16, 1, 1), {1}); }) ==
               "cannot write /proc/none/out.npy: No such file or directory");
}

BOOST_AUTO_TEST_CASE(refuses_with_exact_messages) {
    const ScratchFolder folder;
    const auto message = [&](const std::string& content, int bits = 16) {
        const std::string file = folder.write("a.npy", content);
        return user_error([&] { read_npy(file, tensor(bits)); }).substr(file.size() + 2);
    };
    const auto header = [](const std::string& text) { return npy(text, six_words); };
    BOOST_TEST(message("PK\x03\x04 zip file") == "is not a .npy file");
    BOOST_TEST(message("") == "is not a .npy file");
    BOOST_TEST(message(npy(int16_header, six_words, 4)) == "has .npy version 4; 1 to 3 are known");
    BOOST_TEST(message(npy(int16_header, "").substr(0, 30)) == "malformed .npy header: cut off");
    BOOST_TEST(message(npy(int16_header, six_words.substr(1))) == "is cut off: 11 of 12 bytes of data");
    BOOST_TEST(message(npy(int16_header, six_words + "x")) == "has more than the 12 bytes of data of its shape");
    BOOST_TEST(message(npy(int16_header, six_words), 8) == "holds int16, but tensor 'input' has 8 bits");
    BOOST_TEST(message(header("{'descr': '>i2', 'fortran_order': False, 'shape': (2, 3)}")) ==
               "holds elements of type '>i2'; int8 ('|i1') and little-endian int16 ('<i2') can be read");
    BOOST_TEST(message(header("{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3)}")) ==
               "is in Fortran order; save it with numpy.ascontiguousarray");
    BOOST_TEST(message(header("{'descr': '<i2', 'fortran_order': False, 'shape': (6,)}")) ==
               "has the shape (6,), but tensor 'input' has (2, 3)");
    BOOST_TEST(message(header("{'descr': '<i2', 'shape': (2, 3)}")) ==
               "malformed .npy header: needs descr, fortran_order and shape");
    BOOST_TEST(message(header("{'descr': '<i2', 'order': 3}")) == "malformed .npy header: unknown key 'order'");
    BOOST_TEST(message(header("{'shape': (2, -3)}")) == "malformed .npy header: expected a size");
    BOOST_TEST(message(header("{'shape': (99999999999999999999,)}")) == "malformed .npy header: a size is too large");
    BOOST_TEST(message(header("import os")) == "malformed .npy header: expected '{'");
    BOOST_TEST(message(header("{'descr")) == "malformed .npy header: a quote is never closed");
}

BOOST_AUTO_TEST_CASE(refuses_missing_files_and_folders) {
    const ScratchFolder folder;
    const std::string missing = folder.path("none.npy");
    BOOST_TEST(user_error([&] { read_npy(missing, tensor(16)); }) == missing + ": cannot be read: No such file or directory");
    const std::string directory = folder.path("");
    BOOST_TEST(user_error([&] { read_npy(directory, tensor(16)); }) == directory + ": is a directory, not a file");
}

BOOST_AUTO_TEST_SUITE_END()
