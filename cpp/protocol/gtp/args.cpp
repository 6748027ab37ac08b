#include "protocol/gtp/args.h"

#include "base/text.h"

namespace ponnuki::gtp {

Color colorArg(const std::string& text) {
  const std::optional<Color> color = parsePlayer(text);
  if (!color) throw CommandError("Could not parse color: '" + text + "'");
  return *color;
}

Point vertexArg(const std::string& text, const Board& board) {
  const std::optional<Point> point = parsePoint(text, board.xSize(), board.ySize());
  if (!point) throw CommandError("Could not parse vertex: '" + text + "'");
  return *point;
}

std::string withoutEmptyLines(std::string_view text) {
  std::string kept;
  for (const char c : text)
    if (c != '\r' && (c != '\n' || (!kept.empty() && kept.back() != '\n'))) kept += c;
  return kept;
}

std::string quotable(std::string_view text) {
  std::string kept;
  for (const char c : withoutEmptyLines(trim(text))) {
    const char shown = static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t' ? '?' : c;
    const bool newLine = !kept.empty() && kept.back() == '\n';
    if (newLine && (shown == '=' || shown == '?')) kept += ' ';
    kept += shown;
  }
  return kept;
}

std::string vertexText(Point p, const Board& board) {
  return pointToString(p, board.xSize(), board.ySize());
}

std::string verticesText(const std::vector<Point>& points, const Board& board) {
  std::string text;
  for (const Point p : points) {
    if (!text.empty()) text += ' ';
    text += vertexText(p, board);
  }
  return text;
}

std::vector<Point> pointsInOrder(const PointSet& set, const Board& board) {
  std::vector<Point> points;
  for (int y = 0; y < board.ySize(); y++)
    for (int x = 0; x < board.xSize(); x++)
      if (set[board.at(x, y)]) points.push_back(board.at(x, y));
  return points;
}

}  // namespace ponnuki::gtp
