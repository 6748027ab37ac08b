// The text table that says how the inputs of a net's products become 8-bit integers (spec quantization 5). A
// person may read and edit it: a line that is commented out leaves that layer in higher precision.
//
//   calibration 2
//   net NAME
//   sha256 HEX                        of the model file
//   positions N                       that the ranges come from
//   program TEXT
//   accuracy MEASURE VALUE            any number of them, on other positions; for people
//   # layer          kind     method   scale       zero  error%  half/us  int8/us
//   layer NAME KIND METHOD SCALE ZERO ERROR HALF INT8
//   #layer NAME KIND METHOD SCALE ZERO ERROR HALF INT8   and why it is left out
//
// Every product of board tensors has exactly one line. Plain values, pure functions; problems are UserErrors
// that start with file and line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/model_file.h"

namespace ponnuki {

// The method of a matrix whose inputs have a scale for each point of a board, found while playing.
inline constexpr std::string_view kPerPoint = "point";

struct CalibrationLine {
  std::string name;    // of the layer, "#2" behind it for the second layer of that name
  std::string kind;    // "conv3x3", "matmul": only to be read
  std::string method;  // how the range was chosen: kPerPoint, or only to be read
  float scale = 1;     // of the inputs, > 0; 0 with kPerPoint
  int zero = 0;        // 0..255: the integer that stands for 0.0
  double error = 0;    // of the layer's output if nothing but this layer is quantised: percent, root mean square
  double halfMicros = 0, int8Micros = 0;  // a position, of all layers that read its input; 0 = not measured
  bool used = true;    // false: commented out
  std::string reason;  // why it is left out; written behind an unused line
  int lineNumber = 0;  // in the file it came from
};

struct CalibrationTable {
  std::string net, sha256, program;
  int positions = 0;
  std::vector<std::pair<std::string, double>> accuracy;
  std::vector<CalibrationLine> lines;
};

// The products that may be computed in 8 bits (those of board tensors) with their names, in the order of the graph.
struct NamedProduct {
  size_t op;  // index into Graph::ops
  std::string name, kind;
};
std::vector<NamedProduct> namedProducts(const nn::Graph& graph);

std::string formatCalibration(const CalibrationTable& table);
CalibrationTable parseCalibration(const std::string& text, const std::string& fileName);

// Gives the products their Quantization. `fileName` is that of the table; the model's file must have its SHA-256
// unless sha256 is empty.
void applyCalibration(LoadedModel& model, const CalibrationTable& table, const std::string& fileName,
                      const std::string& sha256);
// Both steps from the file; reads the model's file again for its SHA-256. The accuracy is left out: it is that of
// weights rounded for their layer's inputs, which takes positions, and here they are rounded to nearest.
void applyCalibrationFile(LoadedModel& model, const std::string& fileName);
// The table that belongs to a model file by its name, NET.bin.gz.calib or NET.calib; "" if there is none.
std::string calibrationBeside(const std::string& modelFile);

}  // namespace ponnuki
