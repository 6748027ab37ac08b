// `katago gendata`: positions labelled by a net, for training a smaller one (docs: scripts/train/README.md).
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "app/commands.h"
#include "app/interrupt.h"
#include "base/error.h"
#include "base/text.h"
#include "engine/precision_check.h"
#include "engine/training_game.h"
#include "engine/training_shard.h"
#include "eval/net_evaluator.h"

namespace ponnuki {
namespace {

struct GenDataSettings {
  std::string output, seed;
  uint64_t positions = 0, firstGame = 0;
  int threads = 1, rowsPerFile = 0;
  double keep = 0.5;
  TrainingSizes sizes;
  std::optional<nn::Precision> precision;  // none: auto
};

GenDataSettings readSettings(const Options& options) {
  GenDataSettings s;
  s.output = options.get("output");
  s.seed = options.get("seed", "1");
  for (const char c : s.seed)
    if (!(std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_'))
      throw UserError("-seed may contain letters, digits, - and _ only, since it names the files, but is " +
                      s.seed);
  s.positions = static_cast<uint64_t>(options.getIntBetween("positions", 0, 1LL << 40, 100000));
  s.firstGame = static_cast<uint64_t>(options.getIntBetween("first-game", 0, 1LL << 40, 0));
  s.threads = static_cast<int>(options.getIntBetween("threads", 0, 1024, 1));
  s.rowsPerFile = static_cast<int>(options.getIntBetween("rows-per-file", 0, 1 << 20, 4096));
  if (s.threads < 1 || s.rowsPerFile < 1) throw UserError("-threads and -rows-per-file must be at least 1");
  s.keep = options.getDouble("keep").value_or(0.5);
  if (!(s.keep > 0 && s.keep <= 1))
    throw UserError("-keep must be above 0 and at most 1, but is " + options.get("keep"));
  s.sizes = options.has("sizes") ? TrainingSizes::parse(options.get("sizes")) : TrainingSizes::standard();
  if (options.has("precision")) s.precision = precisionNamed(options.get("precision"));
  return s;
}

// Threads play games by number; rows are written in the order of the games, so that the files depend on the
// seed only.
class DataGenerator {
 public:
  DataGenerator(const GenDataSettings& settings, const LoadedModel& model, nn::Backend& backend)
      : settings_(settings),
        model_(model),
        backend_(backend),
        shards_(settings.output, "seed" + settings.seed, settings.rowsPerFile),
        nextGame_(settings.firstGame),
        writtenGame_(settings.firstGame) {}

  void run() {
    std::vector<std::thread> threads;
    for (int i = 0; i < settings_.threads; i++) threads.emplace_back([this] { work(); });
    watch();
    for (std::thread& thread : threads) thread.join();
    if (failure_) std::rethrow_exception(failure_);
    shards_.finish();
    report("\n");
    std::fprintf(stderr, "To go on from here: the same command with -first-game %llu and another folder.\n",
                 static_cast<unsigned long long>(writtenGame_));
  }

 private:
  bool enough() {
    const std::lock_guard lock(mutex_);
    return shards_.rows() >= settings_.positions || failure_;
  }

  void work() {
    try {
      while (!interrupted() && !enough()) playOne();
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    finishedThreads_++;
    changed_.notify_all();
  }

  void playOne() {
    uint64_t number = 0;
    {
      const std::lock_guard lock(mutex_);
      number = nextGame_++;
    }
    Rng rng("training game " + settings_.seed + " " + std::to_string(number));
    const TrainingGamePlan plan = drawPlan(rng, settings_.sizes);
    std::vector<TrainingRow> rows;
    // A game that is needed no more ends early: all before it are written, and they are enough.
    if (!playTrainingGame(
            plan, netFor(plan.size), rng, settings_.keep, [this] { return interrupted() || enough(); }, rows))
      return;
    const std::lock_guard lock(mutex_);
    waiting_.emplace(number, std::move(rows));
    for (auto first = waiting_.find(writtenGame_); first != waiting_.end();
         first = waiting_.find(writtenGame_)) {
      if (shards_.rows() < settings_.positions) {
        for (const TrainingRow& row : first->second) shards_.add(row);
        writtenGame_++;
        waiting_.erase(first);
      } else {
        return;
      }
    }
  }

  Evaluator& netFor(int size) {
    const std::lock_guard lock(netMutex_);
    std::unique_ptr<NetEvaluator>& net = nets_[size];
    if (!net) {
      NetEvaluatorSettings settings;
      settings.modelFile = model_.info.fileName;
      settings.net.nnCacheSizePowerOfTwo = -1;
      settings.net.bufferX = settings.net.bufferY = size;
      settings.net.requireExactSize = true;
      if (settings_.precision) settings.net.precision = configPrecision(*settings_.precision);
      settings.net.nnRandSeed = "unused";  // every request names its symmetry
      settings.seats = settings_.threads;
      settings.maxBatch = 1;
      net = std::make_unique<NetEvaluator>(settings, model_, backend_, log_);
    }
    return *net;
  }

  void watch() {
    std::unique_lock lock(mutex_);
    while (finishedThreads_ < settings_.threads) {
      changed_.wait_for(lock, std::chrono::seconds(5));
      report("\r");
    }
  }

  void report(const char* end) {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    std::fprintf(stderr, "%llu games, %llu positions, %d files, %.0f positions a second   %s",
                 static_cast<unsigned long long>(writtenGame_ - settings_.firstGame),
                 static_cast<unsigned long long>(shards_.rows()), shards_.files(),
                 static_cast<double>(shards_.rows()) / std::max(seconds, 0.001), end);
    std::fflush(stderr);
  }

  const GenDataSettings& settings_;
  const LoadedModel& model_;
  nn::Backend& backend_;
  Logger log_;
  TrainingShards shards_;
  std::mutex mutex_, netMutex_;
  std::condition_variable changed_;
  uint64_t nextGame_, writtenGame_;
  std::map<uint64_t, std::vector<TrainingRow>> waiting_;  // games that ended before an earlier one
  std::map<int, std::unique_ptr<NetEvaluator>> nets_;
  int finishedThreads_ = 0;
  std::exception_ptr failure_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

int runGenData(const CommandLine& line) {
  std::vector<OptionSpec> specs = {
      {"model", "", "FILE", "The net that plays and labels.", false, true},
      {"output", "o", "FOLDER", "Where the files go.", false, true},
      {"positions", "n", "N", "Positions to write, rounded up to whole games (default 100000)."},
      {"seed", "", "TEXT", "The same seed gives the same files (default 1)."},
      {"threads", "t", "N", "Games played at once (default 1)."},
      {"sizes", "", "LIST",
       "Board sizes with weights, as in 9:3,13,19:5 (default: 7 to 19, mostly 19, 9 and 13)."},
      {"keep", "", "SHARE", "Share of the positions of a game to write (default 0.5)."},
      {"rows-per-file", "", "N", "Positions a file (default 4096)."},
      {"precision", "", "NAME",
       "Arithmetic of the net: fp32, half, bf16, int16 or int8 (default: half where that is faster)."},
      {"first-game", "", "N", "Number of the first game, to go on with an earlier run."},
  };
  const std::optional<Options> options = parseOptions(line, specs);
  if (!options) return 0;
  const GenDataSettings settings = readSettings(*options);
  const LoadedModel model = loadModel(options->get("model"));
  if (model.info.metaChannels() > 0 || model.info.inputsVersion() != 7)
    throw UserError(options->get("model") +
                    " cannot label training data: a net with version 8 or later that needs no "
                    "human profile is needed");
  const std::unique_ptr<nn::Backend> backend = nn::makeBackend({});
  if (settings.precision) prepareNet(model, *settings.precision, *backend);  // an error where the net has no such form
  watchForInterrupt();
  DataGenerator(settings, model, *backend).run();
  return 0;
}

}  // namespace ponnuki
