#include "engine/auto_avoid.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace ponnuki {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kPrefix = "autoAvoidRepeat";
constexpr const char* kFileEnding = "poses.txt";
constexpr int kMaxTurn = 1000000;
constexpr int64_t kMaxPositions = 1000000000000;

std::string sizeNameOf(int xSize, int ySize) {
  return std::to_string(xSize) + "x" + std::to_string(ySize);
}

bool isSizeName(const std::string& name) {
  const std::vector<std::string> pieces = split(name, 'x');
  if (pieces.size() != 2) return false;
  const auto x = tryInt(pieces[0]), y = tryInt(pieces[1]);
  return x && y && *x >= 2 && *y >= 2 && *x <= kMaxBoardLen && *y <= kMaxBoardLen &&
         sizeNameOf(*x, *y) == name;
}

std::string rowsText(const Board& board) {
  std::string text;
  for (int y = 0; y < board.ySize(); y++) {
    for (int x = 0; x < board.xSize(); x++) {
      const Color c = board[board.at(x, y)];
      text += c == Color::Black ? 'X' : c == Color::White ? 'O' : '.';
    }
    text += '/';
  }
  return text;
}

std::string sampleLine(const GameState& before, Point move) {
  const Board& board = before.board();
  json line;
  line["xSize"] = board.xSize();
  line["ySize"] = board.ySize();
  line["board"] = rowsText(board);
  line["nextPla"] = shortName(before.toMove());
  line["moveLocs"] = json::array();
  line["movePlas"] = json::array();
  line["initialTurnNumber"] = before.turnNumber();
  line["hintLoc"] = pointToString(move, board.xSize(), board.ySize());
  line["weight"] = 1.0;
  return line.dump();
}

Move moveOf(const std::string& point, const std::string& player, int xSize, int ySize) {
  const auto p = parsePoint(point, xSize, ySize);
  const auto c = parsePlayer(player);
  if (!p || !c) throw UserError("bad move " + player + " " + point);
  return {*p, *c};
}

struct Field {
  const char* name;
  void (*read)(const Config& config, const std::string& key, AutoAvoidSettings& into);
};

constexpr Field kFields[] = {
    {"Utility", [](auto& config, auto& key, auto& s) { s.utility = config.getDouble(key, -3, 3); }},
    {"Lambda", [](auto& config, auto& key, auto& s) { s.lambda = config.getDouble(key, 0, 1); }},
    {"MinTurnNumber", [](auto& config, auto& key, auto& s) { s.minTurn = config.getInt(key, 0, kMaxTurn); }},
    {"MaxTurnNumber", [](auto& config, auto& key, auto& s) { s.maxTurn = config.getInt(key, 0, kMaxTurn); }},
    {"MaxPoses",
     [](auto& config, auto& key, auto& s) { s.maxPositions = config.getInt64(key, 0, kMaxPositions); }},
};

struct ChosenMove {
  Board before;
  Move move;
};

// A stored position: a board, perhaps moves from there on, and the move chosen then.
ChosenMove parseSample(const std::string& text) {
  const json line = json::parse(text);
  const int xSize = line.at("xSize").get<int>(), ySize = line.at("ySize").get<int>();
  if (xSize < 2 || ySize < 2 || xSize > kMaxBoardLen || ySize > kMaxBoardLen)
    throw UserError("bad board size");
  Board board = Board::parse(xSize, ySize, line.at("board").get<std::string>(), '/');
  std::string player = line.at("nextPla").get<std::string>();
  const auto locs = line.at("moveLocs").get<std::vector<std::string>>();
  const auto plas = line.at("movePlas").get<std::vector<std::string>>();
  if (locs.size() != plas.size()) throw UserError("moveLocs and movePlas differ in length");
  for (size_t i = 0; i < locs.size(); i++) {
    const Move move = moveOf(locs[i], plas[i], xSize, ySize);
    if (!board.isLegalIgnoringKo(move.point, move.player, true)) throw UserError("illegal move " + locs[i]);
    board.play(move.point, move.player);
    player = shortName(opponent(move.player));
  }
  return {board, moveOf(line.at("hintLoc").get<std::string>(), player, xSize, ySize)};
}

std::vector<fs::path> newestFirst(const std::string& folder) {
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file() && endsWith(entry.path().filename().string(), kFileEnding))
      files.emplace_back(entry.last_write_time(), entry.path());
  std::sort(files.begin(), files.end(), std::greater<>());
  std::vector<fs::path> paths;
  for (auto& file : files) paths.push_back(std::move(file.second));
  return paths;
}

}  // namespace

