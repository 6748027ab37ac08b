// The table of named architectures (spec model-and-network 20.1 and 20.2).
#include "model/random_net.h"

namespace ponnuki {
namespace {

struct ConvnetRow {
  const char* name;
  int channels, mid, gpool, blocks;
  std::vector<int> pooling;  // 1-based
  bool nested;
  int p1, g1, v1, v2;
};

const std::vector<ConvnetRow>& convnets() {
  static const std::vector<ConvnetRow> rows = {
      {"b6c96", 96, 96, 32, 6, {3, 5}, false, 32, 32, 32, 64},
      {"b10c128", 128, 128, 32, 10, {5, 8}, false, 32, 32, 32, 80},
      {"b15c192", 192, 192, 64, 15, {7, 12}, false, 32, 32, 32, 96},
      {"b20c256", 256, 256, 64, 20, {7, 12, 17}, false, 48, 48, 48, 112},
      {"b40c256", 256, 256, 64, 40, {6, 11, 16, 21, 26, 31, 36}, false, 48, 48, 96, 128},
      {"b18c384nbt", 384, 192, 64, 18, {3, 6, 9, 12, 15}, true, 48, 48, 96, 128},
      {"b28c512nbt", 512, 256, 64, 28, {3, 6, 9, 12, 15, 18, 21, 24, 27}, true, 64, 64, 128, 144},
      {"b18c384nbt-humanv0", 384, 192, 64, 18, {3, 6, 9, 12, 15}, true, 48, 48, 96, 128},
  };
  return rows;
}

NetSpec convnetSpec(const ConvnetRow& row) {
  NetSpec spec;
  spec.name = row.name;
  spec.channels = row.channels;
  spec.mid = row.mid;
  spec.gpool = row.gpool;
  spec.blocks.assign(static_cast<size_t>(row.blocks), row.nested ? BlockKind::Nested : BlockKind::Ordinary);
  for (const int at : row.pooling)
    spec.blocks[static_cast<size_t>(at) - 1] = row.nested ? BlockKind::NestedPooling : BlockKind::Pooling;
  spec.p1 = row.p1;
  spec.g1 = row.g1;
  spec.v1 = row.v1;
  spec.v2 = row.v2;
  spec.metadataEncoder = spec.name == "b18c384nbt-humanv0";
  return spec;
}

// Alternating attention and feed-forward blocks; heads of 32 channels.
NetSpec transformerSpec(const char* name, int channels, int pairs, int heads, int ffn) {
  NetSpec spec;
  spec.name = name;
  spec.version = 17;
  spec.channels = spec.mid = channels;
  spec.activation = nn::Activation::Silu;
  spec.rmsTip = true;
  spec.heads = spec.kvHeads = heads;
  spec.ffn = ffn;
  for (int i = 0; i < pairs; i++)
    spec.blocks.insert(spec.blocks.end(), {BlockKind::Attention, BlockKind::FeedForward});
  return spec;
}

NetSpec nestedTransformerSpec() {
  NetSpec spec = transformerSpec("b15c512h8nbttflrs", 512, 0, 8, 768);
  spec.mid = 256;
  spec.gpool = 64;
  spec.learnableRope = true;
  spec.blocks.assign(15, BlockKind::NestedTransformer);
  spec.p1 = spec.g1 = 64;
  spec.v1 = spec.v2 = 128;
  return spec;
}

std::vector<NetSpec> transformers() {
  return {transformerSpec("b7c96h3tfrs", 96, 7, 3, 256), transformerSpec("b14c192h6tfrs", 192, 14, 6, 512),
          nestedTransformerSpec()};
}

}  // namespace

std::vector<std::string> architectureNames() {
  std::vector<std::string> names;
  for (const ConvnetRow& row : convnets()) names.push_back(row.name);
  for (const NetSpec& spec : transformers()) names.push_back(spec.name);
  return names;
}

std::optional<NetSpec> namedArchitecture(const std::string& name) {
  for (const ConvnetRow& row : convnets())
    if (row.name == name) return convnetSpec(row);
  for (const NetSpec& spec : transformers())
    if (spec.name == name) return spec;
  return std::nullopt;
}

}  // namespace ponnuki
