#include "engine/match_runner.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <fstream>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "base/error.h"
#include "base/text.h"

namespace ponnuki {

namespace {

// 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, ...: 2^k, 3 2^k, 5 2^k.
bool isReportingNumber(int64_t n) {
  while (n > 0 && n % 2 == 0) n /= 2;
  return n == 1 || n == 3 || n == 5;
}

class SgfFile {
 public:
  SgfFile(const std::string& directory, const std::string& name) {
    if (directory.empty()) return;
    path_ = directory + "/" + name + ".sgfs";
    out_.open(path_);
    check();
  }
  void write(const std::string& line) {
    if (path_.empty()) return;
    out_ << line << std::endl;
    check();
  }

 private:
  void check() {
    if (!out_)
      throw UserError("Could not write game record to " + path_ + ": check the folder and the space left");
  }
  std::string path_;
  std::ofstream out_;
};

}  // namespace

struct MatchRunner::Impl {
  explicit Impl(MatchRunnerSetup s) : setup(std::move(s)), settings(setup.settings), results(names()) {
    pairingRng.emplace(setup.drawSeed());
  }

  std::vector<std::string> names() const {
    std::vector<std::string> list;
    for (const MatchBot& bot : settings.bots) list.push_back(bot.name);
    return list;
  }

  struct Start {
    int64_t number;
    MatchPairing pairing;
    std::string seed;
  };

  // Nothing if no game is to start any more.
  std::optional<Start> nextGame() {
    const std::lock_guard<std::mutex> guard(mutex);
    if (noMore || started >= settings.games) return std::nullopt;
    if (round.empty()) {
      round = settings.round;
      for (size_t i = round.size(); i > 1; i--)
        std::swap(round[i - 1], round[pairingRng->uniform(static_cast<uint32_t>(i))]);
    }
    Start start{++started, round.back(), setup.drawSeed()};
    round.pop_back();
    inProgress++;
    if (started % settings.logGamesEvery == 0)
      setup.log.write("Started " + std::to_string(started) + " games");
    return start;
  }

  void work() {
    std::optional<SgfFile> file;
    std::optional<MatchStarter> starter;
    while (const std::optional<Start> start = nextGame()) {
      if (!starter) {
        SearchRng names(start->seed);
        file.emplace(setup.sgfDirectory, names.nextHash().toString().substr(0, 16));
        starter.emplace(settings, start->seed + "start");
      }
      play(*start, *starter, *file);
    }
    setup.log.write("Match loop thread terminating");
  }

  std::unique_ptr<Search> makeSearch(size_t bot, const std::string& seed) {
    auto search = std::make_unique<Search>(settings.bots[bot].params, *setup.nets[settings.bots[bot].net],
                                           nullptr, setup.log, seed);
    search->setTreeMemoryLimit(setup.treeMemory);
    return search;
  }

  // Lets abort() reach the searches of a game.
  struct Registered {
    Registered(Impl& owner, const MatchPlayers& players)
        : impl(owner), searches{players.black, players.white} {
      const std::lock_guard<std::mutex> guard(impl.mutex);
      for (Search* s : searches) impl.running.insert(s);
    }
    ~Registered() {
      const std::lock_guard<std::mutex> guard(impl.mutex);
      for (Search* s : searches) impl.running.erase(impl.running.find(s));
      impl.inProgress--;
    }
    Impl& impl;
    Search* searches[2];
  };

  void play(const Start& start, MatchStarter& starter, SgfFile& file) {
    const size_t b = start.pairing.black, w = start.pairing.white;
    const std::unique_ptr<Search> black = makeSearch(b, start.seed + "black");
    const std::unique_ptr<Search> white = b == w ? nullptr : makeSearch(w, start.seed + "white");
    const MatchPlayers players{black.get(), white ? white.get() : black.get()};
    const Registered registered(*this, players);
    const GameState first =
        starter.start(players, *setup.nets[settings.bots[b].net], *setup.nets[settings.bots[w].net]);
    std::function<void(const std::string&)> logMove;
    if (settings.logMoves)
      logMove = [&](const std::string& line) {
        setup.log.write("Game " + std::to_string(start.number) + " " + line);
      };
    const MatchGame game = playMatchGame({settings, start.pairing, players, first, aborting, logMove});
    if (game.aborted) return;
    const std::lock_guard<std::mutex> guard(resultMutex);
    results.add(game);
    file.write(matchGameSgf(game, settings, SearchRng(start.seed + "game").nextHash()));
    tell(start, game);
  }

  void tell(const Start& start, const MatchGame& game) {
    const Board& board = game.state.board();
    setup.say("Game " + std::to_string(start.number) + " finished (" + std::to_string(results.games()) + "/" +
              std::to_string(settings.games) + "): " + settings.bots[start.pairing.black].name + " (B) - " +
              settings.bots[start.pairing.white].name + " (W) " + std::to_string(board.xSize()) + "x" +
              std::to_string(board.ySize()) + " " + game.state.rules().toCompact(true) + ", " +
              std::to_string(game.state.moves().size()) + " moves, result " + matchResultText(game.state));
    if (!isReportingNumber(results.games())) return;
    for (size_t i = 0; i < settings.bots.size(); i++)
      if (results.movesOf(i) > 0)
        setup.log.write("Avg move time used by " + settings.bots[i].name + " " +
                        formatNumber(results.secondsPerMove(i)) + " " + std::to_string(results.movesOf(i)) +
                        " moves");
  }

  void stopAll() {
    const std::lock_guard<std::mutex> guard(mutex);
    for (Search* search : running) search->requestStop();
  }

  const MatchResults& run() {
    std::exception_ptr failure;
    int alive = settings.gameThreads;
    std::condition_variable changed;
    std::mutex aliveMutex;
    const auto body = [&] {
      try {
        work();
      } catch (...) {
        const std::lock_guard<std::mutex> guard(aliveMutex);
        if (!failure && !aborting) failure = std::current_exception();  // cut short, a search may lack values
        noMore = aborting = true;
      }
      const std::lock_guard<std::mutex> guard(aliveMutex);
      alive--;
      changed.notify_all();
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < settings.gameThreads; i++) threads.emplace_back(body);
    {
      // A search that has just been asked to stop may not have begun yet: ask until all are done.
      std::unique_lock<std::mutex> lock(aliveMutex);
      while (!changed.wait_for(lock, std::chrono::milliseconds(50), [&] { return alive == 0; }))
        if (aborting) stopAll();
    }
    for (std::thread& t : threads) t.join();
    if (failure) std::rethrow_exception(failure);
    return results;
  }

  MatchRunnerSetup setup;
  const MatchSettings& settings;
  std::mutex resultMutex;  // guards results and the order of their lines
  MatchResults results;
  mutable std::mutex mutex;  // guards the following
  std::optional<SearchRng> pairingRng;
  std::vector<MatchPairing> round;
  int64_t started = 0;
  int inProgress = 0;
  std::multiset<Search*> running;
  std::atomic<bool> noMore{false}, aborting{false};
};

MatchRunner::MatchRunner(MatchRunnerSetup setup) : impl_(std::make_unique<Impl>(std::move(setup))) {}
MatchRunner::~MatchRunner() = default;

const MatchResults& MatchRunner::run() {
  return impl_->run();
}

void MatchRunner::finishEarly() {
  impl_->noMore = true;
}

void MatchRunner::abort() {
  impl_->noMore = impl_->aborting = true;
}

int MatchRunner::gamesInProgress() const {
  const std::lock_guard<std::mutex> guard(impl_->mutex);
  return impl_->inProgress;
}

}  // namespace ponnuki
