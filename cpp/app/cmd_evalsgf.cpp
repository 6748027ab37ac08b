// `katago evalsgf`: one position of a game record under the magnifying glass (spec analysis-cli-config 3.8).
#include <cmath>
#include <cstdio>
#include <functional>

#include "app/commands.h"
#include "base/error.h"
#include "base/text.h"
#include "game/sgf.h"
#include "protocol/analysis/result_writer.h"
#include "protocol/analysis/safe_json.h"
#include "search/search.h"

namespace ponnuki {
namespace {

std::vector<OptionSpec> evalSgfOptions() {
  std::vector<OptionSpec> specs = commonOptions(ConfigOption::Optional, true);
  specs.push_back({"move-num", "m", "N", "Look at the position after this many moves.", false, true});
  specs.push_back({"visits", "v", "N", "Visits and playouts of the search."});
  specs.push_back({"threads", "t", "N", "Search threads."});
  specs.push_back({"extra-moves", "e", "MOVES", "Play these moves, separated by blanks, before the search."});
  specs.push_back({"avoid-moves", "", "MOVES", "Do not search these moves at the root."});
  specs.push_back({"override-komi", "", "KOMI", "Komi instead of the record's."});
  specs.push_back({"override-rules", "", "RULES", "Rules instead of the record's, by name or as JSON."});
  specs.push_back({"print", "p", "MOVES", "List the tree below these moves."});
  specs.push_back({"print-ownership", "", "", "Include ownership in -print-json."});
  specs.push_back({"print-policy", "", "", "Include the policy in -print-json."});
  specs.push_back({"print-json", "", "", "Print the result as the analysis engine would."});
  specs.push_back({"raw-nn", "", "", "Evaluate the net once and do not search."});
  return specs;
}

std::vector<Point> readPoints(const std::string& text, const Board& board) {
  std::vector<Point> points;
  for (const std::string& word : splitWhitespace(text)) {
    const std::optional<Point> point = parsePoint(word, board.xSize(), board.ySize());
    if (!point || (*point != kPass && !board.isOnBoard(*point)))
      throw UserError("Could not parse board location: " + word);
    points.push_back(*point);
  }
  return points;
}

Rules readRules(const Options& options, const Sgf& sgf, Logger& log) {
  Rules rules = sgf.rulesOrWarn(Rules(), [&log](const std::string& text) { log.write(text); });
  if (options.has("override-rules")) {
    const float komi = rules.komi;
    rules = Rules::parse(options.get("override-rules"), false);
    rules.komi = komi;
  }
  if (const std::optional<double> komi = options.getDouble("override-komi")) {
    rules.komi = static_cast<float>(*komi);
    if (!isHalfInteger(rules.komi) || std::fabs(*komi) > kMaxUserKomi)
      throw UserError("-override-komi must be an integer or half-integer from -400 to 400, but is " +
                      options.get("override-komi"));
  }
  return rules;
}

GameState readPosition(const Options& options, const Sgf& sgf, const Rules& rules) {
  const long long turn = options.getInt("move-num").value_or(0);
  const size_t total = sgf.moves().size();
  if (turn < 0)
    throw UserError("Move num " + std::to_string(turn) + " requested but must be non-negative");
  if (static_cast<size_t>(turn) > total)
    throw UserError("Move num " + std::to_string(turn) + " requested but sgf has only " + std::to_string(total));
  GameState state = sgf.stateAt(rules, static_cast<int>(turn));
  for (const Point point : readPoints(options.get("extra-moves"), state.board()))
    if (!state.playTolerant(point, state.toMove()))
      throw UserError("Illegal extra move");
  return state;
}

SearchParams readParams(const Options& options, const EngineSetup& engine) {
  SearchParams params = loadSearchParams(engine.config(), Mode::EvalSgf, engine.hasHumanModel());
  if (const std::optional<long long> visits = options.getInt("visits")) {
    if (*visits < 1 || *visits > kUnlimitedVisits)
      throw UserError("maxVisits: invalid value");
    params.maxVisits = params.maxPlayouts = *visits;
  }
  if (const std::optional<long long> threads = options.getInt("threads")) {
    if (*threads < 1 || *threads > 4096)
      throw UserError("numThreads: invalid value");
    params.numSearchThreads = static_cast<int>(*threads);
  }
  return params;
}

// Thousandths, row by row; values below -900 are shown as "-".
void printGrid(const GameState& state, const std::function<double(int x, int y)>& valueAt) {
  for (int y = 0; y < state.board().ySize(); y++) {
    for (int x = 0; x < state.board().xSize(); x++) {
      const double value = valueAt(x, y);
      value < -900 ? std::printf("   - ") : std::printf("%4.0f ", 1000 * value);
    }
    std::printf("\n");
  }
}

void printRawNet(EngineSetup& engine, const GameState& state, const SearchParams& params) {
  EvalRequest request;
  request.includeOwnership = true;
  request.params.symmetry = 0;
  const SgfMetadata metadata = SgfMetadata::fromProfile(params.humanSLProfile);
  request.metadata = &metadata;
  const NNOutputPtr net = engine.net().evaluate(state, request);
  std::printf("Win %.2fc\nLoss %.2fc\nNoResult %.2fc\n", 100 * net->whiteWinProb, 100 * net->whiteLossProb,
              100 * net->whiteNoResultProb);
  std::printf("ScoreMean %.2f\nScoreMeanSq %.1f\nLead %.2f\nVarTimeLeft %.1f\n", net->whiteScoreMean,
              net->whiteScoreMeanSq, net->whiteLead, net->varTimeLeft);
  std::printf("STWinlossError %.2fc\nSTScoreError %.2f\nOptimismUsed %.2f\n", 100 * net->shorttermWinlossError,
              net->shorttermScoreError, net->policyOptimismUsed);
  std::printf("Policy\nPass %3.0f \n", 1000 * net->policy[static_cast<size_t>(net->passPos())]);
  const int width = net->nnX;
  printGrid(state, [&](int x, int y) {
    const double policy = net->policy[static_cast<size_t>(y * width + x)];
    return policy < 0 ? -1000.0 : policy;
  });
  std::printf("Ownership\n");
  printGrid(state, [&](int x, int y) { return net->ownership[static_cast<size_t>(y * width + x)]; });
}

std::string joinPoints(const std::vector<Point>& points, const Board& board) {
  std::vector<std::string> words;
  for (const Point point : points)
    words.push_back(pointToString(point, board.xSize(), board.ySize()));
  return join(words, " ");
}

void printSearch(const Options& options, EngineSetup& engine, const Search& search, Perspective perspective) {
  const GameState& state = search.rootState();
  std::printf("Time taken: %.6g\nRoot visits: %lld\nNN rows: %llu\nNN batches: %llu\n", search.lastSearchSeconds(),
              static_cast<long long>(search.rootVisits()), static_cast<unsigned long long>(engine.net().rowsEvaluated()),
              static_cast<unsigned long long>(engine.net().batchesEvaluated()));
  std::printf("True number of tree nodes: %zu\nPV: %s\nTree:\n", search.nodeCount(),
              joinPoints(search.bestLine(25), state.board()).c_str());
  TreePrintOptions tree;
  tree.branch = readPoints(options.get("print"), state.board());
  tree.perspective = perspective == Perspective::Black   ? Color::Black
                     : perspective == Perspective::White ? Color::White
                                                         : Color::Empty;
  std::printf("%s", search.describeTree(tree).c_str());
}

void printJson(const Options& options, const Search& search, Perspective perspective) {
  ReplyOptions reply;
  reply.perspective = perspective;
  reply.pvLength = 7;
  reply.pvVisits = true;
  reply.cutPvAtPhaseEnd = false;
  reply.ownership = options.has("print-ownership");
  reply.policy = options.has("print-policy");
  SearchReport report;
  if (search.makeReport(reportOptionsFor(reply), report))
    std::printf("%s\n", toLine(resultAsJson(report, search.rootState(), reply)).c_str());
}

void searchAndPrint(const Options& options, EngineSetup& engine, const GameState& state, const SearchParams& params) {
  const Config& config = engine.config();
  const Perspective perspective = loadPerspective(config, Perspective::Black);
  Search search(params, engine.net(), engine.human(), engine.log(),
                config.getString("searchRandSeed", engine.drawSearchSeed()));
  search.setPosition(state);
  search.setAlwaysIncludeOwnership(options.has("print-ownership"));
  if (options.has("avoid-moves")) {
    std::vector<int> avoid(kPointArraySize, 0);
    for (const Point point : readPoints(options.get("avoid-moves"), state.board()))
      avoid[point] = 1;
    search.setAvoidMoves(avoid, avoid);
  }
  engine.reportUnusedKeys();
  search.run(SearchLimits{});
  printSearch(options, engine, search, perspective);
  if (options.has("print-json"))
    printJson(options, search, perspective);
}

}  // namespace

int runEvalSgf(const CommandLine& line) {
  const std::optional<Options> options = parseOptions(line, evalSgfOptions(), "GAME.sgf");
  if (!options)
    return 0;
  if (options->positional().empty())
    throw UserError("No game record given. Usage: " + line.program + " evalsgf -config C -model M -m MOVENUM GAME.sgf");
  EngineSetup engine(options->engineOptions(true), Mode::EvalSgf, line.program, nn::makeBackend({}));
  engine.openLog();
  const Sgf sgf = Sgf::load(options->positional()[0]);
  const Rules rules = readRules(*options, sgf, engine.log());
  const GameState state = readPosition(*options, sgf, rules);
  const SearchParams params = readParams(*options, engine);
  NetRequest request;
  request.boardX = state.board().xSize();
  request.boardY = state.board().ySize();
  request.requireExactSize = true;
  request.concurrentEvaluations = params.numSearchThreads;
  engine.loadNets(request);
  std::printf("Rules: %s\nEncore phase %d\n%s\n", rules.toJson(true).c_str(), state.phase(),
              state.board().toString().c_str());
  if (options->has("raw-nn"))
    printRawNet(engine, state, params);
  else
    searchAndPrint(*options, engine, state, params);
  return 0;
}

}  // namespace ponnuki
