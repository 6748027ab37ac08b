#include "model/calibration.h"

#include <cstdio>
#include <map>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "graph/product.h"

namespace ponnuki {
namespace {

constexpr const char* kVersion = "2";
constexpr size_t kLayerWords = 9;  // of a layer's line
constexpr size_t kMostBytes = size_t{1} << 26;

[[noreturn]] void fail(const std::string& file, int line, const std::string& what) {
  throw UserError(file + ":" + std::to_string(line) + ": " + what);
}

std::string kindOf(const nn::Op& op) {
  if (op.kind() == nn::OpKind::MatMul) return "matmul";
  const auto& conv = op.as<nn::Conv2dAttrs>();
  return "conv" + std::to_string(conv.ky) + "x" + std::to_string(conv.kx);
}

class Parser {
 public:
  Parser(const std::string& text, const std::string& fileName) : text_(text), file_(fileName) {}

  CalibrationTable parse() {
    for (const std::string& line : split(text_, '\n')) {
      number_++;
      readLine(std::string(trim(line)));
    }
    if (!seen_.count("calibration"))
      fail(file_, 1, "no calibration table: expected a line 'calibration 1'; make one with katago calibrate");
    for (const char* key : {"net", "sha256", "positions"})
      if (!seen_.count(key)) fail(file_, number_, std::string("the line '") + key + " ...' is missing");
    return std::move(table_);
  }

 private:
  void readLine(const std::string& line) {
    if (line.empty()) return;
    const bool comment = line[0] == '#';
    const std::vector<std::string> words = splitWhitespace(comment ? std::string(trim(line.substr(1))) : line);
    if (words.empty()) return;
    if (comment) {
      // Only what looks like a layer counts; everything else is a remark.
      if (words[0] == "layer" && words.size() >= kLayerWords && tryDouble(words[4])) readLayer(words, false);
      return;
    }
    if (words[0] == "layer") return readLayer(words, true);
    if (words[0] == "accuracy") return readAccuracy(words);
    if (words[0] != "program" && words.size() != 2)
      fail(file_, number_, "expected one value after '" + words[0] + "'");
    if (!seen_.insert(words[0]).second) fail(file_, number_, "'" + words[0] + "' is given twice");
    if (words[0] == "calibration") {
      if (words[1] != kVersion)
        fail(file_, number_, "its version is " + words[1] + ", but this program knows " + kVersion +
                                 "; make the table again with katago calibrate");
    } else if (words[0] == "net") {
      table_.net = words[1];
    } else if (words[0] == "sha256") {
      table_.sha256 = words[1];
    } else if (words[0] == "program") {
      table_.program = join({words.begin() + 1, words.end()}, " ");
    } else if (words[0] == "positions") {
      const auto count = tryInt(words[1]);
      if (!count || *count < 1) fail(file_, number_, "the number of positions is '" + words[1] + "'");
      table_.positions = *count;
    } else {
      fail(file_, number_, "unknown word '" + words[0] +
                               "'; expected calibration, net, sha256, program, positions, accuracy or layer");
    }
  }

  void readAccuracy(const std::vector<std::string>& words) {
    const auto value = words.size() == 3 ? tryDouble(words[2]) : std::nullopt;
    if (!value) fail(file_, number_, "expected 'accuracy MEASURE NUMBER'");
    table_.accuracy.emplace_back(words[1], *value);
  }

  void readLayer(const std::vector<std::string>& words, bool used) {
    if (words.size() < kLayerWords || (used && words.size() > kLayerWords))
      fail(file_, number_, "expected 'layer NAME KIND METHOD SCALE ZERO ERROR HALF INT8', but the line has " +
                               std::to_string(words.size()) + " words");
    CalibrationLine line;
    line.name = words[1], line.kind = words[2], line.method = words[3];
    const auto scale = tryFloat(words[4]);
    const auto zero = tryInt(words[5]);
    const auto error = tryDouble(words[6]);
    const bool perPoint = line.method == kPerPoint;
    if (perPoint && (line.kind.starts_with("conv") && line.kind != "conv1x1"))
      fail(file_, number_, "layer " + line.name + " is a " + line.kind + "; only matmul and conv1x1 can have the method " +
                               std::string(kPerPoint));
    if (perPoint && (!scale || *scale != 0 || !zero || *zero != 0))
      fail(file_, number_, "the method " + std::string(kPerPoint) + " of layer " + line.name +
                               " needs 0 for its scale and its zero point");
    if (!perPoint && (!scale || !(*scale >= 1e-30f && *scale <= 1e30f)))
      fail(file_, number_, "the scale of layer " + line.name + " is '" + words[4] + "', expected a positive number");
    if (!zero || *zero < 0 || *zero > 255)
      fail(file_, number_,
           "the zero point of layer " + line.name + " is '" + words[5] + "', expected a number from 0 to 255");
    if (!error || !(*error >= 0))
      fail(file_, number_, "the error of layer " + line.name + " is '" + words[6] + "', expected a number");
    const auto half = tryDouble(words[7]), int8 = tryDouble(words[8]);
    if (!half || !int8 || !(*half >= 0) || !(*int8 >= 0))
      fail(file_, number_, "the times of layer " + line.name + " are '" + words[7] + "' and '" + words[8] +
                               "', expected microseconds, or 0");
    line.scale = *scale, line.zero = *zero, line.error = *error;
    line.halfMicros = *half, line.int8Micros = *int8;
    line.used = used;
    line.reason = join({words.begin() + kLayerWords, words.end()}, " ");
    line.lineNumber = number_;
    const auto [at, isNew] = layers_.emplace(line.name, number_);
    if (!isNew)
      fail(file_, number_, "layer " + line.name + " was already given in line " + std::to_string(at->second));
    table_.lines.push_back(std::move(line));
  }

