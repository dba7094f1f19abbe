// SPDX-License-Identifier: Apache-2.0
// A network that is put together from another program's layers.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "sim/program/yaml/yaml_tree.hpp"

namespace accelsim {

class NetworkText {
public:
    /// The network's name is the file's.
    explicit NetworkText(std::string path) : path_(std::move(path)) {}

    /// `content`: "workload: {...}" or "type: pool, ...", in flow style. The name gets underscores for what a name must not have,
    /// and a number when it is taken.
    void add(const std::string& name, const std::string& content);
    bool empty() const { return layers_.empty(); }
    /// The map under `network`; its places carry the path alone.
    Yaml tree(std::int64_t batch) const;

private:
    std::string path_;
    std::set<std::string> names_;
    std::string layers_;
};

}  // namespace accelsim
