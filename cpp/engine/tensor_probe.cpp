#include "engine/tensor_probe.h"

#include "base/cpu_features.h"
#include "graph/builder.h"
#include "graph/fake_quantization.h"
#include "graph/passes/passes.h"
#include "graph/product.h"

namespace ponnuki {
namespace {

using nn::TensorId;

size_t sz(int n) {
  return static_cast<size_t>(n);
}

// Appends to a graph that stands already.
class Appender {
 public:
  explicit Appender(nn::Graph& graph) : graph_(graph) {}

  TensorId matMul(TensorId in, int outC, std::vector<float> weights) {
    const nn::Shape shape = graph_.tensor(in).shape;
    nn::MatMulAttrs attrs;
    attrs.inC = shape.channels, attrs.outC = outC, attrs.weights = nn::Weights(std::move(weights));
    return append(std::move(attrs), {in}, {shape.domain, outC});
  }
  TensorId zeros(TensorId in, int outC) {
    return matMul(in, outC, std::vector<float>(sz(graph_.channels(in)) * sz(outC)));
  }
  TensorId add(TensorId a, TensorId b) { return append(nn::AddAttrs{}, {a, b}, graph_.tensor(a).shape); }

  // The outputs other than the policy, without any cost.
  void outputPolicyOnly(TensorId policy) {
    graph_.outputs.policy = policy;
    graph_.outputs.pass = zeros(graph_.inputs.global, graph_.channels(policy));
    graph_.outputs.value = zeros(graph_.inputs.global, 3);
    graph_.outputs.score = zeros(graph_.inputs.global, 1);
    graph_.outputs.ownership = zeros(graph_.inputs.spatial, 1);
    nn::removeDead(graph_);
  }

 private:
  TensorId append(nn::OpAttrs attrs, std::vector<TensorId> inputs, nn::Shape shape) {
    nn::Op op;
    op.name = "probe";
    op.inputs = std::move(inputs);
    op.output = static_cast<TensorId>(graph_.tensors.size());
    op.attrs = std::move(attrs);
    graph_.tensors.push_back({shape, "probe"});
    graph_.ops.push_back(std::move(op));
    return graph_.ops.back().output;
  }
  nn::Graph& graph_;
};

// A matrix that puts `channels` inputs at `first` of `all` outputs.
std::vector<float> selector(int channels, int first, int all) {
  std::vector<float> weights(sz(channels) * sz(all));
  for (int c = 0; c < channels; c++) weights[sz(c) * sz(all) + sz(first + c)] = 1;
  return weights;
}

}  // namespace

void probeTensors(const LoadedModel& model, const std::vector<TensorId>& tensors, const InputRows& rows,
                  nn::Backend& backend, const std::function<void(int done)>& progress, const SeeTensor& see) {
  nn::Graph graph = model.graph;
  for (nn::Op& op : graph.ops)
    if (nn::isProduct(op)) nn::setQuantization(op, nullptr);
  Appender appender(graph);
  std::vector<int> first;
  int all = 0;
  for (const TensorId id : tensors) {
    first.push_back(all);
    all += graph.channels(id);
  }
  TensorId sum = nn::kNoTensor;
  for (size_t i = 0; i < tensors.size(); i++) {
    const int channels = graph.channels(tensors[i]);
    const TensorId placed = appender.matMul(tensors[i], all, selector(channels, first[i], all));
    sum = sum == nn::kNoTensor ? placed : appender.add(sum, placed);
  }
  appender.outputPolicyOnly(sum);
  nn::CompileOptions options;
  options.maxBatch = kAnswerBatch;
  options.boardX = rows.boardX, options.boardY = rows.boardY;
  options.threads = usableCores();
  const auto program = backend.compile(std::move(graph), options);
  const size_t points = sz(rows.points());
  std::vector<float> out(sz(kAnswerBatch) * points * sz(all)), values;
  runRows(*program, model.info, rows, {.policy = out, .pass = {}, .value = {}, .score = {}, .ownership = {}},
          [&](int row, int count) {
            for (int r = 0; r < count; r++) {
              for (size_t i = 0; i < tensors.size(); i++) {
                const size_t channels = sz(model.graph.channels(tensors[i]));
                values.resize(points * channels);
                for (size_t p = 0; p < points; p++)
                  std::copy_n(&out[(sz(r) * points + p) * sz(all) + sz(first[i])], channels, &values[p * channels]);
                see(i, row + r, values);
              }
            }
            progress(row + count);
          });
}

std::vector<float> runProduct(const nn::Op& product, std::span<const float> inputs, int rows, int boardX,
                              int boardY, nn::Backend& backend) {
  const int inC = product.kind() == nn::OpKind::Conv2d ? product.as<nn::Conv2dAttrs>().inC
                                                       : product.as<nn::MatMulAttrs>().inC;
  nn::GraphBuilder builder(inC, 1, 0);
  nn::OpAttrs attrs = product.attrs;
  const nn::TensorId policy = builder.append(product.name, std::move(attrs), {builder.spatial()});
  const auto zeros = [&](nn::TensorId in, int from, int outC) {
    nn::MatMulAttrs a;
    a.inC = from, a.outC = outC, a.weights = nn::Weights(std::vector<float>(sz(from) * sz(outC)));
    return builder.append("unused", std::move(a), {in});
  };
  const int outC = nn::outChannels(product);
  nn::Graph graph = builder.finish({.policy = policy,
                                    .pass = zeros(builder.global(), 1, outC),
                                    .value = zeros(builder.global(), 1, 3),
                                    .score = zeros(builder.global(), 1, 1),
                                    .ownership = zeros(builder.spatial(), inC, 1)});
  nn::CompileOptions options;
  options.maxBatch = rows;
  options.boardX = boardX, options.boardY = boardY;
  options.exactBoardSize = true;  // channel 0 is no mask here
  options.threads = usableCores();
  // The float graph cannot say what a scale for each point does.
  const auto quantization = nn::quantizationOf(product);
  if (quantization && quantization->perPoint()) options.precision = nn::Precision::Int8;
  const auto program = backend.compile(nn::fakeQuantized(graph), options);
  const std::vector<float> global(sz(rows));
  std::vector<float> out(sz(rows) * sz(boardX) * sz(boardY) * sz(outC));
  program->makeExecutor()->run({.rows = rows, .spatial = inputs, .global = global, .meta = {}},
                               {.policy = out, .pass = {}, .value = {}, .score = {}, .ownership = {}});
  return out;
}

}  // namespace ponnuki
