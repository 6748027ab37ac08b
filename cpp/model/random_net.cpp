#include "model/random_net.h"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <functional>

#include "base/error.h"
#include "base/hash128.h"
#include "base/text.h"
#include "model/model_file.h"

namespace ponnuki {
namespace {

using Sink = std::function<void(std::string_view)>;

// Standard normal values (Box-Muller); the same for the same seed.
class Normals {
 public:
  explicit Normals(uint64_t seed) : state_(seed) {}
  float next() {
    if (hasKept_) {
      hasKept_ = false;
      return kept_;
    }
    const float u = static_cast<float>((draw() >> 40) + 1) * 0x1p-24f;
    const float angle = static_cast<float>(draw() >> 40) * (0x1p-24f * 6.2831853f);
    const float radius = std::sqrt(-2.0f * std::log(u));
    kept_ = radius * std::sin(angle);
    hasKept_ = true;
    return radius * std::cos(angle);
  }

 private:
  uint64_t draw() { return mix::splitMix64(state_ += 0x9e3779b97f4a7c15ULL); }
  uint64_t state_;
  float kept_ = 0;
  bool hasKept_ = false;
};

class NetWriter {
 public:
  NetWriter(const NetSpec& spec, uint64_t seed, FloatEncoding encoding, Sink sink)
      : spec_(spec), normals_(seed), encoding_(encoding), sink_(std::move(sink)) {}

  void write() {
    header();
    trunk();
    policyHead();
    valueHead();
  }

 private:
  void line(const std::string& text) { sink_(text + "\n"); }
  void numbers(const std::vector<int>& values) {
    for (const int v : values) line(std::to_string(v));
  }
  void floats(const std::vector<float>& values);
  void normal(size_t count, float deviation, float mean = 0);

  void conv(const std::string& name, int size, int inC, int outC, float gain = 1);
  void norm(const std::string& name, int channels, float scale);  // scale 0: bias only
  void act(const std::string& name);
  void matmul(const std::string& name, int inC, int outC, float gain = 1);
  void bias(const std::string& name, int channels);
  void rmsWeight(const std::string& name, int channels);

  void header();
  void trunk();
  void metadataEncoder();
  void block(BlockKind kind, const std::string& name, int channels, int mid, int index);
  void ordinary(const std::string& name, int channels, int mid, int index);
  void pooling(const std::string& name, int channels, int mid, int index);
  void nested(BlockKind kind, const std::string& name, int index);
  void attention(const std::string& name, int channels);
  void feedForward(const std::string& name, int channels);
  void policyHead();
  void valueHead();
  int policyChannels() const {
    return spec_.version < 12 ? 1 : spec_.version < 16 ? 2 : spec_.version == 16 ? 4 : spec_.policyChannels;
  }

