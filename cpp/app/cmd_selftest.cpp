// `katago selftest`: checks on the user's machine that the fast backend computes what the plain one does.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/commands.h"
#include "base/error.h"
#include "base/rng.h"
#include "engine/engine_setup.h"

namespace ponnuki {
namespace {

struct Deviation {
  double winrate = 0, lead = 0, policy = 0;  // largest absolute differences
};

// Positions of random legal moves: strange ones exercise more of the net's inputs than played games.
std::vector<GameState> randomPositions(int size, int count) {
  Rng rng("selftest");
  std::vector<GameState> positions;
  GameState state(Board(size, size), Color::Black, Rules());
  for (int i = 0; i < count; i++) {
    for (int tries = 0; tries < 40; tries++) {
      const Point point = pointAt(static_cast<int>(rng.uniform(static_cast<uint32_t>(size))),
                                  static_cast<int>(rng.uniform(static_cast<uint32_t>(size))), size);
      if (state.isLegal(point, state.toMove()))
        state.play(point, state.toMove());
    }
    positions.push_back(state);
  }
  return positions;
}

Deviation compare(Evaluator& tested, Evaluator& reference, const std::vector<GameState>& positions) {
  Deviation worst;
  for (const GameState& position : positions) {
    EvalRequest request;
    request.params.symmetry = 0;
    request.skipCache = true;
    const NNOutputPtr a = tested.evaluate(position, request), b = reference.evaluate(position, request);
    worst.winrate = std::max<double>(worst.winrate, std::fabs(a->whiteWinProb - b->whiteWinProb));
    worst.lead = std::max<double>(worst.lead, std::fabs(a->whiteLead - b->whiteLead));
    for (int i = 0; i < a->policySize(); i++)
      worst.policy = std::max<double>(worst.policy, std::fabs(a->policy[static_cast<size_t>(i)] -
                                                              b->policy[static_cast<size_t>(i)]));
  }
  return worst;
}

}  // namespace

int runSelfTest(const CommandLine& line) {
  std::vector<OptionSpec> specs = commonOptions(ConfigOption::None, false);
  specs.push_back({"numpositions", "n", "N", "Positions to compare (default 5)."});
  const std::optional<Options> options = parseOptions(line, specs);
  if (!options)
    return 0;
  EngineOptions engineOptions = options->engineOptions();
  engineOptions.overrides = {"numSearchThreads=1,logToStdout=false,logConfigContents=false"};
  EngineSetup tested(engineOptions, Mode::EvalSgf, line.program, nn::makeBackend({}));
  EngineSetup reference(engineOptions, Mode::EvalSgf, line.program, nn::makeReferenceBackend());
  for (EngineSetup* engine : {&tested, &reference}) {
    engine->openLog();
    engine->loadNets(NetRequest{});
  }
  if (tested.net().usesMetadata())
    throw UserError("selftest cannot evaluate nets that need a human profile; use -model with another net");
  const long long count = options->getIntBetween("numpositions", 1, 10000, 5);
  std::printf("Comparing %s with the plain implementation on %lld positions ...\n",
              tested.net().computeDescription().c_str(), count);
  const Deviation worst = compare(tested.net(), reference.net(), randomPositions(19, static_cast<int>(count)));
  std::printf("Largest differences: win rate %.6f, lead %.5f points, policy %.6f\n", worst.winrate, worst.lead,
              worst.policy);
  // float32 in another order moves the 5th or 6th digit; half precision stays within a percent or so.
  const bool ok = worst.winrate < 0.02 && worst.lead < 0.5 && worst.policy < 0.02;
  std::printf(ok ? "OK\n" : "FAILED: this machine computes something else than the plain implementation\n");
  return ok ? 0 : 1;
}

}  // namespace ponnuki