AutoAvoid::AutoAvoid(const Config& config, Logger& log, Rng& seeds)
    : config_(config),
      log_(log),
      seeds_(seeds),
      folder_(config.getString("autoAvoidRepeatDir")),
      chunk_(static_cast<size_t>(config.getInt("autoAvoidRepeatSaveChunkSize", 1, 10000, 200))) {
  std::error_code error;
  if (!fs::is_directory(folder_, error))
    throw UserError("autoAvoidRepeatDir = " + folder_ +
                    " is not an existing folder; create it or name another");
}

std::unique_ptr<AutoAvoid> AutoAvoid::fromConfig(const Config& config, Logger& log, Rng& seeds) {
  if (!config.has("autoAvoidRepeatDir")) return nullptr;
  std::unique_ptr<AutoAvoid> memory(new AutoAvoid(config, log, seeds));
  memory->checkKeys();
  return memory;
}

// Every key is there in some form and readable, so that nothing is missed only after the first game.
void AutoAvoid::checkKeys() const {
  for (const Field& field : kFields) {
    const std::string common = std::string(kPrefix) + field.name;
    bool found = false;
    for (const auto& [key, value] : config_.values()) {
      if (!startsWith(key, common) || (key != common && !isSizeName(key.substr(common.size())))) continue;
      AutoAvoidSettings checked;
      field.read(config_, key, checked);
      found = true;
    }
    if (!found) throw UserError(common + " was not specified in the config");
  }
}

AutoAvoidSettings AutoAvoid::settingsFor(const std::string& sizeName) const {
  AutoAvoidSettings settings;
  for (const Field& field : kFields) {
    const std::string common = std::string(kPrefix) + field.name;
    const std::string key = config_.firstPresent({common + sizeName, common});
    if (key.empty()) throw UserError(common + " was not specified in the config");
    field.read(config_, key, settings);
  }
  return settings;
}

std::shared_ptr<const PatternBonusTable> AutoAvoid::load() {
  const auto table = std::make_shared<PatternBonusTable>();
  try {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_)) {
      const std::string name = entry.path().filename().string();
      if (entry.is_directory() && isSizeName(name)) loadFolder(entry.path().string(), name, *table);
    }
  } catch (const fs::filesystem_error& e) {
    throw UserError("Could not read the folder autoAvoidRepeatDir = " + folder_ + ": " + e.code().message());
  }
  savedSinceLoad_ = false;
  return table;
}

void AutoAvoid::loadFolder(const std::string& folder, const std::string& sizeName, PatternBonusTable& table) {
  const AutoAvoidSettings settings = settingsFor(sizeName);
  int64_t positions = 0;
  for (const fs::path& path : newestFirst(folder)) {
    if (positions >= settings.maxPositions) {
      std::error_code ignored;
      fs::remove(path, ignored);
      log_.write("Deleted old positions to avoid: " + path.string());
      continue;
    }
    int number = 0;
    for (const std::string& line : split(readFile(path.string()), '\n')) {
      number++;
      if (trim(line).empty() || positions >= settings.maxPositions) continue;
      try {
        const ChosenMove sample = parseSample(line);
        PatternBonusTable::Done done;
        table.avoid(sample.before, sample.move,
                    settings.utility * std::pow(settings.lambda, static_cast<double>(positions)), done);
        positions++;
      } catch (const std::exception& e) {
        log_.write("Skipping " + path.string() + ":" + std::to_string(number) + ": " + e.what());
      }
    }
  }
  log_.write("Loaded " + std::to_string(positions) + " positions to avoid from " + folder);
}

void AutoAvoid::record(const GameState& before, Point move) {
  samples_.push_back(
      {before.board().xSize(), before.board().ySize(), before.turnNumber(), sampleLine(before, move)});
}

void AutoAvoid::saveIfFull() {
  if (samples_.size() >= chunk_) saveAll();
}

void AutoAvoid::saveAll() {
  std::map<std::string, std::string> textOfSize;
  try {
    for (const Sample& sample : samples_) {
      const std::string name = sizeNameOf(sample.xSize, sample.ySize);
      const AutoAvoidSettings settings = settingsFor(name);
      if (sample.turn >= settings.minTurn && sample.turn <= settings.maxTurn)
        textOfSize[name] += sample.line + "\n";
    }
    for (const auto& [name, text] : textOfSize)
      log_.write("Saved positions to avoid: " + writeFileFor(name, text));
    savedSinceLoad_ = true;
  } catch (const std::exception& e) {
    log_.write(std::string("Could not save positions to avoid: ") + e.what());
  }
  samples_.clear();
}

std::string AutoAvoid::writeFileFor(const std::string& sizeName, const std::string& text) {
  const fs::path folder = fs::path(folder_) / sizeName;
  fs::create_directories(folder);
  fs::path path;
  do {
    char name[40];
    std::snprintf(name, sizeof name, "%016llX_%s", static_cast<unsigned long long>(seeds_.next64()),
                  kFileEnding);
    path = folder / name;
  } while (fs::exists(path));
  writeFile(path.string(), text);
  return path.string();
}

}  // namespace ponnuki
