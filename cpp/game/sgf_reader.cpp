// SGF text to tree (spec rules-and-board 7.1, 7.2) and the repair of one server's handicap games (7.7).
#include <algorithm>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "game/handicap.h"
#include "game/sgf.h"
#include "game/sgf_text.h"

namespace ponnuki {
namespace {

constexpr size_t kMaxFileBytes = size_t{1} << 26;  // in memory a record takes about thirty times as much
constexpr size_t kMaxQuote = 1000;

bool isSpace(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}
bool isLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isLineEnd(char c) {
  return c == '\r' || c == '\n';
}

}  // namespace

// One pass over the text with a stack of open sequences instead of recursion.
class SgfReader {
 public:
  explicit SgfReader(std::string_view text) : text_(text) {}
  void readInto(std::vector<SgfSequence>& sequences);

 private:
  struct Open {
    int sequence;
    size_t entry;  // offset just after its opening parenthesis
    bool hasChildren = false;
  };

  [[noreturn]] void fail(const std::string& message, size_t at) const {
    const std::string quote = text_.size() <= kMaxQuote ? std::string(text_) : std::string(text_.substr(0, kMaxQuote)) + "...";
    throw UserError(message + " (pos " + std::to_string(at) + "):\n" + quote);
  }
  [[noreturn]] void failNoTree() const {
    fail("Empty or invalid sgf (is the opening parenthesis missing?)", 0);
  }
  char peekRaw() const {
    if (at_ >= text_.size()) fail("Unexpected end of str", text_.size());
    return text_[at_];
  }
  char peek() {  // skips whitespace
    while (at_ < text_.size() && isSpace(text_[at_])) at_++;
    return peekRaw();
  }
  void readNode(SgfNode& node);
  bool readProperty(SgfNode& node);
  std::string readValue();
  static void store(SgfNode& node, const std::string& name, std::string value);

  std::string_view text_;
  size_t at_ = 0;
};

void SgfReader::readInto(std::vector<SgfSequence>& sequences) {
  if (startsWith(text_, "\xEF\xBB\xBF")) at_ = 3;
  if (text_.empty() || peek() != '(') failNoTree();
  std::vector<Open> open;
  const auto enter = [&] {
    at_++;
    open.push_back({static_cast<int>(sequences.size()), at_});
    sequences.emplace_back();
  };
  enter();
  while (!open.empty()) {
    const char c = peek();
    Open& top = open.back();
    if (c == ';' && !top.hasChildren) {
      at_++;
      sequences[top.sequence].nodes.emplace_back();
      readNode(sequences[top.sequence].nodes.back());
    } else if (c == '(') {
      top.hasChildren = true;
      sequences[top.sequence].children.push_back(static_cast<int>(sequences.size()));
      enter();
    } else if (c == ')') {
      at_++;
      open.pop_back();
    } else {
      fail("Expected closing paren for sgf tree (entryPos " + std::to_string(top.entry) + "):", at_ + 1);
    }
  }
  if (sequences[0].nodes.empty()) failNoTree();
}

void SgfReader::readNode(SgfNode& node) {
  while (readProperty(node)) {
  }
}

bool SgfReader::readProperty(SgfNode& node) {
  std::string name;
  while (isLetter(peek())) name += text_[at_++];  // whitespace inside a name is skipped
  if (name.empty()) return false;
  bool any = false;
  while (peek() == '[') {
    at_++;
    store(node, name, readValue());
    at_++;
    any = true;
  }
  if (!any) fail("No property values for property " + name, at_);
  return true;
}

std::string SgfReader::readValue() {
  std::string value;
  for (;;) {
    char c = peekRaw();
    if (c == ']') return value;
    const bool escaped = c == '\\';
    if (escaped) {
      at_++;
      c = peekRaw();
    }
    at_++;
    if (isLineEnd(c)) {
      while (isLineEnd(peekRaw())) at_++;
      if (!escaped) value += '\n';
    } else {
      value += c == '\t' || c == '\v' || c == '\f' ? ' ' : c;
    }
  }
}

void SgfReader::store(SgfNode& node, const std::string& name, std::string value) {
  if (node.mover == Color::Empty && (name == "B" || name == "W")) {
    const auto location = sgf::parseLocation(value);
    if (!value.empty() && !location) throw UserError("Invalid location: " + value);
    node.mover = name == "B" ? Color::Black : Color::White;
    if (location) {
      node.moveX = location->x;
      node.moveY = location->y;
    }
    return;
  }
  for (SgfProperty& property : node.properties) {
    if (property.name != name) continue;
    property.values.push_back(std::move(value));
    return;
  }
  node.properties.push_back({name, {std::move(value)}});
}

namespace {

bool hasValue(const SgfNode& node, std::string_view name, std::string_view value) {
  const auto* values = node.find(name);
  return values && std::find(values->begin(), values->end(), value) != values->end();
}

// The server writes handicap games without the stones. Six and seven stones lay the other way before 2018.
void repairFoxHandicap(SgfSequence& first) {
  if (first.nodes.size() < 2) return;
  SgfNode& root = first.nodes[0];
  const bool fromFox =
      hasValue(root, "AP", "foxwq") || (hasValue(root, "AP", "GNU Go:3.8") && hasValue(root, "GN", ""));
  if (!fromFox || !hasValue(root, "SZ", "19") || root.find("SZ")->size() != 1) return;
  if (root.hasPlacements() || root.mover != Color::Empty || first.nodes[1].mover != Color::White) return;
  const auto* handicap = root.find("HA");
  const auto stones = handicap && handicap->size() == 1 ? tryInt((*handicap)[0]) : std::nullopt;
  if (!stones || *stones < 2 || *stones > 9) return;
  if (kMaxBoardLen < 19) return;

  const auto* date = root.find("DT");
  const bool transposed = (*stones == 6 || *stones == 7) && date && date->size() == 1 &&
                          sgf::isIsoDate((*date)[0]) && (*date)[0] < "2018-01-01";
  std::vector<sgf::Location> locations;
  for (Point p : fixedHandicapPoints(*stones, 19, 19)) {
    const int x = xOf(p, 19), y = yOf(p, 19);
    locations.push_back(transposed ? sgf::Location{y, x} : sgf::Location{x, y});
  }
  std::sort(locations.begin(), locations.end(),
            [](sgf::Location a, sgf::Location b) { return a.y != b.y ? a.y < b.y : a.x < b.x; });
  SgfProperty added{"AB", {}};
  for (sgf::Location l : locations) added.values.push_back(sgf::locationText(l.x, l.y));
  root.properties.push_back(std::move(added));
}

}  // namespace

Sgf Sgf::parse(std::string_view text, const std::string& name) {
  Sgf sgf;
  sgf.name_ = name;
  SgfReader(text).readInto(sgf.sequences_);
  repairFoxHandicap(sgf.sequences_[0]);
  return sgf;
}

Sgf Sgf::load(const std::string& path) {
  return parse(readMaybeGzip(path, kMaxFileBytes), path);
}

const std::vector<std::string>* SgfNode::find(std::string_view name) const {
  for (const SgfProperty& property : properties) {
    if (property.name == name) return &property.values;
  }
  return nullptr;
}

const std::string& SgfNode::single(const std::string& name) const {
  const auto* values = find(name);
  if (!values) throw UserError("SGF does not contain property: " + name);
  if (values->size() != 1) throw UserError("SGF property is not a singleton: " + name);
  return (*values)[0];
}

}  // namespace ponnuki
