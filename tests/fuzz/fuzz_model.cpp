// libFuzzer: any bytes as a model file, in the encoding the first byte picks. Only UserErrors may come out,
// and what loads must be a graph that the passes accept and that runs on a small board.
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>

#include "base/error.h"
#include "base/file.h"
#include "graph/fake_quantization.h"
#include "graph/memory_plan.h"
#include "graph/passes/passes.h"
#include "graph/product.h"
#include "graph/shapes.h"
#include "model/calibration.h"
#include "model/group_scales.h"
#include "model/model_file.h"
#include "support/graph_runs.h"
#include "support/tiny_nets.h"

using namespace ponnuki;

namespace {

constexpr double kMostFlops = 2e7;  // larger nets only cost the fuzzer time

void exercise(const LoadedModel& model) {
  const nn::CompileOptions options{.boardX = 3, .boardY = 2};
  if (nn::flopsPerRow(model.graph, 6) > kMostFlops) return;
  const auto backend = nn::makeReferenceBackend();
  const test::RandomInputs in = test::randomInputs(model.graph, 1, 3, 2, true, 1);
  test::run(*backend, nn::runPasses(model.graph, *backend, options), in, options);
}

nn::RoundedProduct nearest(const nn::Op& op, bool biased) {
  const int outC = nn::outChannels(op);
  nn::RoundedProduct rounded{
      nn::roundedWeights(nn::weightsOf(op), nn::weightScales(nn::weightsOf(op).span(), outC)), {}};
  if (biased) rounded.bias = nn::Weights(std::vector<float>(static_cast<size_t>(outC), 0.5f));
  return rounded;
}

// The same net with all kinds of 8-bit blocks: its layers are only stored in 8 bits, quantised, and quantised
// with a bias in turn.
std::string int8Net() {
  const auto file = [](const char* end) {
    return (std::filesystem::temp_directory_path() / ("ponnuki-fuzz-" + std::to_string(getpid()) + end))
        .string();
  };
  const std::string from = file(".bin.gz"), to = file(".q8.bin.gz");
  writeRandomNet(test::everyBlockSpec(), from, 1);
  const LoadedModel source = loadModel(from);
  Int8Plan plan;
  int number = 0;
  for (const NamedProduct& product : namedProducts(source.graph)) {
    const nn::Op& op = source.graph.ops[product.op];
    const int kind = number++ % 3;
    if (kind == 0) {
      plan.stored[product.name] = {nn::weightsOf(op), storedGroupSize(source.graph, op)};
      continue;
    }
    plan.inputs[product.name] = product.kind == "matmul" ? std::pair{0.0f, 0} : std::pair{0.1f, 100};
    plan.rounded[product.name] = nearest(op, kind == 2);
  }
  writeInt8Storage(from, to, plan);
  const std::string bytes = gunzip(readFile(to), to, size_t{1} << 26);
  std::remove(from.c_str());
  std::remove(to.c_str());
  return bytes;
}

enum Good { kText, kBinary, kInt8 };

std::string changedNet(Good good, const uint8_t* data, size_t size) {
  static const std::string kGood[] = {randomNetBytes(test::everyBlockSpec(), 1, FloatEncoding::Text),
                                      randomNetBytes(test::everyBlockSpec(), 1, FloatEncoding::Binary),
                                      int8Net()};
  std::string bytes = kGood[good];
  for (; size >= 3; data += 3, size -= 3) {
    const size_t at = (size_t{data[0]} << 8 | data[1]) % bytes.size();
    bytes[at] = static_cast<char>(data[2]);
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  static const char* const kNames[] = {"net.txt", "net.bin", "net.txt.gz", "net.bin.gz", "net.gz"};
  const int pick = data[0] % 8;
  try {
    if (pick < 5) {
      exercise(
          loadModelFromBytes(std::string(reinterpret_cast<const char*>(data + 1), size - 1), kNames[pick]));
    } else {
      const Good good = pick == 5 ? kText : pick == 6 ? kBinary : kInt8;
      exercise(loadModelFromBytes(changedNet(good, data + 1, size - 1), kNames[good == kText ? 0 : 1]));
    }
  } catch (const UserError&) {
  }
  return 0;
}
