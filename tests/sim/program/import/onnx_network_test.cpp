// SPDX-License-Identifier: Apache-2.0
// ONNX models, made here operator by operator, become the networks that they describe.
#include "sim/program/import/onnx_network.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

#include "sim/program/yaml/load_network.hpp"
#include "tests/sim/program/scratch.hpp"

#ifdef ACCELSIM_HAS_ONNX
#include <onnx/onnx_pb.h>
#endif

namespace accelsim::testing {

namespace {

/// A run of the model in a folder of its own.
std::string run_file(const ScratchFolder& folder, const std::string& model) {
    folder.write("model.onnx", model);
    return folder.write("run.yaml", "workload: model.onnx\narchitecture: architectures/plain_16x16.yaml\n");
}

std::string message_of(const std::string& run) {
    try {
        read_network(load_tree(run));
    } catch (const UserError& error) {
        return error.what();
    }
    return "";
}

#ifdef ACCELSIM_HAS_ONNX

/// A model in the making; values have the names that they are given.
class Model {
public:
    Model() {
        model_.set_ir_version(8);
        model_.add_opset_import()->set_version(13);
        graph().set_name("g");
    }
    onnx::GraphProto& graph() { return *model_.mutable_graph(); }
    Model& input(const std::string& name, const std::vector<std::int64_t>& shape) {
        onnx::ValueInfoProto& value = *graph().add_input();
        value.set_name(name);
        auto& type = *value.mutable_type()->mutable_tensor_type();
        type.set_elem_type(onnx::TensorProto::FLOAT);
        for (const std::int64_t size : shape) {
            auto& dimension = *type.mutable_shape()->add_dim();
            if (size > 0)
                dimension.set_dim_value(size);
            else
                dimension.set_dim_param("free");
        }
        return *this;
    }
    Model& constant(const std::string& name, const std::vector<std::int64_t>& shape) {
        onnx::TensorProto& tensor = *graph().add_initializer();
        tensor.set_name(name);
        tensor.set_data_type(onnx::TensorProto::FLOAT);
        std::int64_t words = 1;
        for (const std::int64_t size : shape) tensor.add_dims(size), words *= size;
        tensor.set_raw_data(std::string(static_cast<std::size_t>(words) * 4, '\0'));
        return *this;
    }
    Model& node(const std::string& type, const std::vector<std::string>& inputs, const std::string& output,
                const std::vector<std::pair<std::string, std::vector<std::int64_t>>>& attributes = {}) {
        onnx::NodeProto& made = *graph().add_node();
        made.set_op_type(type);
        made.set_name(output);
        for (const std::string& name : inputs) made.add_input(name);
        made.add_output(output);
        for (const auto& [name, values] : attributes) {
            onnx::AttributeProto& attribute = *made.add_attribute();
            attribute.set_name(name);
            const bool one = name == "group" || name == "transB" || name == "axis" || name == "hidden_size";
            attribute.set_type(one ? onnx::AttributeProto::INT : onnx::AttributeProto::INTS);
            if (one) attribute.set_i(values[0]);
            for (const std::int64_t value : values)
                if (!one) attribute.add_ints(value);
        }
        return *this;
    }
    Model& output(const std::string& name) {
        graph().add_output()->set_name(name);
        graph()
            .mutable_output(graph().output_size() - 1)
            ->mutable_type()
            ->mutable_tensor_type()
            ->set_elem_type(onnx::TensorProto::FLOAT);
        return *this;
    }
    std::string bytes() const { return model_.SerializeAsString(); }

private:
    onnx::ModelProto model_;
};

/// A convolution with stride, a depthwise and a grouped one, pooling, a shortcut, and a classifier.
Model small_network(std::int64_t batch) {
    Model model;
    model.input("image", {batch, 3, 16, 16}).constant("w1", {8, 3, 3, 3}).constant("b1", {8}).constant("w2", {8, 1, 3, 3});
    model.constant("w3", {16, 4, 1, 1}).constant("w4", {10, 256});
    model.node("Conv", {"image", "w1", "b1"}, "conv", {{"strides", {2, 2}}, {"pads", {1, 1, 1, 1}}});
    model.node("Relu", {"conv"}, "relu");
    model.node("Conv", {"relu", "w2"}, "depthwise", {{"group", {8}}, {"pads", {1, 1, 1, 1}}});
    model.node("Add", {"depthwise", "relu"}, "shortcut");
    model.node("Conv", {"shortcut", "w3"}, "grouped", {{"group", {2}}});
    model.node("MaxPool", {"grouped"}, "pool", {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}});
    model.node("Flatten", {"pool"}, "flat");
    model.node("Gemm", {"flat", "w4"}, "fc", {{"transB", {1}}});
    model.node("Softmax", {"fc"}, "softmax").output("softmax");
    return model;
}

const NetworkLayer& layer(const NetworkConfig& network, const std::string& name) {
    for (const NetworkLayer& one : network.layers)
        if (one.name == name) return one;
    throw std::runtime_error("no layer " + name);
}

#endif

}  // namespace

BOOST_AUTO_TEST_SUITE(onnx_networks)

#ifdef ACCELSIM_HAS_ONNX