  const std::string& text_;
  const std::string& file_;
  int number_ = 0;
  std::set<std::string> seen_;
  std::map<std::string, int> layers_;  // by name, the line
  CalibrationTable table_;
};

}  // namespace

std::vector<NamedProduct> namedProducts(const nn::Graph& graph) {
  std::vector<NamedProduct> products;
  std::map<std::string, int> count;
  for (size_t i = 0; i < graph.ops.size(); i++) {
    const nn::Op& op = graph.ops[i];
    if (!nn::isProduct(op)) continue;
    const int number = ++count[op.name];
    if (graph.tensor(op.inputs[0]).shape.domain != nn::Domain::Points) continue;
    products.push_back({i, number == 1 ? op.name : op.name + "#" + std::to_string(number), kindOf(op)});
  }
  return products;
}

std::string formatCalibration(const CalibrationTable& table) {
  std::string text =
      "# How the inputs of layers become 8-bit integers. A line 'layer ...' that is commented out leaves that\n"
      "# layer in higher precision. Use: katago quantize -calibration THIS_FILE (docs/quantization.md).\n";
  text += std::string("calibration ") + kVersion + "\nnet " + table.net + "\nsha256 " + table.sha256 +
          "\npositions " + std::to_string(table.positions) + "\nprogram " + table.program + "\n";
  for (const auto& [name, value] : table.accuracy) text += "accuracy " + name + " " + formatNumber(value) + "\n";
  size_t width = 4;
  for (const CalibrationLine& line : table.lines) width = std::max(width, line.name.size());
  const auto row = [&](const char* start, const std::string& name, const std::string& kind,
                       const std::string& method, const std::string& scale, const std::string& zero,
                       const std::string& error, const std::string& half, const std::string& int8) {
    char cells[200];
    std::snprintf(cells, sizeof cells, " %-8s %-10s %-13s %4s %7s %8s %8s", kind.c_str(), method.c_str(),
                  scale.c_str(), zero.c_str(), error.c_str(), half.c_str(), int8.c_str());
    return start + name + std::string(width - name.size(), ' ') + cells;
  };
  text += row("# layer ", "name", "kind", "method", "scale", "zero", "error%", "half/us", "int8/us") + "\n";
  const auto fixed = [](double value, int digits) {
    char cell[64];
    std::snprintf(cell, sizeof cell, "%.*f", digits, value);
    return std::string(cell);
  };
  for (const CalibrationLine& line : table.lines) {
    text += row(line.used ? "layer   " : "#layer  ", line.name, line.kind, line.method,
                formatNumber(static_cast<double>(line.scale), 9), std::to_string(line.zero), fixed(line.error, 3),
                fixed(line.halfMicros, 1), fixed(line.int8Micros, 1));
    text += (line.used || line.reason.empty() ? "" : "  " + line.reason) + "\n";
  }
  return text;
}

CalibrationTable parseCalibration(const std::string& text, const std::string& fileName) {
  return Parser(text, fileName).parse();
}

void applyCalibration(LoadedModel& model, const CalibrationTable& table, const std::string& fileName,
                      const std::string& sha256) {
  if (model.info.stored.storage == "int8")
    throw UserError(model.info.fileName + " has its quantisation inside; give " + fileName + " with the net " +
                    table.net + " that it was made from");
  if (!sha256.empty() && sha256 != table.sha256)
    throw UserError(fileName + " belongs to another net: to " + table.net + " with SHA-256 " + table.sha256 +
                    ", but " + model.info.fileName + " has " + sha256 + "; make it again with katago calibrate");
  std::map<std::string, const CalibrationLine*> byName;
  for (const CalibrationLine& line : table.lines) byName[line.name] = &line;
  const std::vector<NamedProduct> products = namedProducts(model.graph);
  for (const NamedProduct& product : products) {
    const auto found = byName.find(product.name);
    if (found == byName.end())
      throw UserError(fileName + ": layer " + product.name + " of " + model.info.fileName +
                      " is missing; to leave it in higher precision, comment its line out instead");
    const CalibrationLine& line = *found->second;
    byName.erase(found);
    if (!line.used) continue;
    if (line.kind != product.kind)
      fail(fileName, line.lineNumber, "layer " + line.name + " is a " + product.kind + ", not a " + line.kind);
    nn::Op& op = model.graph.ops[product.op];
    nn::setQuantization(op, nn::makeQuantization(op, line.scale, line.zero));
  }
  if (!byName.empty()) {
    const CalibrationLine& line = *byName.begin()->second;
    fail(fileName, line.lineNumber, model.info.fileName + " has no layer " + line.name);
  }
  model.info.stored.calibrationPositions = table.positions;
  model.info.stored.accuracy = table.accuracy;
}

void applyCalibrationFile(LoadedModel& model, const std::string& fileName) {
  const CalibrationTable table = parseCalibration(readMaybeGzip(fileName, kMostBytes), fileName);
  applyCalibration(model, table, fileName, fileSha256(model.info.fileName));
  model.info.stored.accuracy.clear();
}

std::string calibrationBeside(const std::string& modelFile) {
  std::string stem = modelFile;
  for (const char* end : {".gz", ".bin", ".txt"})
    if (endsWith(toLower(stem), end)) stem.resize(stem.size() - std::string(end).size());
  for (const std::string& name : {modelFile + ".calib", stem + ".calib"})
    if (isRegularFile(name)) return name;
  return "";
}

}  // namespace ponnuki
