// Outputs of the nets as they are (spec gtp 6.7).
#include <cstdio>

#include "base/text.h"
#include "protocol/gtp/handlers.h"
#include "protocol/gtp/raw_nn.h"
#include "protocol/gtp/session.h"

namespace ponnuki::gtp {

namespace {

struct RawArgs {
  Color player;
  std::vector<int> symmetries;
  std::optional<double> optimism;
};

RawArgs parseRawArgs(const Call& call, bool takesOptimism) {
  const std::string expected =
      takesOptimism
          ? " for kata-raw-nn (expected an optional color, a symmetry 'all' or index [0-7], and an optional "
            "optimism [0-1])"
          : " for kata-raw-human-nn (expected an optional color followed by a symmetry 'all' or index [0-7])";
  const auto fail = [&](const std::string& reason) { throw CommandError(reason + expected); };
  RawArgs raw{call.session.state().toMove(), {}, std::nullopt};
  size_t at = 0;
  const Args& args = call.args;
  if (at < args.size())
    if (const auto player = parsePlayer(args[at])) {
      raw.player = *player;
      at++;
    }
  const std::string wantsSymmetry = "Expected a symmetry argument 'all' or index [0-7]";
  if (at >= args.size()) fail(wantsSymmetry);
  const auto symmetry = tryInt(args[at]);
  if (toLower(args[at]) == "all")
    raw.symmetries = {0, 1, 2, 3, 4, 5, 6, 7};
  else if (symmetry && *symmetry >= 0 && *symmetry <= 7)
    raw.symmetries = {*symmetry};
  else
    fail(wantsSymmetry + " but got '" + args[at] + "'");
  at++;
  if (takesOptimism && at < args.size()) {
    raw.optimism = tryDouble(args[at]);
    if (!raw.optimism || *raw.optimism < 0 || *raw.optimism > 1)
      fail("Expected an optimism value in [0,1] but got '" + args[at] + "'");
    at++;
  }
  if (at < args.size()) fail("Unexpected extra argument '" + args[at] + "'");
  return raw;
}

class TextBuilder {
 public:
  void add(std::string_view text) { text_ += text; }
  template <typename... T>
  void print(const char* format, T... values) {
    char text[128];
    std::snprintf(text, sizeof text, format, values...);
    text_ += text;
  }
  std::string& text() { return text_; }

 private:
  std::string text_;
};

std::string outputText(const NNOutput& out, int symmetry, const Board& board, bool human) {
  TextBuilder b;
  b.print("symmetry %d\n", symmetry);
  b.print("whiteWin %.6f\n", out.whiteWinProb);
  b.print("whiteLoss %.6f\n", out.whiteLossProb);
  b.print("noResult %.6f\n", out.whiteNoResultProb);
  if (human) {
    b.print("whiteScore %.3f\n", out.whiteScoreMean);
    b.print("whiteScoreSq %.3f\n", out.whiteScoreMeanSq);
  } else {
    b.print("whiteLead %.3f\n", out.whiteLead);
    b.print("whiteScoreSelfplay %.3f\n", out.whiteScoreMean);
    b.print("whiteScoreSelfplaySq %.3f\n", out.whiteScoreMeanSq);
    b.print("varTimeLeft %.3f\n", out.varTimeLeft);
  }
  b.print("shorttermWinlossError %.3f\n", out.shorttermWinlossError);
  b.print("shorttermScoreError %.3f\n", out.shorttermScoreError);
  b.add("policy\n");
  for (int y = 0; y < board.ySize(); y++) {
    for (int x = 0; x < board.xSize(); x++) {
      const float p = out.policy[static_cast<size_t>(out.posOf(board.at(x, y), board.xSize()))];
      if (p < 0)
        b.add("    NAN ");
      else
        b.print("%8.6f ", p);
    }
    b.add("\n");
  }
  const float pass = out.policy[static_cast<size_t>(out.passPos())];
  if (pass < 0)
    b.add("policyPass     NAN \n");
  else
    b.print("policyPass %8.6f \n", pass);
  b.add("whiteOwnership\n");
  for (int y = 0; y < board.ySize(); y++) {
    for (int x = 0; x < board.xSize(); x++)
      b.print("%9.7f ", out.ownership[static_cast<size_t>(out.posOf(board.at(x, y), board.xSize()))]);
    b.add("\n");
  }
  b.add("\n");
  return b.text();
}

void answer(Call& call, const RawArgs& raw, bool human) {
  Bot& bot = call.session.bot();
  std::string text;
  for (const int symmetry : raw.symmetries) {
    RawQuery query;
    query.player = raw.player;
    query.symmetry = symmetry;
    query.optimism = raw.optimism.value_or(bot.params().sets.genmove.rootPolicyOptimism);
    query.human = human;
    text += outputText(*rawEvaluation(bot, bot.state(), query), symmetry, bot.state().board(), human);
  }
  call.response.succeed(trim(text));
}

}  // namespace

void rawNN(Call& call) {
  answer(call, parseRawArgs(call, true), false);
}

void rawHumanNN(Call& call) {
  const RawArgs raw = parseRawArgs(call, false);
  Bot& bot = call.session.bot();
  if (bot.humanNet() == nullptr)
    throw CommandError("Cannot run kata-raw-human-nn, -human-model was not provided");
  if (bot.humanNet()->usesMetadata() && bot.params().sets.genmove.humanSLProfile.empty())
    throw CommandError("Cannot run kata-raw-human-nn, humanSLProfile parameter was not set");
  answer(call, raw, true);
}

}  // namespace ponnuki::gtp