/// MACs and words by hand, for a batch of 2.
BOOST_AUTO_TEST_CASE(every_operator_becomes_a_layer) {
    const ScratchFolder folder;
    const NetworkConfig network = read_network(load_tree(run_file(folder, small_network(2).bytes())));
    BOOST_TEST(network.batch == 2);
    BOOST_TEST(network.network == "model");
    BOOST_TEST(network.layers.size() == 9U);
    BOOST_TEST(layer(network, "conv").macs == 2 * 8 * 3 * 8 * 8 * 9);
    BOOST_TEST(layer(network, "depthwise").macs == 2 * 8 * 8 * 8 * 9);
    BOOST_TEST(layer(network, "grouped").macs == 2 * 2 * 8 * 4 * 8 * 8);
    BOOST_TEST(layer(network, "fc").macs == 2 * 10 * 256);
    BOOST_TEST(layer(network, "pool").elementwise.read_words == 2 * 16 * 8 * 8);
    BOOST_TEST(layer(network, "pool").elementwise.written_words == 2 * 16 * 4 * 4);
    BOOST_TEST(layer(network, "shortcut").elementwise.read_words == 2 * 2 * 8 * 8 * 8);
    BOOST_TEST(layer(network, "softmax").elementwise.written_words == 2 * 10);
    BOOST_TEST(layer(network, "relu").listed_only);
    BOOST_TEST(layer(network, "relu").elementwise.kind == "Relu (on the way out)");
    BOOST_TEST(layer(network, "flat").elementwise.kind == "Flatten");
    const Workload conv = read_layer(network, 0).workload;
    BOOST_TEST(conv.tensors[0].words() == 2 * 3 * 15 * 15);  // the last row and column of 16 meet no window
    BOOST_TEST(read_layer(network, 2).workload.type == "depthwise");
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        if (!network.layers[i].simulated) continue;
        const RunConfig run = read_layer(network, i);
        BOOST_TEST(lower(run.workload, run.architecture, run.nest).steps < network.layers[i].macs);
    }
}

BOOST_AUTO_TEST_CASE(a_free_batch_can_be_set) {
    const ScratchFolder folder;
    const std::string run = run_file(folder, small_network(0).bytes());
    BOOST_TEST(read_network(load_tree(run)).batch == 1);
    const NetworkConfig four = read_network(load_tree(run, {"workload.batch=4"}));
    BOOST_TEST(layer(four, "fc").macs == 4 * 10 * 256);
    BOOST_TEST(layer(four, "shortcut").elementwise.written_words == 4 * 8 * 8 * 8);
}

/// Two heads of 5 x 4 scores: batched products, one weight matrix for all, and an LSTM that is left out with its MACs.
BOOST_AUTO_TEST_CASE(matrix_products_and_what_is_left_out) {
    const ScratchFolder folder;
    Model model;
    model.input("q", {3, 2, 5, 7}).input("k", {3, 2, 7, 4}).constant("w", {4, 6}).input("sequence", {9, 1, 6});
    model.constant("W", {1, 32, 6}).constant("R", {1, 32, 8});
    model.node("MatMul", {"q", "k"}, "scores").node("MatMul", {"scores", "w"}, "wide");
    model.node("LSTM", {"sequence", "W", "R"}, "lstm", {{"hidden_size", {8}}})
        .node("Transpose", {"wide"}, "turned")
        .output("turned");
    const NetworkConfig network = read_network(load_tree(run_file(folder, model.bytes())));
    const RunConfig scores = read_layer(network, 0);
    BOOST_TEST(lower(scores.workload, scores.architecture, scores.nest).steps > 0);
    BOOST_TEST(layer(network, "scores").macs == 3 * 2 * 5 * 4 * 7);
    BOOST_TEST(layer(network, "wide").macs == 3 * 2 * 5 * 4 * 6);
    BOOST_TEST(layer(network, "lstm").listed_only);
    BOOST_TEST(layer(network, "lstm").macs == 3 * 9 * 32 * (6 + 8));
    BOOST_TEST(layer(network, "turned").elementwise.kind == "Transpose");
}

BOOST_AUTO_TEST_CASE(models_that_cannot_be_read_are_refused) {
    const ScratchFolder folder;
    const std::string place = folder.path("run.yaml") + ":1:11: " + folder.path("model.onnx") + ": ";
    BOOST_TEST(message_of(run_file(folder, "workload: {}")) == place + "this is no ONNX model");
    BOOST_TEST(message_of(run_file(folder, Model().input("x", {1, 2}).bytes())) == place + "the model has no operators");
    BOOST_TEST(message_of(run_file(folder, Model().input("x", {1, 0}).node("Relu", {"x"}, "y").bytes())) ==
               place + "dimension 1 of input 'x' is free; fix it in the model");
    const std::string unknown = Model().input("x", {1, 2}).node("Own", {"x"}, "y").node("MatMul", {"y", "x"}, "z").bytes();
    BOOST_TEST(message_of(run_file(folder, unknown)).find(place) == 0U);
}

#else

BOOST_AUTO_TEST_CASE(a_build_without_onnx_says_so) {
    const ScratchFolder folder;
    BOOST_TEST(message_of(run_file(folder, "x")).find("was built without ONNX; install libonnx-dev and libprotobuf-dev") !=
               std::string::npos);
}

#endif

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
