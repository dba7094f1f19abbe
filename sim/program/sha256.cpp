// SPDX-License-Identifier: Apache-2.0
#include "sim/program/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include "mappings/error.hpp"

namespace accelsim {

std::string sha256(const std::string& bytes) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest, &length, EVP_sha256(), nullptr) != 1)
        throw InternalError("SHA-256 failed");
    std::string text;
    for (unsigned i = 0; i < length; ++i) text += fmt::format("{:02x}", digest[i]);
    return text;
}

}  // namespace accelsim
