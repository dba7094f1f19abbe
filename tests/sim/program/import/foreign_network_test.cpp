// SPDX-License-Identifier: Apache-2.0
// SCALE-Sim's topologies and ZigZag's workloads become the networks that they describe.
#include <boost/test/unit_test.hpp>

#include "mappings/workload.hpp"
#include "sim/program/yaml/load_network.hpp"
#include "tests/sim/program/scratch.hpp"

namespace accelsim::testing {

namespace {

struct Foreign {
    ScratchFolder folder;
    std::string name;

    NetworkConfig load(const std::string& file, const std::string& content) {
        name = file;
        folder.write(file, content);
        return read_network(
            load_tree(folder.write("run.yaml", "workload: " + file + "\narchitecture: architectures/plain_16x16.yaml\n")));
    }

    /// The message without the folder.
    std::string refusal(const std::string& file, const std::string& content) {
        const std::string message = user_error([&] { load(file, content); });
        const std::size_t at = message.find(folder.path(""));
        return at == std::string::npos ? message : message.substr(0, at) + message.substr(at + folder.path("").size());
    }
};

std::int64_t bound(const Workload& workload, const std::string& dimension) {
    return workload.dimensions[static_cast<std::size_t>(workload.find_dimension(dimension))].bound;
}

const std::string heading =
    "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\n";

/// A ZigZag layer with something of it replaced.
std::string zigzag(const std::string& what = "", const std::string& by = "") {
    std::string text =
        "- id: 3\n"
        "  operator_type: Conv\n"
        "  equation: O[b][k][oy][ox]+=W[k][c][fy][fx]*I[b][c][iy][ix]\n"
        "  dimension_relations: [ix=2*ox+1*fx, iy=2*oy+1*fy]\n"
        "  loop_dims: [B, K, C, OY, OX, FY, FX]\n"
        "  loop_sizes: [2, 8, 4, 5, 6, 3, 3]\n"
        "  operand_precision: {W: 8, I: 8, O: 16, O_final: 8}\n"
        "  operand_source: {I: 2, W: 3}\n"
        "  pr_loop_dims: [IX, IY]\n"
        "  padding: [[1, 0], [1, 1]]\n";
    if (what.empty()) return text;
    const std::size_t at = text.find(what);
    BOOST_REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(foreign_networks, Foreign)

BOOST_AUTO_TEST_CASE(a_scalesim_topology) {
    const NetworkConfig network = load("net.csv", heading +
                                                      "Conv1 ,224 ,224 ,11 ,11 ,3 ,96 ,4 ,\n"
                                                      "\n"
                                                      "Conv/2,13,11,3,2,16,8,2,1,\n"
                                                      "DP_1,14,14,3,3,32,1,1,\n"
                                                      "DP_1,14,14,3,3,32,2,1,1:1,\n");
    BOOST_REQUIRE(network.layers.size() == 4U);
    BOOST_TEST(network.network == "net");
    // SCALE-Sim: ceil((224 - 11 + 4) / 4) = 55 rows.
    BOOST_TEST(network.layers[0].macs == 55LL * 55 * 11 * 11 * 3 * 96);
    const Workload second = read_layer(network, 1).workload;
    BOOST_TEST(network.layers[1].name == "Conv_2");
    BOOST_TEST(bound(second, "Y") == 6);
    BOOST_TEST(bound(second, "X") == 10);
    BOOST_TEST(second.tensors[0].axes[2].terms[0].coefficient == 2);
    BOOST_TEST(second.tensors[0].axes[3].terms[0].coefficient == 1);
    const Workload third = read_layer(network, 2).workload;
    BOOST_TEST(third.type == "depthwise");
    BOOST_TEST(network.layers[2].macs == 32LL * 12 * 12 * 9);
    BOOST_TEST(network.layers[3].name == "DP_1_2");
    BOOST_TEST(network.layers[3].macs == 64LL * 12 * 12 * 9);
    BOOST_TEST(bound(read_layer(network, 3).workload, "G") == 32);
}

BOOST_AUTO_TEST_CASE(a_scalesim_topology_of_products) {
    const NetworkConfig network = load("gemm.csv", "Layer,M,N,K\nQKT,10,20,64\nLinear,3,5,16,\n");
    BOOST_REQUIRE(network.layers.size() == 2U);
    const Workload first = read_layer(network, 0).workload;
    BOOST_TEST(bound(first, "N") == 10);
    BOOST_TEST(bound(first, "K") == 20);
    BOOST_TEST(bound(first, "C") == 64);
    BOOST_TEST(network.layers[1].macs == 3 * 5 * 16);
}

BOOST_AUTO_TEST_CASE(wrong_topologies_are_refused) {
    BOOST_TEST(refusal("a.csv", heading + "c, 4, 4, 5, 3, 1, 1, 1,\n") ==
               "a.csv:2:10: the filter height 5 is larger than its input's 4");
    BOOST_TEST(refusal("a.csv", heading + "c, 4, 4, 3, x, 1, 1, 1,\n") ==
               "a.csv:2:13: the filter width must be an integer from 1 to 2147483647, not 'x'");
    BOOST_TEST(refusal("a.csv", heading + "c, 4, 4, 3, 3, 1, 1, 1, 2:4,\n") ==
               "a.csv:2:25: sparsity '2:4' is not supported: accelsim simulates dense layers; leave the column out");
    BOOST_TEST(
        refusal("a.csv", heading + "c, 4, 4,\n") ==
        "a.csv:2:1: a convolution has a name, IFMAP height and width, filter height and width, channels, filters and stride");
    BOOST_TEST(refusal("a.csv", "Layer,M,N,K\nc, 4, 4\n") == "a.csv:2:1: a matrix product has a name, M, N and K");
    BOOST_TEST(refusal("a.csv", "c, 4, 4, 3, 3, 1, 1, 1,\n") ==
               "a.csv:1:1: the first line of a SCALE-Sim topology names the columns: 'Layer name, IFMAP Height, ...' or 'Layer, "
               "M, N, K'");
    BOOST_TEST(refusal("a.csv", heading) == "a.csv has no layers");
}

BOOST_AUTO_TEST_CASE(a_zigzag_workload) {
    const NetworkConfig network =
        load("work.yaml",
             zigzag() +
                 "- {id: 4, operator_type: Pooling, equation: 'O[b][g][oy][ox]+=W[fx][fy]*I[b][g][iy][ix]', dimension_relations: "
                 "[ix=2*ox+fx, iy=2*oy+fy], loop_dims: [B, G, OY, OX, FX, FY], loop_sizes: [2, 8, 2, 3, 2, 2]}\n"
                 "- {id: 5, operator_type: Add, equation: 'O[b][g]=W[b][g]+I[b][g]', loop_dims: [B, G], loop_sizes: [2, 48]}\n"
                 "- {id: 6, name: head, operator_type: Gemm, equation: 'O[b][k]+=W[k][c]*I[b][c]', loop_dims: [B, K, C], "
                 "loop_sizes: [2, 10, 48]}\n"
                 "- {id: 7, operator_type: Conv, equation: 'O[b][g][oy][ox]+=W[g][fy][fx]*I[b][g][iy][ix]', dimension_relations: "
                 "[ix=1*ox+2*fx, iy=1*oy+1*fy], loop_dims: [B, G, OY, OX, FX, FY], loop_sizes: [1, 8, 2, 3, 2, 2]}\n");
    BOOST_REQUIRE(network.layers.size() == 5U);
    BOOST_TEST(network.batch == 2);
    const Workload first = read_layer(network, 0).workload;
    BOOST_TEST(network.layers[0].name == "Conv_3");
    BOOST_TEST(network.layers[0].macs == 2LL * 8 * 4 * 5 * 6 * 9);
    BOOST_TEST(first.tensors[0].bits == 8);
    BOOST_TEST(first.output().bits == 16);
    // Rows: 2 * 4 + 2 + 1 - 2 * 1 of them are the tensor's.
    BOOST_TEST(first.tensors[0].axes[2].offset == -1);
    BOOST_TEST(first.tensors[0].axes[2].size == 9);
    BOOST_TEST(!network.layers[1].simulated);
    BOOST_TEST(network.layers[1].elementwise.kind == "pool");
    BOOST_TEST(network.layers[2].elementwise.read_words == 2LL * 2 * 48);
    BOOST_TEST(network.layers[3].name == "head");
    BOOST_TEST(network.layers[3].macs == 2 * 10 * 48);
    const Workload last = read_layer(network, 4).workload;
    BOOST_TEST(last.type == "depthwise");
    BOOST_TEST(bound(last, "N") == 1);
    BOOST_TEST(last.tensors[0].axes[3].terms[1].coefficient == 2);
}

BOOST_AUTO_TEST_CASE(wrong_zigzag_workloads_are_refused) {
    const std::tuple<std::string, std::string, std::string> wrong[] = {
        {"ix=2*ox+1*fx", "ix=2*ox", "w.yaml:4:25: a dimension relation is written such as ix=2*ox+1*fx, not 'ix=2*ox'"},
        {"OX, FY", "OZ, FY", "w.yaml:5:14: loop 'OZ' is not supported; known: B, G, K, C, D, OY, OX, FY, FX"},
        {"5, 6, 3, 3]", "5, 6, 3]",
         "w.yaml:6:15: 'loop_dims' in a layer of the ZigZag workload and 'loop_sizes' must be of one length"},
        {"W: 8, I", "W: 4, I",
         "w.yaml:7:26: a precision of 4 bits is not supported for 'W'; operands have 8 or 16, sums 8, 16 or 32"},
        {"[1, 0]", "[0, 1]", "w.yaml:10:13: padding [0, 1] is not supported: it must not be larger behind than before"},
        {"operator_type: Conv", "operator: Conv",
         "w.yaml:2:3: unknown key 'operator' in a layer of the ZigZag workload; did you mean 'operator_type'?"}};
    for (const auto& [what, by, message] : wrong) {
        std::string said = refusal("w.yaml", zigzag(what, by));
        BOOST_TEST(said == message);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
