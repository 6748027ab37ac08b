// Small nets with random weights that between them hold every block kind, for tests that need a network but
// no file.
#pragma once

#include "model/model_file.h"
#include "model/random_net.h"

namespace ponnuki::test {

inline NetSpec tinySpec(int version, std::vector<BlockKind> blocks) {
  NetSpec spec;
  spec.name = "tiny";
  spec.version = version;
  spec.channels = 8;
  spec.mid = 6;
  spec.gpool = 2;
  spec.blocks = std::move(blocks);
  spec.p1 = 5;
  spec.g1 = 4;
  spec.v1 = 3;
  spec.v2 = 7;
  spec.heads = 2;
  spec.kvHeads = 1;
  spec.qDim = 4;
  spec.vDim = 3;
  spec.ffn = 10;
  spec.innerPairs = 1;
  return spec;
}

// Ordinary, pooling, nested, attention and feed-forward blocks, v17, metadata encoder.
inline NetSpec everyBlockSpec() {
  NetSpec spec =
      tinySpec(17, {BlockKind::Ordinary, BlockKind::Pooling, BlockKind::Nested, BlockKind::NestedPooling,
                    BlockKind::NestedTransformer, BlockKind::Attention, BlockKind::FeedForward});
  spec.metadataEncoder = true;
  return spec;
}

inline LoadedModel loadSpec(const NetSpec& spec, uint64_t seed = 1) {
  return loadModelFromBytes(randomNetBytes(spec, seed, FloatEncoding::Binary), spec.name + ".bin");
}

}  // namespace ponnuki::test
