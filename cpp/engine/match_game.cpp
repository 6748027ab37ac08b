#include "engine/match_game.h"

#include <cstdio>

#include "base/error.h"
#include "base/text.h"
#include "game/sgf.h"

namespace ponnuki {

namespace {

std::string commentOf(const RootValues& v) {
  char text[96];
  std::snprintf(text, sizeof text, "%.2f %.2f %.2f %.1f v=%lld", v.winProb(), 1 - v.winProb() - v.noResult,
                v.noResult, v.scoreMean, static_cast<long long>(v.visits));
  return text;
}

class MatchPlay {
 public:
  explicit MatchPlay(const MatchGameSetup& setup) : setup_(setup), settings_(setup.settings) {
    game_.pairing = setup.pairing;
    game_.state = setup.start;
    game_.openingMoves = static_cast<int>(setup.start.moves().size());
    game_.comments.resize(setup.start.moves().size());
  }

  MatchGame run() {
    const MatchPlayers& players = setup_.players;
    for (Search* search : {players.black, players.white}) search->setPosition(game_.state);
    while (!game_.state.isFinished() && static_cast<int>(game_.state.moves().size()) < settings_.maxMoves) {
      if (!playTurn()) {
        game_.aborted = true;
        return std::move(game_);
      }
    }
    return std::move(game_);
  }

 private:
  // False if the game is to be discarded.
  bool playTurn() {
    const Color pla = game_.state.toMove();
    Search& search = setup_.players.of(pla);
    const bool sameBot = setup_.players.black == setup_.players.white;
    if (settings_.clearBotBeforeSearch || sameBot) search.clearSearch();
    if (setup_.abort) return false;
    const Point move = search.runAndChoose(SearchLimits{});
    if (setup_.abort) return false;
    RootValues values;
    ENSURE(move != kNullPoint && search.rootValues(values));
    MatchGame::Side& side = game_.side(pla);
    side.seconds += search.lastSearchSeconds();
    side.moves++;
    side.visits += values.visits;
    whiteWinLoss_.push_back(values.winLoss);
    if (resigns(pla)) {
      game_.state.resign(pla);
      game_.resignComment = commentOf(values);
      return true;
    }
    makeMove(move, pla);
    game_.comments.push_back(commentOf(values));
    return true;
  }

  void makeMove(Point move, Color pla) {
    if (setup_.logMove) {
      const Board& board = game_.state.board();
      setup_.logMove("Move " + std::to_string(game_.state.moves().size()) + ": " + longName(pla) + " " +
                     pointToString(move, board.xSize(), board.ySize()));
    }
    ENSURE(game_.state.isLegalTolerant(move, pla));
    game_.state.play(move, pla);
    const MatchPlayers& players = setup_.players;
    players.black->makeMove(move, pla, false);
    if (players.white != players.black) players.white->makeMove(move, pla, false);
    if (!game_.state.isFinished()) game_.state.endIfAllPassAlive();
  }

  bool resigns(Color pla) const {
    const size_t turns = whiteWinLoss_.size(), needed = static_cast<size_t>(settings_.resignConsecTurns);
    const int area = game_.state.board().area();
    if (!settings_.allowResignation || turns < needed ||
        static_cast<int>(game_.state.moves().size()) < 1 + area / 5)
      return false;
    for (size_t i = turns - needed; i < turns; i++)
      if ((pla == Color::White ? whiteWinLoss_[i] : -whiteWinLoss_[i]) >= settings_.resignThreshold)
        return false;
    return true;
  }

  const MatchGameSetup& setup_;
  const MatchSettings& settings_;
  MatchGame game_;
  std::vector<double> whiteWinLoss_;  // of every search
};

}  // namespace

MatchGame playMatchGame(const MatchGameSetup& setup) {
  return MatchPlay(setup).run();
}

std::string matchResultText(const GameState& state) {
  const std::string text = sgfResult(state);
  return text.empty() ? "none" : text;
}

std::string matchGameSgf(const MatchGame& game, const MatchSettings& settings, Hash128 gameHash) {
  SgfWriteOptions options;
  options.blackName = escapeSgfText(settings.bots[game.pairing.black].name);
  options.whiteName = escapeSgfText(settings.bots[game.pairing.white].name);
  options.rules = game.state.rules().toCompact(false);
  options.rootComment = "startTurnIdx=" + std::to_string(game.openingMoves) +
                        ",initTurnNum=" + std::to_string(game.state.initialTurnNumber()) +
                        ",gameHash=" + gameHash.toString() +
                        ",gtype=normal,bTimeUsed=" + formatNumber(game.black.seconds) +
                        ",wTimeUsed=" + formatNumber(game.white.seconds);
  options.moveComments = game.comments;
  options.resultLast = true;
  options.lastNodeComment = game.resignComment;
  return writeSgf(game.state, options);
}

}  // namespace ponnuki
