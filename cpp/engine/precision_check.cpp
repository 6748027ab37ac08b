#include "engine/precision_check.h"

#include "base/cpu_features.h"
#include "base/error.h"
#include "config/search_params.h"
#include "engine/game_review.h"
#include "eval/auto_precision.h"
#include "eval/net_evaluator.h"
#include "graph/fake_quantization.h"

namespace ponnuki {
namespace {

struct NamedPrecision {
  const char* name;
  nn::Precision precision;
};
constexpr NamedPrecision kPrecisions[] = {{"fp32", nn::Precision::Fp32},
                                          {"half", nn::Precision::Half},
                                          {"bf16", nn::Precision::Bf16},
                                          {"int16", nn::Precision::Int16},
                                          {"int8", nn::Precision::Int8}};

nn::CompileOptions compileOptions(const PreparedNet& net, const InputRows& rows) {
  nn::CompileOptions options;
  options.maxBatch = kAnswerBatch;
  options.boardX = rows.boardX, options.boardY = rows.boardY;
  options.threads = usableCores();
  options.precision = net.precision;
  return options;
}

std::vector<Point> searchedMoves(const PreparedNet& net, const std::vector<GameState>& positions, int visits,
                                 nn::Backend& backend, const std::function<void(int)>& progress) {
  Logger log;
  NetEvaluatorSettings settings;
  settings.modelFile = net.model.info.fileName;
  settings.net.nnCacheSizePowerOfTwo = -1;
  settings.net.nnRandomize = false;
  settings.net.nnForcedSymmetry = 0;
  settings.net.nnRandSeed = "unused";
  settings.net.precision = configPrecision(net.precision);
  settings.net.concurrentEvaluations = settings.net.numEigenThreadsPerModel = usableCores();
  NetEvaluator evaluator(settings, net.model, backend, log);
  ReviewSettings review;
  review.params.maxVisits = visits;
  review.params.numSearchThreads = 1;
  review.params.humanSLProfile = net.model.info.metaChannels() > 0 ? "preaz_5k" : "";
  review.positionsAtOnce = usableCores();
  std::vector<Point> moves;
  for (const PositionReview& r : reviewPositions(positions, review, evaluator, nullptr, log, progress))
    moves.push_back(r.best);
  return moves;
}

}  // namespace

std::string precisionNames() {
  return "fp32, half, bf16, int16 or int8";
}

nn::Precision precisionNamed(const std::string& name) {
  for (const NamedPrecision& row : kPrecisions)
    if (row.name == name) return row.precision;
  throw UserError("-precision must be " + precisionNames() + ", but is " + name);
}

std::string precisionName(nn::Precision precision) {
  for (const NamedPrecision& row : kPrecisions)
    if (row.precision == precision) return row.name;
  return "";
}

NetPrecision configPrecision(nn::Precision p) {
  switch (p) {
    case nn::Precision::Fp32:
      return NetPrecision::Fp32;
    case nn::Precision::Half:
      return NetPrecision::Half;
    case nn::Precision::Bf16:
      return NetPrecision::Bf16;
    case nn::Precision::Int16:
      return NetPrecision::Int16;
    case nn::Precision::Int8:
      return NetPrecision::Int8;
  }
  return NetPrecision::Fp32;
}

PreparedNet prepareNet(LoadedModel model, nn::Precision precision, nn::Backend& backend, bool simulate) {
  PreparedNet net{std::move(model), precision, precisionName(precision)};
  if (precision != nn::Precision::Int8) return net;
  if (!hasQuantization(net.model))
    throw UserError(net.model.info.fileName +
                    " has no quantised layers; make a calibration with katago calibrate, and give it or the "
                    "net that katago quantize makes from it");
  if (!simulate) {
    nn::CompileOptions options;
    options.precision = precision;
    if (backend.compile(net.model.graph, options)->info().int8Products > 0) return net;
  }
  net.model.graph = nn::fakeQuantized(net.model.graph);
  if (!hasQuantization(net.model)) {
    net.precision = nn::Precision::Fp32;
    net.arithmetic = "int8 simulated in float32";
    return net;
  }
  net.arithmetic = "int8, layers with one scale simulated";
  nn::CompileOptions options;
  options.precision = precision;
  if (backend.compile(net.model.graph, options)->info().int8Products == 0)
    throw UserError(net.model.info.fileName + " has layers with a scale for each point, which take 8-bit kernels; the " +
                    std::string(backend.name()) + " backend has none");
  return net;
}

std::vector<NetAnswer> answersOf(const PreparedNet& net, const InputRows& rows, nn::Backend& backend,
                                 const CheckProgress& progress) {
  const auto program = backend.compile(net.model.graph, compileOptions(net, rows));
  return answersOf(*program, net.model, rows, [&](int done) {
    if (progress) progress(done, rows.count);
  });
}

PrecisionSummary compareAnswers(const std::vector<NetAnswer>& exact, const std::vector<NetAnswer>& tested) {
  ENSURE(exact.size() == tested.size());
  PrecisionMeasures measures;
  for (size_t i = 0; i < exact.size(); i++) measures.add(exact[i], tested[i]);
  return measures.summary();
}

double searchAgreement(const PreparedNet& exact, const PreparedNet& tested,
                       const std::vector<GameState>& positions, int visits, nn::Backend& backend,
                       const CheckProgress& progress) {
  const int all = static_cast<int>(2 * positions.size());
  const auto report = [&](int before) {
    return [=, &progress](int done) {
      if (progress) progress(before + done, all);
    };
  };
  const std::vector<Point> want = searchedMoves(exact, positions, visits, backend, report(0));
  const std::vector<Point> got = searchedMoves(tested, positions, visits, backend, report(all / 2));
  int same = 0;
  for (size_t i = 0; i < want.size(); i++) same += want[i] == got[i];
  return positions.empty() ? 0 : 100.0 * same / static_cast<double>(positions.size());
}

}  // namespace ponnuki
