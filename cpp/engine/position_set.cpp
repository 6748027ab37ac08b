#include "engine/position_set.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "engine/built_in_games.h"
#include "game/sgf.h"

namespace ponnuki {
namespace {

namespace fs = std::filesystem;

struct Range {  // from 0, end excluded
  size_t first = 0, end = std::numeric_limits<size_t>::max();
};

struct Source {
  std::string path;
  Range range;
};

Source parseSource(const std::string& text) {
  const size_t at = text.rfind('@');
  if (at == std::string::npos || fs::exists(text)) return {text, {}};
  const std::vector<std::string> ends = split(text.substr(at + 1), '-');
  const std::optional<int> first = ends.size() == 2 ? tryInt(ends[0]) : std::nullopt,
                           last = ends.size() == 2 ? tryInt(ends[1]) : std::nullopt;
  if (!first || !last || *first < 1 || *last < *first)
    throw UserError("-positions " + text + ": after @ two numbers are expected, as in FILE.npz@1-512");
  return {text.substr(0, at), {static_cast<size_t>(*first - 1), static_cast<size_t>(*last)}};
}

// `count` of `all` numbers, evenly spread, ascending.
std::vector<size_t> spread(size_t all, size_t count) {
  std::vector<size_t> chosen;
  count = std::min(count, all);
  for (size_t i = 0; i < count; i++) chosen.push_back(i * all / count);
  return chosen;
}

// All positions of all sources, told apart before the costly part is done: a source and a number in it.
class Collector {
 public:
  void add(const std::string& text) {
    const Source source = parseSource(text);
    if (fs::is_directory(source.path))
      addFolder(source.path);
    else if (endsWith(toLower(source.path), ".npz"))
      addRows(source);
    else
      addGame(source);
  }
  void addBuiltInGames() {
    std::set<std::string> seen;  // the games begin alike
    for (const BuiltInGame& game : builtInGames()) {
      GameState state = game.start();
      const auto moves = std::make_shared<const std::vector<Move>>(game.moveList());
      for (size_t turn = 0; turn < moves->size(); turn++) {
        if (seen.insert(state.board().positionHash().toString() + shortName(state.toMove())).second)
          positions_.push_back([&game, moves, turn] { return played(game.start(), *moves, turn); });
        state.playTolerant((*moves)[turn].point, (*moves)[turn].player);
      }
    }
  }

  PositionSet finish(int most) {
    const size_t recorded = static_cast<size_t>(recorded_.count), all = recorded + positions_.size();
    if (all == 0) throw UserError("-positions: no position was found");
    PositionSet set;
    for (const size_t i : spread(all, most == 0 ? all : static_cast<size_t>(most))) {
      if (i < recorded) {
        set.rows.append(recorded_.part(static_cast<int>(i), 1));
      } else {
        const GameState state = positions_[i - recorded]();
        addInputRow(set.rows, state, EvalParams{});
        if (recorded == 0) set.states.push_back(state);
      }
    }
    set.notes = std::move(notes_);
    return set;
  }

 private:
  void addRows(const Source& source) {
    constexpr size_t kMost = std::numeric_limits<int>::max();
    const size_t first = std::min(source.range.first, kMost), end = std::min(source.range.end, kMost);
    const InputRows rows =
        readInputRows(source.path, static_cast<int>(first), static_cast<int>(end - first));
    if (rows.count == 0) throw UserError(source.path + " has no row " + std::to_string(first + 1));
    recorded_.append(rows);
  }

  void addFolder(const std::string& folder) {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.is_regular_file() && endsWith(toLower(entry.path().string()), ".sgf"))
        files.push_back(entry.path().string());
    if (files.empty()) throw UserError(folder + " has no .sgf file");
    std::sort(files.begin(), files.end());
    constexpr size_t kMostGames = 2000;  // enough, and no folder fills the memory
    for (const size_t i : spread(files.size(), kMostGames)) {
      try {
        addGame({files[i], {}});
      } catch (const UserError& error) {  // among many some are broken
        notes_.push_back("Left out " + files[i] + ": " + error.what());
      }
    }
  }

  void addGame(const Source& source) {
    const auto sgf = std::make_shared<const Sgf>(Sgf::load(source.path));
    const auto [x, y] = sgf->size();
    if (x > recorded_.boardX || y > recorded_.boardY) {
      notes_.push_back("Left out " + source.path + ": its board is larger than 19x19");
      return;
    }
    const auto start =
        std::make_shared<const GameState>(sgf->initialState(sgf->rulesOrWarn(Rules(), [](const std::string&) {})));
    const auto moves = std::make_shared<const std::vector<Move>>(sgf->moves());
    size_t legal = 0;
    for (GameState state = *start; legal < moves->size(); legal++)
      if (!state.playTolerant((*moves)[legal].point, (*moves)[legal].player)) break;
    if (legal < moves->size())
      notes_.push_back(source.path + ": move " + std::to_string(legal + 1) +
                       " is illegal; the positions after it are left out");
    if (source.range.first > legal)
      throw UserError(source.path + " has no position " + std::to_string(source.range.first + 1));
    for (size_t turn = source.range.first; turn < std::min(source.range.end, legal + 1); turn++)
      positions_.push_back([start, moves, turn] { return played(*start, *moves, turn); });
  }

  static GameState played(GameState state, const std::vector<Move>& moves, size_t turns) {
    for (size_t i = 0; i < turns; i++) state.playTolerant(moves[i].point, moves[i].player);
    return state;
  }

  InputRows recorded_;
  std::vector<std::function<GameState()>> positions_;  // replayed when they are chosen
  std::vector<std::string> notes_;
};

}  // namespace

PositionSet readPositions(const std::vector<std::string>& sources, int most) {
  Collector collector;
  for (const std::string& source : sources) collector.add(source);
  if (sources.empty()) collector.addBuiltInGames();
  return collector.finish(most);
}

}  // namespace ponnuki
