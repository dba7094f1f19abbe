// SPDX-License-Identifier: Apache-2.0
#include "sim/program/yaml/schema_parts.hpp"

namespace accelsim {

using namespace schema;

const MapSpec& suite_spec() {
    static const MapSpec spec = {
        "suite",
        "What `accelsim validate` takes beside a run file: many runs.",
        {other("runs", required, "list of paths or maps", "run files of single layers"),
         other("models", "", "list of names", "only these of `exact`, `interstellar`, `timeloop`, `latency`")}};
    return spec;
}

const MapSpec& suite_run_spec() {
    static const MapSpec spec = {"runs of suite",
                                 "",
                                 {word("run", required, "the run file"), word("name", "", "default: the file's"),
                                  other("set", "", "map from paths to values", "as of `--set`"),
                                  other("model_files", "", "list of paths", "figures of other models, JSON or CSV (`--model`)"),
                                  other("timeloop_stats", "", "list of paths", "what Timeloop printed of this design")}};
    return spec;
}

}  // namespace accelsim