  const NetSpec& spec_;
  Normals normals_;
  FloatEncoding encoding_;
  Sink sink_;
};

void NetWriter::floats(const std::vector<float>& values) {
  std::string out;
  if (encoding_ == FloatEncoding::Binary) {
    out = "@BIN@";
    for (const float v : values) {
      const uint32_t bits = std::bit_cast<uint32_t>(v);
      for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(bits >> shift & 0xff));
    }
  } else {
    char text[32];
    for (const float v : values) {
      std::snprintf(text, sizeof text, "%.9g ", static_cast<double>(v));
      out += text;
    }
  }
  sink_(out += '\n');
}

void NetWriter::normal(size_t count, float deviation, float mean) {
  std::vector<float> values(count);
  for (float& v : values) v = mean + deviation * normals_.next();
  floats(values);
}

void NetWriter::conv(const std::string& name, int size, int inC, int outC, float gain) {
  line(name);
  numbers({size, size, inC, outC, 1, 1});
  const int fanIn = size * size * inC;
  normal(static_cast<size_t>(fanIn) * static_cast<size_t>(outC), gain / std::sqrt(static_cast<float>(fanIn)));
}

void NetWriter::norm(const std::string& name, int channels, float scale) {
  line(name);
  line(std::to_string(channels));
  line("1e-20");
  numbers({scale != 0 ? 1 : 0, 1});
  const size_t count = static_cast<size_t>(channels);
  floats(std::vector<float>(count, 0.0f));
  floats(std::vector<float>(count, 1.0f));
  if (scale != 0) floats(std::vector<float>(count, scale));
  normal(count, 0.1f);
}

void NetWriter::act(const std::string& name) {
  line(name);
  if (spec_.version < 11) return;
  line("ACTIVATION_" + toUpper(nn::activationName(spec_.activation)));
}

void NetWriter::matmul(const std::string& name, int inC, int outC, float gain) {
  line(name);
  numbers({inC, outC});
  normal(static_cast<size_t>(inC) * static_cast<size_t>(outC), gain / std::sqrt(static_cast<float>(inC)));
}

void NetWriter::bias(const std::string& name, int channels) {
  line(name);
  line(std::to_string(channels));
  normal(static_cast<size_t>(channels), 0.1f);
}

void NetWriter::rmsWeight(const std::string& name, int channels) {
  line(name);
  line(std::to_string(channels));
  line("1e-06");
  normal(static_cast<size_t>(channels), 0.05f, 1.0f);
}

void NetWriter::header() {
  const InputLayout layout = inputLayout(spec_.version);
  line(spec_.name);
  numbers({spec_.version, layout.spatialChannels, layout.globalChannels});
  if (spec_.version >= 13)
    for (const char* multiplier : {"20.0", "20.0", "20.0", "20.0", "40.0", "0.25", "150.0"}) line(multiplier);
  if (spec_.version >= 15) numbers({spec_.metadataEncoder ? 1 : 0, 0, 0, 0, 0, 0, 0, 0});
}

void NetWriter::trunk() {
  const InputLayout layout = inputLayout(spec_.version);
  const int blocks = static_cast<int>(spec_.blocks.size());
  line("trunk");
  numbers({blocks, spec_.channels, spec_.mid, spec_.mid - spec_.gpool, spec_.gpool, spec_.gpool});
  const bool rmsTip = spec_.rmsTip && spec_.version >= 15;
  if (spec_.version >= 15) numbers({rmsTip ? 1 : 0, 0, 0, 0, 0, 0});
  conv("conv_spatial", spec_.stemSize, layout.spatialChannels, spec_.channels, 0.8f);
  matmul("linear_global", layout.globalChannels, spec_.channels, 0.6f);
  if (spec_.metadataEncoder && spec_.version >= 15) metadataEncoder();
  for (int i = 0; i < blocks; i++)
    block(spec_.blocks[static_cast<size_t>(i)], "blocks." + std::to_string(i), spec_.channels, spec_.mid, i);
  if (rmsTip) {
    line("norm_trunkfinal");
    line(std::to_string(spec_.channels));
    line("1e-06");
    numbers({spec_.rmsTipIsSpatial ? 1 : 0, 0});
    normal(static_cast<size_t>(spec_.channels), 0.05f, 1.0f);
    normal(static_cast<size_t>(spec_.channels), 0.1f);
  } else {
    norm("norm_trunkfinal", spec_.channels, 1.0f / std::sqrt(static_cast<float>(blocks + 1)));
  }
  act("act_trunkfinal");
}

void NetWriter::metadataEncoder() {
  line("sgf_metadata_encoder");
  line(std::to_string(kMetaChannels));
  matmul("meta.mul1", kMetaChannels, spec_.channels);
  bias("meta.bias1", spec_.channels);
  act("meta.act1");
  matmul("meta.mul2", spec_.channels, spec_.channels);
  bias("meta.bias2", spec_.channels);
  act("meta.act2");
  matmul("meta.mul3", spec_.channels, spec_.channels);
}

void NetWriter::block(BlockKind kind, const std::string& name, int channels, int mid, int index) {
  switch (kind) {
    case BlockKind::Ordinary:
      return ordinary(name, channels, mid, index);
    case BlockKind::Pooling:
      return pooling(name, channels, mid, index);
    case BlockKind::Nested:
    case BlockKind::NestedPooling:
    case BlockKind::NestedTransformer:
      return nested(kind, name, index);
    case BlockKind::Attention:
      return attention(name, channels);
    case BlockKind::FeedForward:
      return feedForward(name, channels);
  }
}

void NetWriter::ordinary(const std::string& name, int channels, int mid, int index) {
  line("ordinary_block");
  line(name);
  norm(name + ".norm1", channels, 1.0f / std::sqrt(static_cast<float>(index + 1)));
  act(name + ".act1");
  conv(name + ".conv1", 3, channels, mid);
  norm(name + ".norm2", mid, 1.0f);
  act(name + ".act2");
  conv(name + ".conv2", 3, mid, channels);
}

void NetWriter::pooling(const std::string& name, int channels, int mid, int index) {
  const int regular = mid - spec_.gpool;
  line("gpool_block");
  line(name);
  norm(name + ".norm1", channels, 1.0f / std::sqrt(static_cast<float>(index + 1)));
  act(name + ".act1");
  conv(name + ".conv1r", 3, channels, regular, 0.8f);
  conv(name + ".conv1g", 3, channels, spec_.gpool);
  norm(name + ".normg", spec_.gpool, 1.0f);
  act(name + ".actg");
  matmul(name + ".linear_g", 3 * spec_.gpool, regular, 0.6f);
  norm(name + ".norm2", regular, 1.0f);
  act(name + ".act2");
  conv(name + ".conv2", 3, regular, channels);
}

void NetWriter::nested(BlockKind kind, const std::string& name, int index) {
  const bool transformer = kind == BlockKind::NestedTransformer;
  const int inner = transformer ? 2 * spec_.innerPairs : 2;
  line("nested_bottleneck_block");
  line(name);
  line(std::to_string(inner));
  norm(name + ".normp", spec_.channels, 1.0f / std::sqrt(static_cast<float>(index + 1)));
  act(name + ".actp");
  conv(name + ".convp", 1, spec_.channels, spec_.mid);
  for (int j = 0; j < inner; j++) {
    const BlockKind innerKind = transformer ? (j % 2 == 0 ? BlockKind::Attention : BlockKind::FeedForward)
                                : kind == BlockKind::NestedPooling && j == 0 ? BlockKind::Pooling
                                                                             : BlockKind::Ordinary;
    block(innerKind, name + "." + std::to_string(j), spec_.mid, spec_.mid, j);
  }
  norm(name + ".normq", spec_.mid, 1.0f / std::sqrt(3.0f));
  act(name + ".actq");
  conv(name + ".convq", 1, spec_.mid, spec_.channels);
}

void NetWriter::attention(const std::string& name, int channels) {
  line("transformer_attention_block");
  line(name);
  numbers(
      {spec_.heads, spec_.kvHeads, spec_.qDim, spec_.vDim, spec_.rope ? 1 : 0, spec_.learnableRope ? 1 : 0});
  rmsWeight(name + ".norm1", channels);
  matmul(name + ".q_proj", channels, spec_.heads * spec_.qDim);
  matmul(name + ".k_proj", channels, spec_.kvHeads * spec_.qDim);
  matmul(name + ".v_proj", channels, spec_.kvHeads * spec_.vDim);
  matmul(name + ".out_proj", spec_.heads * spec_.vDim, channels);
  if (!spec_.rope) return;
  if (spec_.learnableRope) {
    line(name + ".rope_freqs");
    numbers({spec_.kvHeads, spec_.qDim / 2, 2});
    normal(static_cast<size_t>(spec_.kvHeads) * static_cast<size_t>(spec_.qDim), 0.3f);
  } else {
    line(name + ".rope_theta");
    line("100.0");
  }
}

void NetWriter::feedForward(const std::string& name, int channels) {
  line("transformer_ffn_block");
  line(name);
  numbers({channels, spec_.ffn, spec_.gatedFfn ? 1 : 0});
  rmsWeight(name + ".norm", channels);
  matmul(name + ".ffn_linear1", channels, spec_.ffn);
  if (spec_.gatedFfn) matmul(name + ".ffn_linear_gate", channels, spec_.ffn);
  matmul(name + ".ffn_linear2", spec_.ffn, channels);
}

void NetWriter::policyHead() {
  line("policy_head");
  if (spec_.version >= 17) numbers({policyChannels(), 0, 0, 0});
  conv("conv1p", 1, spec_.channels, spec_.p1, 0.8f);
  conv("conv1g", 1, spec_.channels, spec_.g1);
  norm("biasg", spec_.g1, 0);
  act("actg");
  matmul("linear_g", 3 * spec_.g1, spec_.p1, 0.6f);
  norm("bias2", spec_.p1, 0);
  act("act2");
  conv("conv2p", 1, spec_.p1, policyChannels(), 0.6f);
  if (spec_.version < 15) return matmul("linear_pass", 3 * spec_.g1, policyChannels());
  matmul("linear_pass", 3 * spec_.g1, spec_.p1);
  bias("linear_pass_bias", spec_.p1);
  act("act_pass");
  matmul("linear_pass2", spec_.p1, policyChannels(), 0.3f);
}

void NetWriter::valueHead() {
  const int score = spec_.version >= 9 ? 6 : spec_.version == 8 ? 4 : spec_.version >= 4 ? 2 : 1;
  line("value_head");
  if (spec_.version >= 17) numbers({0, 0, 0});
  conv("conv1", 1, spec_.channels, spec_.v1);
  norm("bias1", spec_.v1, 0);
  act("act1");
  matmul("linear2", 3 * spec_.v1, spec_.v2);
  bias("bias2", spec_.v2);
  act("act2");
  matmul("linear_valuehead", spec_.v2, 3);
  bias("bias_valuehead", 3);
  matmul("linear_miscvaluehead", spec_.v2, score);
  bias("bias_miscvaluehead", score);
  conv("conv_ownership", 1, spec_.v1, 1);
}

}  // namespace

