// `katago evalsgf`: one position of a game record under the magnifying glass (spec analysis-cli-config 3.8).
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>

#include "app/commands.h"
#include "base/error.h"
#include "base/text.h"
#include "engine/estimate.h"
#include "eval/input_rows.h"
#include "game/sgf.h"
#include "protocol/analysis/result_writer.h"
#include "protocol/analysis/safe_json.h"
#include "protocol/search_text.h"
#include "search/root.h"
#include "search/search.h"
#include "search/tree_averages.h"

namespace ponnuki {
namespace {

std::vector<OptionSpec> evalSgfOptions() {
  std::vector<OptionSpec> specs = commonOptions(ConfigOption::Optional, true);
  specs.push_back({"move-num", "m", "N", "Look at the position after this many moves.", false, true});
  specs.push_back({"visits", "v", "N", "Visits and playouts of the search."});
  specs.push_back({"threads", "t", "N", "Search threads."});
  specs.push_back({"move-num-end", "", "N", "Look at every position from -move-num to this one."});
  specs.push_back({"extra-moves", "", "MOVES", "Play these moves, separated by blanks, before the search."});
  specs.push_back({"extra", "e", "MOVES", "The same as -extra-moves."});
  specs.push_back({"avoid-moves", "", "MOVES", "Do not search these moves at the root."});
  specs.push_back({"hint-loc", "", "MOVE", "Look at this move at the root more than the net suggests."});
  specs.push_back({"override-komi", "", "KOMI", "Komi instead of the record's."});
  specs.push_back({"override-rules", "", "RULES", "Rules instead of the record's, by name or as JSON."});
  specs.push_back({"print-branch", "", "MOVES", "List the tree below these moves."});
  specs.push_back({"print", "p", "MOVES", "The same as -print-branch."});
  specs.push_back({"print-max-depth", "", "N", "List so many levels of the tree (default 1)."});
  specs.push_back({"print-ownership", "", "", "Print the ownership of every point."});
  specs.push_back({"print-root-nn-values", "", "", "Print what the net says of the position."});
  specs.push_back({"print-policy", "", "", "Print the policy of the net."});
  specs.push_back({"print-log-policy", "", "", "Print its logarithms."});
  specs.push_back(
      {"print-dirichlet-shape", "", "", "Print how Dirichlet noise would spread over the moves."});
  specs.push_back({"print-score-now", "", "", "Print the score if the game ended here."});
  specs.push_back(
      {"print-root-ending-bonus", "", "", "Print the points that endgame adjustments add to moves."});
  specs.push_back(
      {"print-lead", "", "", "Print the lead of White by further searches; they replace the tree."});
  specs.push_back({"print-avg-shortterm-error", "", "",
                   "Print how much the net expects evaluations to change soon, averaged over the tree."});
  specs.push_back({"print-sharp-score", "", "",
                   "Print the score of White averaged over the likely lines more than the search does."});
  specs.push_back({"print-graph", "", "", "Print every node of the search graph."});
  specs.push_back({"print-json", "", "", "Print the result as the analysis engine would."});
  specs.push_back(
      {"dump-npz-input-to", "", "FILE", "Write what the net sees of the positions, as training data."});
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

// An option that has two names; giving both is an error.
std::string eitherOf(const Options& options, const std::string& name, const std::string& other) {
  if (options.has(name) && options.has(other))
    throw UserError("-" + name + " and -" + other + " both specified");
  return options.has(name) ? options.get(name) : options.get(other);
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

GameState readPosition(const Options& options, const Sgf& sgf, const Rules& rules, long long turn) {
  const size_t total = sgf.moves().size();
  if (turn < 0) throw UserError("Move num " + std::to_string(turn) + " requested but must be non-negative");
  if (static_cast<size_t>(turn) > total)
    throw UserError("Move num " + std::to_string(turn) + " requested but sgf has only " +
                    std::to_string(total));
  GameState state = sgf.stateAt(rules, static_cast<int>(turn));
  for (const Point point : readPoints(eitherOf(options, "extra-moves", "extra"), state.board()))
    if (!state.playTolerant(point, state.toMove())) throw UserError("Illegal extra move");
  return state;
}

SearchParams readParams(const Options& options, const EngineSetup& engine) {
  SearchParams params = loadSearchParams(engine.config(), Mode::EvalSgf, engine.hasHumanModel());
  if (const std::optional<long long> visits = options.getInt("visits")) {
    if (*visits < 1 || *visits > kUnlimitedVisits) throw UserError("maxVisits: invalid value");
    params.maxVisits = params.maxPlayouts = *visits;
  }
  if (const std::optional<long long> threads = options.getInt("threads")) {
    if (*threads < 1 || *threads > 4096) throw UserError("numThreads: invalid value");
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

void printNetValues(const NNOutput& net) {
  std::printf("Win %.2fc\nLoss %.2fc\nNoResult %.2fc\n", 100 * net.whiteWinProb, 100 * net.whiteLossProb,
              100 * net.whiteNoResultProb);
  std::printf("ScoreMean %.2f\nScoreMeanSq %.1f\nLead %.2f\nVarTimeLeft %.1f\n", net.whiteScoreMean,
              net.whiteScoreMeanSq, net.whiteLead, net.varTimeLeft);
  std::printf("STWinlossError %.2fc\nSTScoreError %.2f\nOptimismUsed %.2f\n", 100 * net.shorttermWinlossError,
              net.shorttermScoreError, net.policyOptimismUsed);
}

void printPolicy(const GameState& state, const NNOutput& net) {
  std::printf("Policy\nPass %3.0f \n", 1000 * net.policy[static_cast<size_t>(net.passPos())]);
  printGrid(state, [&](int x, int y) {
    const double policy = net.policy[static_cast<size_t>(y * net.nnX + x)];
    return policy < 0 ? -1000.0 : policy;
  });
}

// Logarithms to two digits; illegal moves are "_".
void printLogPolicy(const GameState& state, const NNOutput& net) {
  const auto text = [](double policy) {
    char number[16] = "     _";
    if (policy >= 0) std::snprintf(number, sizeof number, "%6.2f", std::log(std::max(policy, 1e-30)));
    return std::string(number);
  };
  std::printf("Log policy\nPass %s\n", text(net.policy[static_cast<size_t>(net.passPos())]).c_str());
  for (int y = 0; y < state.board().ySize(); y++) {
    for (int x = 0; x < state.board().xSize(); x++)
      std::printf("%s ", text(net.policy[static_cast<size_t>(y * net.nnX + x)]).c_str());
    std::printf("\n");
  }
}

// Thousandths of the whole concentration.
void printDirichletShape(const GameState& state, const NNOutput& net) {
  const std::vector<float> policy = net.policy.expanded();
  const std::vector<double> shares = dirichletShares(policy);
  std::printf("Dirichlet shape\nPass %3.0f \n", 1000 * shares[static_cast<size_t>(net.passPos())]);
  printGrid(state, [&](int x, int y) {
    const auto pos = static_cast<size_t>(y * net.nnX + x);
    return policy[pos] < 0 ? -1000.0 : shares[pos];
  });
}

void printRawNet(EngineSetup& engine, const GameState& state, const SearchParams& params) {
  EvalRequest request;
  request.includeOwnership = true;
  request.params.symmetry = 0;
  const SgfMetadata metadata = SgfMetadata::fromProfile(params.humanSLProfile);
  request.metadata = &metadata;
  const NNOutputPtr net = engine.net().evaluate(state, request);
  printNetValues(*net);
  printPolicy(state, *net);
  std::printf("Ownership\n");
  printGrid(state, [&](int x, int y) { return net->ownership[static_cast<size_t>(y * net->nnX + x)]; });
}

void printScoreNow(const GameState& state) {
  AreaMap area;
  std::printf("Score now: White leads by %.1f\n", state.scoreNow(area));
}

// What was asked for besides the tree. White's view.
void printExtras(const Options& options, Search& search) {
  const GameState state = search.rootState();
  ReportOptions wanted;
  wanted.ownership = options.has("print-ownership");
  SearchReport report;
  if (!search.makeReport(wanted, report) || !report.rootNet) return;
  if (options.has("print-root-nn-values")) printNetValues(*report.rootNet);
  if (options.has("print-policy")) printPolicy(state, *report.rootNet);
  if (options.has("print-log-policy")) printLogPolicy(state, *report.rootNet);
  if (options.has("print-dirichlet-shape")) printDirichletShape(state, *report.rootNet);
  if (wanted.ownership) {
    std::printf("Ownership\n");
    printGrid(state,
              [&](int x, int y) { return report.ownership[static_cast<size_t>(y * report.xSize + x)]; });
  }
  if (options.has("print-root-ending-bonus")) {
    std::printf("Ending bonus\nPass %4.0f\n", 1000 * search.rootEndingBonus(kPass));
    printGrid(state, [&](int x, int y) { return search.rootEndingBonus(pointAt(x, y, report.xSize)); });
  }
  if (options.has("print-score-now")) printScoreNow(state);
  const std::optional<TreeAverages> averages = search.treeAverages();
  if (averages && options.has("print-avg-shortterm-error"))
    std::printf("Average short-term error: winloss %.2fc score %.2f\n", 100 * averages->shorttermWinlossError,
                averages->shorttermScoreError);
  if (averages && options.has("print-sharp-score")) std::printf("Sharp score %.2f\n", averages->sharpScore);
  if (options.has("print-graph")) std::printf("Graph:\n%s", search.describeGraph().c_str());
}

void printSearch(const Options& options, EngineSetup& engine, const Search& search, Perspective perspective) {
  const GameState& state = search.rootState();
  const NetUse use = {engine.net().rowsEvaluated(), engine.net().batchesEvaluated()};
  std::printf("Time taken: %.6g\nRoot visits: %lld\n%sTrue number of tree nodes: %zu\n",
              search.lastSearchSeconds(), static_cast<long long>(search.rootVisits()),
              netUseText(use).c_str(), search.nodeCount());
  TreePrintOptions tree;
  tree.branch = readPoints(eitherOf(options, "print-branch", "print"), state.board());
  tree.maxDepth = static_cast<int>(std::clamp(options.getInt("print-max-depth").value_or(1), 0LL, 1000LL));
  tree.perspective = perspectiveColor(perspective);
  std::printf("%s", pvAndTreeText(search, tree).c_str());
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

void searchAndPrint(const Options& options, EngineSetup& engine, const GameState& state,
                    const SearchParams& params) {
  const Config& config = engine.config();
  const Perspective perspective = loadPerspective(config, Perspective::Black);
  Search search(params, engine.net(), engine.human(), engine.log(),
                config.getString("searchRandSeed", engine.drawSearchSeed()));
  search.setTreeMemoryLimit(engine.treeMemoryLimit(1));
  search.setPosition(state);
  search.setAlwaysIncludeOwnership(options.has("print-ownership"));
  if (options.has("avoid-moves")) {
    std::vector<int> avoid(kPointArraySize, 0);
    for (const Point point : readPoints(options.get("avoid-moves"), state.board())) avoid[point] = 1;
    search.setAvoidMoves(avoid, avoid);
  }
  if (options.has("hint-loc")) {
    const std::vector<Point> hints = readPoints(options.get("hint-loc"), state.board());
    if (hints.size() != 1)
      throw UserError("-hint-loc needs one move, but is '" + options.get("hint-loc") + "'");
    search.setHintMove(hints[0]);
  }
  search.run(SearchLimits{});
  printSearch(options, engine, search, perspective);
  printExtras(options, search);
  if (options.has("print-json")) printJson(options, search, perspective);
  if (options.has("print-lead")) std::printf("Lead of White: %.3f\n", searchedWhiteLead(search, state));
}

}  // namespace

int runEvalSgf(const CommandLine& line) {
  const std::optional<Options> options = parseOptions(line, evalSgfOptions(), "GAME.sgf");
  if (!options) return 0;
  if (options->positional().empty())
    throw UserError("No game record given. Usage: " + line.program +
                    " evalsgf -config C -model M -m MOVENUM GAME.sgf");
  EngineSetup engine(options->engineOptions(true), Mode::EvalSgf, line.program, nn::makeBackend({}));
  engine.openLog();
  const Sgf sgf = Sgf::load(options->positional()[0]);
  const Rules rules = readRules(*options, sgf, engine.log());
  const long long first = options->getInt("move-num").value_or(0);
  const long long last = options->getInt("move-num-end").value_or(first);
  if (last < first) throw UserError("-move-num-end must not be before -move-num");
  const SearchParams params = readParams(*options, engine);
  NetRequest request;
  request.boardX = sgf.size().first;
  request.boardY = sgf.size().second;
  request.requireExactSize = true;
  request.concurrentEvaluations = params.numSearchThreads;
  readPosition(*options, sgf, rules, first);  // faults of the arguments before the net is loaded
  readPosition(*options, sgf, rules, last);
  engine.loadNets(request);
  loadPerspective(engine.config(), Perspective::Black);
  engine.config().getString("searchRandSeed", "");
  engine.reportUnusedKeys();
  InputRows inputs;
  for (long long turn = first; turn <= last; turn++) {
    const GameState state = readPosition(*options, sgf, rules, turn);
    if (options->has("dump-npz-input-to")) {
      EvalParams seen;
      seen.drawEquivalentWinsForWhite = params.drawEquivalentWinsForWhite;
      addInputRow(inputs, state, seen);
    }
    std::printf("Rules: %s\nEncore phase %d\n%s\n", rules.toJson(true).c_str(), state.phase(),
                state.board().toString().c_str());
    if (options->has("raw-nn"))
      printRawNet(engine, state, params);
    else
      searchAndPrint(*options, engine, state, params);
  }
  if (options->has("dump-npz-input-to")) writeInputRows(options->get("dump-npz-input-to"), inputs);
  return 0;
}

}  // namespace ponnuki
