// Play-selection values: how good each move of a node is for playing, and the move chosen from them (spec search
// 20). Values are weights; bounds are of the side to move at the node. Reads the tree, also during a search.
#pragma once

#include <optional>

#include "search/search_context.h"

namespace ponnuki {

struct PlayOptions {
  double scaleMaxToAtLeast = 0;
  bool allowDirectPolicy = false;   // a root without children yields its policy
  bool alwaysLcb = false;           // compute bounds even if they are not used
  bool neverLcb = false;
};

struct PlayValues {
  bool ok = false;                          // false: there is nothing to choose from; the rest is then partial
  std::vector<ChildView> children;          // as they were read
  std::vector<Point> moves;                 // children first, in order; then moves from a policy
  std::vector<double> values;               // by moves
  std::vector<double> lcb, lcbRadius;       // by children; defaults where not computed
};
PlayValues playValues(const SearchContext& ctx, const Node& node, const PlayOptions& options);

// The index that the temperatures choose.
size_t chooseIndex(const std::vector<double>& values, double temperature, double onlyBelowProb, SearchRng& rng);
double chosenMoveTemperature(const SearchContext& ctx);
size_t indexOfMax(const std::vector<double>& values);   // first wins

// How far the search's choice and its certainty are from the policy (spec 21.6).
struct Surprise {
  double policySurprise = 0, searchEntropy = 0, policyEntropy = 0;
};
std::optional<Surprise> surpriseOf(const SearchContext& ctx);

}  // namespace ponnuki
