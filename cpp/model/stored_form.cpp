#include "model/stored_form.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/error.h"
#include "base/file.h"
#include "base/half.h"
#include "base/text.h"
#include "graph/quantization.h"
#include "model/group_scales.h"
#include "model/model_file.h"

namespace ponnuki {
namespace {

constexpr const char* kHeaderName = "ponnuki-storage";
constexpr const char* kHeaderVersion = "1";
constexpr const char* kAccuracyPrefix = "accuracy-";

// Arrays with fewer values stay in float32: they take little space and weigh much.
constexpr size_t kFewestHalves = 256, kFewestHalvesInt8 = 32;

void putLittleEndian(std::string& out, uint32_t bits, int bytes) {
  for (int i = 0; i < bytes; i++) out.push_back(static_cast<char>(bits >> (8 * i) & 0xff));
}

bool fitsHalf(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(), [](float v) { return std::fabs(v) <= kLargestHalf; });
}

// Writes what the reader reads: the name, our header, then everything else; large float blocks as halves.
class StorageWriter : public ReadObserver {
 public:
  explicit StorageWriter(std::string header, size_t fewestHalves = kFewestHalves)
      : header_(std::move(header)), fewestHalves_(fewestHalves) {}

  void start() override {
    out_.clear();
    tokens_ = 0;
    report_ = {};
  }
  void token(const std::string& text) override {
    if (tokens_++ == 1) {
      if (text == std::to_string(kStoredFormVersion))
        throw UserError("it already has a smaller storage; give the file that it was made from");
      out_ += header_;
    }
    out_ += text + "\n";
  }
  void floats(std::span<const float> values) override {
    const bool half = values.size() >= fewestHalves_ && fitsHalf(values);
    out_ += half ? "@F16@" : "@BIN@";
    for (const float value : values) {
      if (!half) {
        putFloat(value);
        continue;
      }
      putHalf(value);
      count(value, floatOfHalf(halfOfFloat(value)));
    }
    finishBlock(values.size(), (half ? 2 : 4) * values.size());
  }

  const std::string& text() const { return out_; }
  const StorageReport& report() const { return report_; }

 protected:
  void putBytes(const std::string& bytes) { out_ += bytes; }
  void putNumber(uint32_t value, int numberBytes = 4) { putLittleEndian(out_, value, numberBytes); }
  void putHalf(float value) { putNumber(halfOfFloat(value), 2); }
  void putFloat(float value) { putNumber(std::bit_cast<uint32_t>(value)); }
  void count(float value, float stored) {
    report_.largestError = std::max(report_.largestError, static_cast<double>(std::fabs(stored - value)));
  }
  void finishBlock(size_t values, size_t bytes) {
    out_ += "\n";
    report_.valuesBefore += values;
    report_.blockBytesBefore += 4 * values;
    report_.blockBytesAfter += bytes;
  }

 private:
  std::string header_, out_;
  size_t fewestHalves_;
  int tokens_ = 0;
  StorageReport report_;
};

class Int8Writer final : public StorageWriter {
 public:
  Int8Writer(std::string header, const Int8Plan& plan)
      : StorageWriter(std::move(header), kFewestHalvesInt8), plan_(plan) {}

  void start() override {
    StorageWriter::start();
    seen_.clear();
    written_ = 0;
  }
  void product(const std::string& owner, std::span<const float> values, int outC) override {
    const int number = ++seen_[owner];
    const std::string name = number == 1 ? owner : owner + "#" + std::to_string(number);
    if (const auto at = plan_.inputs.find(name); at != plan_.inputs.end())
      computed(name, at->second, values, outC);
    else if (const auto only = plan_.stored.find(name); only != plan_.stored.end())
      stored(only->second, values, outC);
    else
      floats(values);
  }
  size_t written() const { return written_; }

