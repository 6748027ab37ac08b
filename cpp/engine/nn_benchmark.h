// Speed of nets alone, without a search: evaluations per second of random positions, for tables of machines,
// nets and instruction sets. Not thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "graph/backend.h"
#include "model/model_file.h"

namespace ponnuki {

struct NnBenchmarkSetup {
  int runs = 1;           // evaluations at once, each with a thread of its own
  int threadsPerRun = 1;  // CPU threads of each
  int batch = 1;          // positions of each
  int boardSize = 19;
  nn::Precision precision = nn::Precision::Fp32;
  double seconds = 1;  // of one of the five rounds
};

struct NnBenchmarkRow {
  std::string model;
  long long parameters = 0;
  std::string instructionSet, precision;  // the precision that the kernels of that set gave: f32, int16, bf16
  NnBenchmarkSetup setup;
  double best = 0, median = 0;  // evaluations per second, of five rounds
  // Evaluations per second of processor time times threads, best round: what the machine would do if nothing
  // else ran on it.
  double byProcessorTime = 0;
  // Arithmetic of direct convolutions at the best rate, as a fraction of the measured float32 peak; Winograd
  // kernels need fewer operations, so that more than 1 is possible. 0 = peak unknown.
  double fractionOfPeak = 0;
  size_t weightBytes = 0, scratchBytes = 0;  // scratch of one run
  size_t peakBytes = 0;                      // of the process, loading and compiling included
};

// `load` is called once; a net is a file or the name of an architecture with random weights.
NnBenchmarkRow benchmarkNet(const std::string& name, const std::function<LoadedModel()>& load,
                            nn::Backend& backend, const NnBenchmarkSetup& setup);
LoadedModel loadNetOrArchitecture(const std::string& name);

std::string nnBenchmarkMarkdown(const std::vector<NnBenchmarkRow>& rows);
std::string nnBenchmarkJson(const std::vector<NnBenchmarkRow>& rows);  // an array, one object for each row

}  // namespace ponnuki