std::string randomNetBytes(const NetSpec& spec, uint64_t seed, FloatEncoding encoding) {
  std::string out;
  NetWriter(spec, seed, encoding, [&](std::string_view piece) { out += piece; }).write();
  return out;
}

void writeRandomNet(const NetSpec& spec, const std::string& path, uint64_t seed) {
  const gzFile file = gzopen(path.c_str(), "wb1");
  bool good = file != nullptr;
  const Sink sink = [&](std::string_view piece) {
    for (size_t at = 0; good && at < piece.size();) {
      const unsigned step = static_cast<unsigned>(std::min(piece.size() - at, size_t{1} << 24));
      good = gzwrite(file, piece.data() + at, step) == static_cast<int>(step);
      at += step;
    }
  };
  if (good) NetWriter(spec, seed, FloatEncoding::Binary, sink).write();
  if (file != nullptr) good = gzclose(file) == Z_OK && good;
  if (!good)
    throw UserError("Could not write the random net " + path +
                    ": is the folder there, and the disk not full?");
}

void writeRandomNet(const std::string& architecture, const std::string& path, uint64_t seed) {
  const auto spec = namedArchitecture(architecture);
  if (!spec)
    throw UserError("There is no architecture named '" + architecture + "'; expected one of " +
                    join(architectureNames(), ", "));
  writeRandomNet(*spec, path, seed);
}

}  // namespace ponnuki