 private:
  void computed(const std::string& name, const std::pair<float, int>& input, std::span<const float> values,
                int outC) {
    const auto at = plan_.rounded.find(name);
    const nn::RoundedProduct* rounded = at != plan_.rounded.end() ? &at->second : nullptr;
    const std::vector<float> scales = nn::weightScales(values, outC);
    nn::Weights bias = rounded ? rounded->bias : nn::Weights();
    if (!fitsHalf(bias.span())) bias = {};
    putBytes(bias.empty() ? "@I08@" : "@I8B@");
    putNumber(static_cast<uint32_t>(outC));
    putFloat(input.first);
    putNumber(input.first == 0 ? kStoredPerPoint : static_cast<uint32_t>(input.second));
    putScales(scales);
    for (const float value : bias.span()) putHalf(value);
    putIntegers(values, rounded ? rounded->weights.span() : values, scales, outC, values.size());
    finishBlock(values.size(), 12 + 2 * (scales.size() + bias.size()) + values.size());
    written_++;
  }
  void stored(const StoredProduct& product, std::span<const float> values, int outC) {
    const GroupScales groups = groupScales(values, outC, product.groupSize);
    putBytes("@I8G@");
    putNumber(static_cast<uint32_t>(outC));
    putNumber(static_cast<uint32_t>(groups.groupSize));
    putFloat(groups.largest);
    putBytes(std::string(groups.halvings.begin(), groups.halvings.end()));
    putIntegers(values, product.weights.span(), groups.scales(), outC, groups.groupSize);
    finishBlock(values.size(), 12 + groups.halvings.size() + values.size());
    written_++;
  }
  void putScales(std::span<const float> scales) {
    for (const float scale : scales) putNumber(std::bit_cast<uint32_t>(scale) >> 16, 2);
  }
  // scales: [groups][outC], each for groupSize inputs.
  void putIntegers(std::span<const float> exact, std::span<const float> rounded,
                   std::span<const float> scales, int outC, size_t groupSize) {
    const size_t outputs = static_cast<size_t>(outC);
    ENSURE(rounded.size() == exact.size());
    std::string bytes;
    for (size_t i = 0; i < exact.size(); i++) {
      const float scale = scales[i / outputs / groupSize * outputs + i % outputs];
      const int integer = nn::quantizedWeight(rounded[i], scale);
      bytes.push_back(static_cast<char>(integer));
      count(exact[i], static_cast<float>(integer) * scale);
    }
    putBytes(bytes);
  }

  const Int8Plan& plan_;
  std::map<std::string, int> seen_;
  size_t written_ = 0;
};

std::string headerOf(const std::string& storage, const std::string& from, const std::string& more = "") {
  return std::to_string(kStoredFormVersion) + "\n" + kHeaderName + " " + kHeaderVersion + "\nstorage " +
         storage + "\nsource-sha256 " + fileSha256(from) + "\n" + more + "end\n";
}

void requireName(const std::string& to) {
  if (!endsWith(toLower(to), ".bin.gz"))
    throw UserError("The name of the written model must end in .bin.gz, but is " + to);
}

StorageReport writeStorage(const std::string& from, const std::string& to, StorageWriter& writer) {
  const std::string bytes = gzip(writer.text(), 9);
  replaceFile(to, bytes);
  StorageReport report = writer.report();
  report.sourceBytes = readFile(from).size();
  report.writtenBytes = bytes.size();
  return report;
}

}  // namespace

StoredForm readStoredForm(TokenReader& in) {
  StoredForm form;
  std::string key, value;
  if (!in.token(key) || key != kHeaderName || !in.token(value))
    throw UserError(
        "This neural net has an invalid version, you probably specified the wrong file. Supposed model "
        "version: " +
        std::to_string(kStoredFormVersion));
  if (value != kHeaderVersion)
    throw UserError("its storage header has version " + value + ", but this program knows version " +
                    kHeaderVersion + "; obtain a newer program");
  while (in.token(key) && key != "end") {
    if (!in.token(value)) break;
    if (key == "storage")
      form.storage = value;
    else if (key == "source-sha256")
      form.sourceSha256 = value;
    else if (key == "calibration-positions")
      form.calibrationPositions = tryInt(value).value_or(0);
    else if (startsWith(key, kAccuracyPrefix) && tryDouble(value))
      form.accuracy.emplace_back(key.substr(std::string(kAccuracyPrefix).size()), *tryDouble(value));
    else
      throw UserError("unknown key in its storage header: " + key + "; obtain a newer program");
  }
  if (key != "end") throw UserError("its storage header does not end; the file is damaged");
  if (form.storage != "fp16" && form.storage != "int8")
    throw UserError("unknown storage " + form.storage + ", expected fp16 or int8; obtain a newer program");
  in.allowHalfBlocks();
  if (form.storage == "int8") in.allowInt8Blocks();
  return form;
}

StorageReport writeHalfStorage(const std::string& from, const std::string& to) {
  requireName(to);
  StorageWriter writer(headerOf("fp16", from));
  loadModel(from, &writer);
  return writeStorage(from, to, writer);
}

StorageReport writeInt8Storage(const std::string& from, const std::string& to, const Int8Plan& plan) {
  requireName(to);
  std::string more = "calibration-positions " + std::to_string(plan.calibrationPositions) + "\n";
  for (const auto& [name, value] : plan.accuracy)
    more += kAccuracyPrefix + name + " " + formatNumber(value) + "\n";
  Int8Writer writer(headerOf("int8", from, more), plan);
  loadModel(from, &writer);
  ENSURE(writer.written() == plan.inputs.size() + plan.stored.size());
  return writeStorage(from, to, writer);
}

}  // namespace ponnuki
