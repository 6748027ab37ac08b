#include "conformance/precision_cases.h"

#include <cstdio>
#include <limits>

#include "base/error.h"
#include "eval/input_rows.h"

namespace ponnuki {
namespace {

nn::Precision nnPrecision(NetPrecision p) {
  switch (p) {
    case NetPrecision::Half:
      return nn::Precision::Half;
    case NetPrecision::Bf16:
      return nn::Precision::Bf16;
    case NetPrecision::Int16:
      return nn::Precision::Int16;
    default:
      return nn::Precision::Fp32;
  }
}

}  // namespace

CaseResult checkPrecisionFile(const std::string& npzFile, const std::string& modelPath, nn::Backend& backend,
                              NetPrecision precision) {
  const InputRows rows = readInputRows(npzFile, 0, std::numeric_limits<int>::max());
  const LoadedModel model = loadModel(modelPath);
  nn::CompileOptions options;
  options.maxBatch = kAnswerBatch;
  options.boardX = rows.boardX, options.boardY = rows.boardY;
  const auto exact = backend.compile(model.graph, options);
  options.precision = nnPrecision(precision);
  const auto tested = backend.compile(model.graph, options);
  std::fprintf(stderr, "%d rows, %s (%s) against float32 ...\n", rows.count, tested->info().kernels.c_str(),
               tested->info().plan.c_str());
  const std::vector<NetAnswer> want = answersOf(*exact, model, rows), got = answersOf(*tested, model, rows);
  PrecisionMeasures measures;
  for (size_t i = 0; i < want.size(); i++) measures.add(want[i], got[i]);
  const PrecisionSummary summary = measures.summary();
  CaseResult result;
  result.messages = PrecisionBounds().violations(summary);
  (result.messages.empty() ? result.passed : result.failed)++;
  result.messages.insert(result.messages.begin(), summary.text());
  return result;
}

}  // namespace ponnuki
