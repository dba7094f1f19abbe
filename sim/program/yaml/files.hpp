// SPDX-License-Identifier: Apache-2.0
// Files that a configuration names.
#pragma once

#include <string>

#include "sim/program/yaml/yaml_tree.hpp"

namespace accelsim {

/// Where the configurations are: the environment's ACCELSIM_DATA_DIR, else those installed with the program, else the source
/// tree's.
std::string data_directory();

/// The folder of the RTL's templates: installed beside the data directory, else the source tree's.
std::string template_directory();
/// Where the parts of --html are: beside the data directory, else in the source tree.
std::string page_directory();

/// The path of an existing file: absolute, or relative to the file that names it (to the current directory when named
/// by --set), or to the data directory. UserError when there is none.
std::string resolve_path(const Yaml& node, const std::string& what);

/// A file that the command line names: one that comes with the program can be named without its folder.
std::string find_file(const std::string& wanted);

/// "first_run" for "a/b/first_run.yaml".
std::string file_stem(const std::string& path);

/// The value of the file's single top-level key, which must be this kind.
Yaml load_single(const std::string& path, const std::string& kind, const std::string& other = "");

/// A section of the run file: the map itself, or the content of the file it names, which must have the kind
/// (or `other`, when that is not empty) as its single top-level key. `stem`, when given, gets the file's stem.
Yaml load_section(const Yaml& node, const std::string& kind, std::string* stem, const std::string& other = "");

}  // namespace accelsim
