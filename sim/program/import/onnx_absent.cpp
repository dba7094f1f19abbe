// SPDX-License-Identifier: Apache-2.0
// In place of onnx_network.cpp where ONNX is not installed.
#include "sim/program/import/onnx_network.hpp"

namespace accelsim {

Yaml load_onnx_network(const std::string& path, const Location& where) {
    throw UserError(path + ": this accelsim was built without ONNX; install libonnx-dev and libprotobuf-dev and build again", where);
}

}  // namespace accelsim
