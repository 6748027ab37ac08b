#include "protocol/gtp/tree_text.h"

#include "base/text.h"
#include "protocol/search_text.h"

namespace ponnuki::gtp {

std::string genmoveReport(const Search& search, const GenmoveInfo& info, Perspective perspective,
                          double advantage, Point expand) {
  std::string text = positionText(search.rootState(), info.move);
  text += "Time taken: " + formatNumber(info.seconds) + "\n";
  text += "Root visits: " + std::to_string(search.rootVisits()) + "\n";
  text += "New playouts: " + std::to_string(info.playouts) + "\n";
  text += netUseText({info.rows, info.batches});
  if (advantage != 0) text += "PlayoutDoublingAdvantage: " + formatNumber(advantage) + "\n";
  TreePrintOptions options;
  options.maxChildren = 10;
  options.alwaysList = expand;
  options.perspective = perspectiveColor(perspective);
  return text + pvAndTreeText(search, options);
}

}  // namespace ponnuki::gtp
