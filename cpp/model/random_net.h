// Model files with random weights, for benchmarks and tests: any version, any block kind, and the
// architectures people run by name (spec model-and-network 20). The weights keep activations bounded and play
// badly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graph/op.h"
#include "model/token_reader.h"

namespace ponnuki {

// Nested kinds are bottlenecks from `channels` to `mid`; the pooling one has a pooling block first inside.
enum class BlockKind { Ordinary, Pooling, Nested, NestedPooling, NestedTransformer, Attention, FeedForward };

struct NetSpec {
  std::string name = "random";
  int version = 15;
  int stemSize = 3;
  int channels = 96, mid = 96, gpool = 32;
  std::vector<BlockKind> blocks;
  int p1 = 32, g1 = 32, v1 = 32, v2 = 64;            // widths of the heads
  int policyChannels = 2;                            // stored only from version 17 on
  nn::Activation activation = nn::Activation::Mish;  // files before version 11 mean ReLU whatever this says
  bool metadataEncoder = false;
  bool rmsTip = false, rmsTipIsSpatial = false;
  // Transformer blocks.
  int heads = 3, kvHeads = 3, qDim = 32, vDim = 32, ffn = 256;
  bool rope = true, learnableRope = false, gatedFfn = true;
  int innerPairs = 2;  // attention + feed-forward pairs inside NestedTransformer
};

std::vector<std::string> architectureNames();
std::optional<NetSpec> namedArchitecture(const std::string& name);

// The uncompressed bytes of a model file.
std::string randomNetBytes(const NetSpec& spec, uint64_t seed, FloatEncoding encoding);
// Writes a .bin.gz file. Throws UserError if the file cannot be written.
void writeRandomNet(const NetSpec& spec, const std::string& path, uint64_t seed);
void writeRandomNet(const std::string& architecture, const std::string& path, uint64_t seed);

}  // namespace ponnuki
