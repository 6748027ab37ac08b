#include "model/model_file.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <optional>

#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"
#include "model/blocks.h"
#include "model/builtin_net.h"
#include "model/heads.h"

namespace ponnuki {
namespace {

constexpr size_t kLongestModelName = 96;

struct Trunk {
  std::string name;
  int channels = 0, numBlocks = 0;
  ConvLayer stem;
  MatMulLayer global;
  std::optional<MetadataEncoder> metadata;
  std::vector<Block> blocks;
  std::optional<RmsNormLayer> rmsTip;  // else normTip
  NormLayer normTip;
  ActivationLayer tipAct;
};

void checkName(const std::string& name) {
  if (name.size() > kLongestModelName)
    throw UserError("Model name is too long (" + std::to_string(name.size()) + " chars, max 96): " + name);
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  };
  if (!std::all_of(name.begin(), name.end(), allowed))
    throw UserError("Model name must contain only alphanumeric characters, underscores, and hyphens: " +
                    name);
}

void checkVersion(int version) {
  const std::string shown = std::to_string(version);
  if (version < 0)
    throw UserError(
        "This neural net has an invalid version, you probably specified the wrong file. Supposed model "
        "version: " +
        shown);
  if (version < kMinModelVersion)
    throw UserError(
        "This neural net is from an extremely old version of KataGo and is no longer supported by the "
        "engine. Model version: " +
        shown);
  if (version > kMaxModelVersion)
    throw UserError(
        "This neural net requires a newer KataGo version. Obtain a newer KataGo at "
        "https://github.com/lightvector/KataGo. Model version: " +
        shown);
}

int readHeaderInt(Reading& r, const ModelInfo& info, const char* field) {
  int value = 0;
  if (!r.in.integer(value)) throw UserError(info.name + ": model failed to parse " + field);
  return value;
}

void readMultipliers(Reading& r, ModelInfo& info) {
  PostProcessMultipliers& m = info.multipliers;
  const std::pair<const char*, double*> fields[] = {
      {"tdScoreMultiplier", &m.tdScore},
      {"scoreMeanMultiplier", &m.scoreMean},
      {"scoreStdevMultiplier", &m.scoreStdev},
      {"leadMultiplier", &m.lead},
      {"varianceTimeMultiplier", &m.varianceTime},
      {"shorttermValueErrorMultiplier", &m.shorttermValueError},
      {"shorttermScoreErrorMultiplier", &m.shorttermScoreError},
  };
  for (const auto& [field, value] : fields) {
    if (!r.in.real(*value)) throw UserError(info.name + ": model failed to parse " + field);
    if (!(*value > 0) || !std::isfinite(*value))
      throw UserError(info.name + ": model " + field + " must be positive");
  }
}

void readOptions(Reading& r, ModelInfo& info) {
  info.metaEncoderVersion = readHeaderInt(r, info, "metaEncoderVersion");
  const std::string shown = std::to_string(info.metaEncoderVersion);
  if (info.metaEncoderVersion < 0)
    throw UserError(info.name + ": model metaEncoderVersion unexpected value: " + shown);
  if (info.metaEncoderVersion > 1)
    throw UserError(info.name +
                    ": model metaEncoderVersion not implemented, you may need a newer KataGo version, "
                    "value was: " +
                    shown);
  const int prefer = readHeaderInt(r, info, "preferPassAliveUnderSuicideRules");
  if (prefer != 0 && prefer != 1)
    throw UserError(info.name +
                    ": model preferPassAliveUnderSuicideRules unexpected value: " + std::to_string(prefer));
  info.preferPassAliveUnderSuicideRules = prefer == 1;
  for (const char letter : {'C', 'D', 'E', 'F', 'G', 'H'}) requireUnused(r, info.name, "model", letter);
}

void readHeader(Reading& r, ModelInfo& info) {
  if (!r.in.token(info.name) || !r.in.integer(info.version))
    throw UserError(
        "Model failed to parse name or version. Is this a valid model file? You probably specified the "
        "wrong file.");
  checkName(info.name);
  if (info.version == kStoredFormVersion) {
    info.stored = readStoredForm(r.in);
    info.version = readHeaderInt(r, info, "version");
  }
  checkVersion(info.version);
  r.version = info.version;
  info.spatialChannels = readHeaderInt(r, info, "numInputChannels");
  if (info.spatialChannels <= 0) throw UserError(info.name + ": model numInputChannels must be positive");
  info.globalChannels = readHeaderInt(r, info, "numInputGlobalChannels");
  if (info.globalChannels <= 0)
    throw UserError(info.name + ": model numInputGlobalChannels must be positive");
  if (info.version >= 13) readMultipliers(r, info);
  if (info.version >= 15) readOptions(r, info);
}

bool readTrunkSizes(Reading& r, Trunk& t) {  // true: the tip is an rms record
  int midC = 0, regularC = 0, dilatedC = 0, gpoolC = 0;
  for (int* field : {&t.numBlocks, &t.channels, &midC, &regularC, &dilatedC, &gpoolC})
    if (!r.in.integer(*field))
      throw UserError(t.name + ": trunk failed to parse num blocks or various channel parameters");
  if (t.numBlocks < 1) throw UserError(t.name + ": trunk num blocks must be positive");
  if (std::min({t.channels, midC, regularC, gpoolC}) <= 0)
    throw UserError(t.name + ": all numbers of channels must be positive");
  if (r.version < 15) return false;
  int normKind = 0;
  if (!r.in.integer(normKind))
    throw UserError(t.name + ": trunk failed to parse trunk norm kind / unused params");
  if (normKind != 0 && normKind != 1)
    throw UserError(t.name + ": unknown or unsupported trunk norm kind: " + std::to_string(normKind));
  for (const char letter : {'B', 'C', 'D', 'E', 'F'}) requireUnused(r, t.name, "trunk", letter);
  return normKind == 1;
}

Trunk readTrunk(Reading& r, const ModelInfo& info) {
  Trunk t;
  t.name = r.name("trunk");
  const bool hasRmsTip = readTrunkSizes(r, t);
  t.stem = readConv(r);
  r.trunkConvDepth += (t.stem.attrs.ky + t.stem.attrs.kx - 2) / 4.0;
  t.global = readMatMul(r);
  if (info.metaEncoderVersion > 0) t.metadata = readMetadataEncoder(r, info.metaChannels());
  t.blocks = readBlocks(r, t.name, t.numBlocks, t.channels);
  if (hasRmsTip)
    t.rmsTip = readTipRmsNorm(r);
  else
    t.normTip = readNorm(r);
  t.tipAct = readActivation(r);
  const int tipChannels = hasRmsTip ? t.rmsTip->channels : t.normTip.channels;
  requireEqual(t.name, "initialConv.outChannels", t.stem.attrs.outC, "trunkNumChannels", t.channels);
  requireEqual(t.name, "initialMatMul.outChannels", t.global.outC, "trunkNumChannels", t.channels);
  if (t.metadata)
    requireEqual(t.name, "metaEncoder.mul3.outChannels", t.metadata->mul3.outC, "trunkNumChannels",
                 t.channels);
  requireEqual(t.name, "trunkTipBN.numChannels", tipChannels, "trunkNumChannels", t.channels);
  return t;
}

nn::TensorId append(nn::GraphBuilder& g, const Trunk& t) {
  nn::TensorId trunk =
      g.broadcastAdd(t.name, append(g, t.stem, g.spatial()), append(g, t.global, g.global()));
  if (t.metadata) trunk = g.broadcastAdd(t.metadata->name, trunk, append(g, *t.metadata, g.meta()));
  trunk = append(g, t.blocks, trunk);
  if (!t.rmsTip) return append(g, t.normTip, t.tipAct, trunk);
  return g.mask(t.rmsTip->name, append(g, t.tipAct, append(g, *t.rmsTip, trunk)));
}

void checkWhole(const ModelInfo& info, const Trunk& t, const PolicyHead& p, const ValueHead& v) {
  requireEqual(info.name, "numInputChannels", info.spatialChannels, "trunk.initialConv.inChannels",
               t.stem.attrs.inC);
  requireEqual(info.name, "numInputGlobalChannels", info.globalChannels, "trunk.initialMatMul.inChannels",
               t.global.inC);
  requireEqual(info.name, "trunk.trunkNumChannels", t.channels, "policyHead.p1Conv.inChannels",
               p.p1.attrs.inC);
  requireEqual(info.name, "trunk.trunkNumChannels", t.channels, "policyHead.g1Conv.inChannels",
               p.g1.attrs.inC);
  requireEqual(info.name, "trunk.trunkNumChannels", t.channels, "valueHead.v1Conv.inChannels",
               v.v1.attrs.inC);
  const InputLayout layout = inputLayout(info.version);
  requireEqual(info.name, "numInputChannels", info.spatialChannels, "the input channels of its model version",
               layout.spatialChannels);
  requireEqual(info.name, "numInputGlobalChannels", info.globalChannels,
               "the global inputs of its model version", layout.globalChannels);
}

LoadedModel parse(ByteSource& source, FloatEncoding encoding, ReadObserver* observer) {
  TokenReader in(source, encoding, observer);
  Reading r{in};
  LoadedModel model;
  ModelInfo& info = model.info;
  readHeader(r, info);
  const Trunk trunk = readTrunk(r, info);
  const PolicyHead policy = readPolicyHead(r);
  const ValueHead value = readValueHead(r);
  checkWhole(info, trunk, policy, value);
  in.skipRest();

  nn::GraphBuilder builder(info.spatialChannels, info.globalChannels, info.metaChannels());
  nn::GraphOutputs outputs;
  const nn::TensorId tip = append(builder, trunk);
  append(builder, policy, tip, outputs);
  append(builder, value, tip, outputs);
  model.graph = builder.finish(outputs);

  info.policyChannels = model.graph.policyChannels();
  info.scoreChannels = model.graph.scoreChannels();
  info.trunkChannels = trunk.channels;
  info.numBlocks = trunk.numBlocks;
  info.hasNestedBlocks = std::any_of(trunk.blocks.begin(), trunk.blocks.end(), [](const Block& block) {
    return std::holds_alternative<NestedBlock>(block.record);
  });
  info.hasTransformerBlocks = r.hasTransformerBlocks;
  info.parameterCount = r.parameters;
  info.trunkConvDepth = r.trunkConvDepth;
  return model;
}

// The suffix rules of section 2.
LoadedModel parseByName(std::string_view bytes, const std::string& fileName, const FileBytes* file,
                        ReadObserver* observer) {
  const std::string lower = toLower(fileName);
  const auto plain = [&](FloatEncoding encoding) { return parse(*plainSource(bytes, file), encoding, observer); };
  const auto gzipped = [&](FloatEncoding encoding) {
    return parse(*inflatingSource(bytes, fileName, file), encoding, observer);
  };
  if (endsWith(lower, ".txt")) return plain(FloatEncoding::Text);
  if (endsWith(lower, ".bin")) return plain(FloatEncoding::Binary);
  if (endsWith(lower, ".txt.gz")) return gzipped(FloatEncoding::Text);
  if (endsWith(lower, ".bin.gz")) return gzipped(FloatEncoding::Binary);
  if (!endsWith(lower, ".gz"))
    throw UserError(
        "Model file should end with .txt, .bin, .txt.gz, .bin.gz, or possibly just .gz. (If it doesn't "
        "have one of these extensions already, it's probably the wrong file, renaming will probably NOT "
        "help).");
  std::string binaryError;
  try {
    return gzipped(FloatEncoding::Binary);
  } catch (const ContainerError&) {
    throw;
  } catch (const UserError& error) {
    binaryError = error.what();
  }
  try {
    return gzipped(FloatEncoding::Text);
  } catch (const ContainerError&) {
    throw;
  } catch (const UserError& error) {
    throw UserError(
        std::string("Could neither parse .gz model as .txt.gz model nor as .bin.gz model, errors were:\n") +
        error.what() + "\n" + binaryError);
  }
}

// Runs `load`, naming the file in whatever goes wrong.
template <class Load>
LoadedModel named(const std::string& fileName, Load load) {
  const std::string prefix = "Error loading or parsing model file " + fileName + ": ";
  try {
    return load();
  } catch (const UserError& error) {
    throw UserError(prefix + error.what());
  } catch (const std::bad_alloc&) {
    throw UserError(prefix +
                    "not enough memory to hold its weights; use a smaller net or a machine with more memory");
  }
}

LoadedModel loadBytes(std::string_view bytes, const std::string& fileName, const FileBytes* file,
                      ReadObserver* observer = nullptr) {
  LoadedModel model = parseByName(bytes, fileName, file, observer);
  model.info.fileName = fileName;
  return model;
}

}  // namespace

LoadedModel loadModel(const std::string& path, ReadObserver* observer) {
  return named(path, [&] {
    if (path == kBuiltinNet && !builtinNet().empty()) {
      LoadedModel model = loadBytes(builtinNet(), "built-in.bin.gz", nullptr, observer);
      model.info.fileName = path;
      return model;
    }
    const FileBytes file(path);
    return loadBytes(file.view(), path, &file, observer);
  });
}

std::string fileSha256(const std::string& path) {
  return sha256Hex(FileBytes(path).view());
}

LoadedModel loadModelFromBytes(std::string bytes, const std::string& fileName) {
  return named(fileName, [&] { return loadBytes(bytes, fileName, nullptr); });
}

}  // namespace ponnuki
