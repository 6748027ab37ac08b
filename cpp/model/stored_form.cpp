#include "model/stored_form.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/error.h"
#include "base/file.h"
#include "base/half.h"
#include "base/text.h"
#include "model/model_file.h"

namespace ponnuki {
namespace {

constexpr const char* kHeaderName = "ponnuki-storage";
constexpr const char* kHeaderVersion = "1";
constexpr size_t kFewestHalves = 256;  // biases are few and weigh much

void putLittleEndian(std::string& out, uint32_t bits, int bytes) {
  for (int i = 0; i < bytes; i++) out.push_back(static_cast<char>(bits >> (8 * i) & 0xff));
}

bool fitsHalf(const std::vector<float>& values) {
  return values.size() >= kFewestHalves &&
         std::all_of(values.begin(), values.end(), [](float v) { return std::fabs(v) <= kLargestHalf; });
}

// Writes what the reader reads: the name, our header, then everything else.
class HalfWriter final : public ReadObserver {
 public:
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
  void floats(const std::vector<float>& values) override {
    const bool half = fitsHalf(values);
    out_ += half ? "@F16@" : "@BIN@";
    for (const float value : values) {
      if (!half) {
        putLittleEndian(out_, std::bit_cast<uint32_t>(value), 4);
        continue;
      }
      const uint16_t stored = halfOfFloat(value);
      putLittleEndian(out_, stored, 2);
      report_.largestError =
          std::max(report_.largestError, static_cast<double>(std::fabs(floatOfHalf(stored) - value)));
    }
    out_ += "\n";
    report_.valuesBefore += values.size();
    report_.blockBytesBefore += 4 * values.size();
    report_.blockBytesAfter += (half ? 2 : 4) * values.size();
  }

  void setHeader(const std::string& header) { header_ = header; }
  const std::string& text() const { return out_; }
  const StorageReport& report() const { return report_; }

 private:
  std::string header_, out_;
  int tokens_ = 0;
  StorageReport report_;
};

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
    else
      throw UserError("unknown key in its storage header: " + key + "; obtain a newer program");
  }
  if (key != "end") throw UserError("its storage header does not end; the file is damaged");
  if (form.storage != "fp16")
    throw UserError("unknown storage " + form.storage + ", expected fp16; obtain a newer program");
  in.allowHalfBlocks();
  return form;
}

StorageReport writeHalfStorage(const std::string& from, const std::string& to) {
  if (!endsWith(toLower(to), ".bin.gz"))
    throw UserError("The name of the written model must end in .bin.gz, but is " + to);
  HalfWriter writer;
  writer.setHeader(std::to_string(kStoredFormVersion) + "\n" + kHeaderName + " " + kHeaderVersion +
                   "\nstorage fp16\n" + "source-sha256 " + fileSha256(from) + "\nend\n");
  loadModel(from, &writer);
  const std::string bytes = gzip(writer.text(), 9);
  writeFile(to, bytes);
  StorageReport report = writer.report();
  report.sourceBytes = readFile(from).size();
  report.writtenBytes = bytes.size();
  return report;
}

}  // namespace ponnuki
