// Model files built in memory: every version, both encodings, and every way a file can be damaged.
#include "model/model_file.h"

#include <doctest/doctest.h>
#include <zlib.h>

#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "support/load_error.h"
#include "support/graph_runs.h"
#include "support/tiny_nets.h"

using namespace ponnuki;

namespace {

std::string textNet(int version) {
  return randomNetBytes(test::tinySpec(version, {BlockKind::Ordinary, BlockKind::Pooling}), 7,
                        FloatEncoding::Text);
}

std::string gzipped(const std::string& bytes) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string errorOf(const std::string& bytes, const std::string& name = "net.txt") {
  return test::loadError(bytes, name);
}

// Replaces the `index`-th (from 0) line of a text net.
std::string withLine(const std::string& text, int index, const std::string& line) {
  size_t at = 0;
  for (int i = 0; i < index; i++) at = text.find('\n', at) + 1;
  return text.substr(0, at) + line + text.substr(text.find('\n', at));
}

// Replaces the line `offset` lines after the first line that reads `anchor`.
std::string withLineAfter(const std::string& text, const std::string& anchor, int offset,
                          const std::string& line) {
  size_t at = text.find("\n" + anchor + "\n") + 1;
  REQUIRE(at != 0);
  for (int i = 0; i < offset; i++) at = text.find('\n', at) + 1;
  return text.substr(0, at) + line + text.substr(text.find('\n', at));
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every version from 3 to 17 loads, with the outputs its version has") {
  for (int version = 3; version <= 17; version++) {
    CAPTURE(version);
    const LoadedModel model = loadModelFromBytes(textNet(version), "net.txt");
    CHECK(model.info.version == version);
    CHECK(model.info.name == "tiny");
    CHECK(model.info.inputsVersion() == (version <= 4 ? 3 : version <= 7 ? version - 1 : 7));
    CHECK(model.info.policyChannels == (version < 12 ? 1 : version == 16 ? 4 : 2));
    CHECK(model.info.scoreChannels == (version >= 9 ? 6 : version == 8 ? 4 : version >= 4 ? 2 : 1));
    CHECK(model.info.multipliers.shorttermScoreError == (version >= 13 ? 150 : 30));
    const auto backend = nn::makeReferenceBackend();
    const auto in = test::randomInputs(model.graph, 2, 7, 7, false, 1);
    const auto out = test::run(*backend, model.graph, in, {.boardX = 7, .boardY = 7});
    for (const float v : out.value) CHECK(std::isfinite(v));
  }
}

TEST_CASE("text and binary, gzipped or not, hold the same net; the suffix decides") {
  const NetSpec spec = test::everyBlockSpec();
  const std::string text = randomNetBytes(spec, 7, FloatEncoding::Text);
  const std::string binary = randomNetBytes(spec, 7, FloatEncoding::Binary);
  const LoadedModel wanted = loadModelFromBytes(binary, "net.bin");
  const auto backend = nn::makeReferenceBackend();
  const auto in = test::randomInputs(wanted.graph, 1, 5, 5, true, 1);
  const nn::CompileOptions options{.boardX = 5, .boardY = 5};
  const auto value = test::run(*backend, wanted.graph, in, options).value;
  for (const auto& file :
       {std::pair(text, "net.txt"), std::pair(gzipped(text), "NET.TXT.GZ"),
        std::pair(gzipped(binary), "net.bin.gz"), std::pair(gzipped(text), "net.gz"),
        std::pair(gzipped(binary), "net.gz")}) {
    const std::string& name = file.second;  // Clang 14 cannot capture a structured binding
    CAPTURE(name);
    const LoadedModel model = loadModelFromBytes(file.first, name);
    CHECK(model.info.parameterCount == wanted.info.parameterCount);
    CHECK(test::run(*backend, model.graph, in, options).value == value);
  }
  CHECK(mentions(errorOf(text, "net.onnx"), "Model file should end with .txt, .bin, .txt.gz"));
  CHECK(mentions(errorOf(binary, "net.txt"),
                 "perhaps you are trying to load a .bin.gz model as a .txt.gz model?"));
  CHECK(mentions(errorOf(text, "net.bin"),
                 "perhaps you are trying to load a .txt.gz model as a .bin.gz model?"));
}

TEST_CASE("facts come from the records: kind, nesting, metadata inputs, depth") {
  const LoadedModel model = test::loadSpec(test::everyBlockSpec());
  CHECK(model.info.kindName() == "nbt transformer");
  CHECK(model.info.metaChannels() == 192);
  CHECK(model.graph.metaChannels() == 192);
  CHECK(model.info.numBlocks == 7);
  // 3x3 convs count 1, 1x1 convs 0, transformer blocks 2, the pooling branch nothing.
  CHECK(model.info.trunkConvDepth == 1 + 2 + 2 + 4 + 4 + 4 + 2 + 2);
}

TEST_CASE("bytes after the last field are ignored, bytes after the gzip stream are not") {
  CHECK(errorOf(textNet(8) + "more words") == "");
  const std::string file = gzipped(textNet(8));
  CHECK(mentions(errorOf(file + "x", "net.txt.gz"), "not all input was consumed"));
  CHECK(mentions(errorOf(file.substr(0, file.size() - 9), "net.txt.gz"), "reached unexpected end of input"));
  CHECK(mentions(errorOf("not gzip at all", "net.txt.gz"), "Z_DATA_ERROR"));
  CHECK(mentions(errorOf(file.substr(0, 200), "net.gz"), "reached unexpected end of input"));
}

TEST_CASE("every error names the file and says what is wrong") {
  const std::string v17 = textNet(17);
  CHECK(errorOf(withLine(v17, 1, "18")) ==
        "Error loading or parsing model file net.txt: This neural net requires a newer KataGo version. "
        "Obtain a newer "
        "KataGo at https://github.com/lightvector/KataGo. Model version: 18");
  CHECK(mentions(errorOf(withLine(v17, 0, "a/b")), "Model name must contain only alphanumeric"));
  CHECK(
      mentions(errorOf(withLine(v17, 0, std::string(97, 'a'))), "Model name is too long (97 chars, max 96)"));
  CHECK(mentions(errorOf(withLine(v17, 1, "2")), "extremely old version"));
  CHECK(mentions(errorOf(withLine(v17, 1, "-1")), "invalid version"));
  CHECK(mentions(errorOf(""), "Model failed to parse name or version"));
  CHECK(mentions(errorOf(withLine(v17, 2, "21")),
                 "tiny: numInputChannels (21) != trunk.initialConv.inChannels (22)"));
  CHECK(mentions(errorOf(withLine(v17, 3, "0")), "tiny: model numInputGlobalChannels must be positive"));
  CHECK(mentions(errorOf(withLine(v17, 4, "inf")), "tiny: model failed to parse tdScoreMultiplier"));
  CHECK(mentions(errorOf(withLine(v17, 5, "-2")), "tiny: model scoreMeanMultiplier must be positive"));
  CHECK(mentions(errorOf(withLine(v17, 11, "2")), "metaEncoderVersion not implemented"));
  CHECK(mentions(errorOf(withLine(v17, 13, "1")), "unknown/unsupported model option C: 1"));
  CHECK(mentions(errorOf(withLineAfter(v17, "trunk", 7, "2")),
                 "trunk: unknown or unsupported trunk norm kind: 2"));
  CHECK(mentions(errorOf(withLineAfter(v17, "trunk", 12, "5")), "unknown/unsupported trunk option F: 5"));
  CHECK(mentions(errorOf(withLineAfter(v17, "conv_spatial", 1, "2")), "filter sizes must be odd"));
  CHECK(
      mentions(errorOf(withLineAfter(withLineAfter(v17, "linear_global", 1, "8"), "linear_global", 2, "19")),
               "trunk: initialMatMul.outChannels (19) != trunkNumChannels (8)"));
  CHECK(mentions(errorOf(withLineAfter(v17, "policy_head", 1, "3")), "invalid policyOutChannels 3"));
  CHECK(mentions(errorOf(withLineAfter(v17, "act_trunkfinal", 1, "ACTIVATION_GELU")),
                 "unknown activation ACTIVATION_GELU"));
  CHECK(mentions(errorOf(withLineAfter(v17, "norm_trunkfinal", 2, "0")),
                 "epsilon (0) is not positive and finite"));
  CHECK(mentions(errorOf(withLineAfter(v17, "norm_trunkfinal", 3, "2")), "bnlayer failed to parse"));
  CHECK(mentions(errorOf(withLineAfter(v17, "ordinary_block", 0, "dilated_block")),
                 "trunk: found unknown block kind: dilated_block"));
  CHECK(mentions(errorOf("", "net.bin"), "net.bin"));
  CHECK_THROWS_WITH_AS(loadModel("/nowhere/net.bin.gz"),
                       doctest::Contains("Could not open file /nowhere/net.bin.gz"), UserError);
}

TEST_CASE("weights must be finite") {
  for (const char* bad : {"nan", "inf", "-inf", "1e39"}) {
    std::string text = textNet(8);
    const size_t at = text.find("linear_global");
    const size_t weights = text.find('\n', text.find('\n', text.find('\n', at) + 1) + 1) + 1;
    text.replace(weights, text.find(' ', weights) - weights, bad);
    CHECK(mentions(errorOf(text), "linear_global: Nan or infinite neural net weight or parameter"));
  }
}

TEST_CASE("claims that the file cannot fulfil are refused before memory is taken") {
  const std::string v8 = textNet(8);
  for (const char* huge : {"2147483647", "1000000000", "99999999999", "-5", "0"}) {
    CAPTURE(huge);
    CHECK(errorOf(withLineAfter(v8, "conv_spatial", 3, huge)) != "");
    CHECK(errorOf(withLineAfter(v8, "conv_spatial", 4, huge)) != "");
    CHECK(errorOf(withLineAfter(v8, "conv_spatial", 1, huge)) != "");
    CHECK(errorOf(withLineAfter(v8, "norm_trunkfinal", 1, huge)) != "");
    CHECK(errorOf(withLineAfter(v8, "trunk", 1, huge)) != "");
    CHECK(errorOf(withLineAfter(v8, "linear_pass", 1, huge)) != "");
  }
  std::string binary = randomNetBytes(test::tinySpec(8, {BlockKind::Ordinary}), 1, FloatEncoding::Binary);
  binary.replace(binary.find("22\n8\n1\n1\n@BIN@"), 4, "22\n2000000000");
  CHECK(mentions(errorOf(binary, "net.bin"), "did not find the expected number of floats"));
  CHECK(mentions(errorOf(gzipped(binary), "net.bin.gz"), "did not find the expected number of floats"));
}

TEST_CASE("blocks nested without end are refused, not followed") {
  const std::string spec = randomNetBytes(test::tinySpec(8, {BlockKind::Nested}), 1, FloatEncoding::Text);
  const size_t inner = spec.find("ordinary_block"), outer = spec.find("nested_bottleneck_block");
  std::string text = spec.substr(0, outer);
  for (int i = 0; i < 5000; i++) text += spec.substr(outer, inner - outer);
  CHECK(errorOf(text) != "");
}

TEST_CASE("a file cut at any byte is a UserError, whatever its encoding") {
  NetSpec spec = test::tinySpec(17, {BlockKind::NestedTransformer, BlockKind::Pooling});
  spec.channels = spec.mid = 3;
  spec.gpool = 1;
  for (const FloatEncoding encoding : {FloatEncoding::Text, FloatEncoding::Binary}) {
    const std::string whole = randomNetBytes(spec, 2, encoding);
    const char* name = encoding == FloatEncoding::Text ? "net.txt" : "net.bin";
    REQUIRE(errorOf(whole, name) == "");
    const size_t last = whole.find_last_not_of(" \n");
    int accepted = 0;
    for (size_t cut = 0; cut + 16 < last; cut += cut < 600 ? 1 : 7)
      accepted += errorOf(whole.substr(0, cut), name) == "";
    CHECK(accepted == 0);
  }
  const std::string file = gzipped(randomNetBytes(spec, 2, FloatEncoding::Binary));
  int accepted = 0;
  for (size_t cut = 0; cut < file.size(); cut += 11) accepted += errorOf(file.substr(0, cut), "net.gz") == "";
  CHECK(accepted == 0);
}

TEST_CASE("damaged bytes never crash: a net or a UserError") {
  NetSpec spec = test::everyBlockSpec();
  spec.metadataEncoder = false;
  const std::string whole = randomNetBytes(spec, 2, FloatEncoding::Text);
  test::Stream stream(5);
  for (int round = 0; round < 300; round++) {
    std::string damaged = whole;
    for (int i = 0; i < 3; i++)
      damaged[stream.bits() % damaged.size()] = static_cast<char>("0123456789 -.e\n@x"[stream.bits() % 17]);
    errorOf(damaged);
  }
}

TEST_CASE("named architectures have the published parameter counts") {
  const auto count = [](const char* name, int version) {
    NetSpec spec = *namedArchitecture(name);
    spec.version = version;
    return test::loadSpec(spec).info.parameterCount;
  };
  CHECK(count("b6c96", 15) == 998089);
  CHECK(count("b10c128", 15) == 2954185);
  CHECK(test::loadSpec(*namedArchitecture("b7c96h3tfrs")).info.kindName() == "transformer");
  CHECK_FALSE(namedArchitecture("b9000").has_value());
  CHECK_THROWS_AS(writeRandomNet("b9000", "x.bin.gz", 1), UserError);
}

TEST_CASE("a random net written to disk loads again, mapped or from memory") {
  const std::string path =
      (std::filesystem::temp_directory_path() / "ponnuki-random-net-test.bin.gz").string();
  writeRandomNet(test::everyBlockSpec(), path, 3);
  const LoadedModel a = loadModel(path), b = loadModelFromBytes(readFile(path), "x.bin.gz");
  CHECK(a.info.parameterCount == b.info.parameterCount);
  CHECK(a.info.parameterCount > 0);
  CHECK(a.graph.ops.size() == b.graph.ops.size());
  CHECK(a.info.fileName == path);
  std::filesystem::remove(path);
}
