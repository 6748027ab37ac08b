// What is special about the root: its policy, bonuses for ending the game sensibly, refreshing its evaluation
// (spec search 6.3, 7, 14).
#pragma once

#include <span>
#include <vector>

#include "search/search_context.h"

namespace ponnuki {

// In points, White's view (spec 14.2). 0 without an ownership map.
double endingBonus(const SearchContext& ctx, Point move);

// Chosen-move style interpolation between the start of the game and later (spec 7).
double interpolateEarly(const SearchContext& ctx, double halflife, double early, double normal);

// How Dirichlet noise spreads its concentration over the moves of a policy (spec 7): sums to 1; illegal
// moves, which have a negative prior, get 0.
std::vector<double> dirichletShares(std::span<const float> policy);

// Noise, temperature and hint on a copy of the root's policy, unless that was done already.
void processRootPolicy(Worker& worker, bool again);

// Renews the evaluation of a root that an earlier search made. Only the first call in a search does
// something.
void refreshOldRoot(Worker& worker);

// Withholding a root pass while a neutral point is worth playing (spec 14.3).
bool suppressesPass(const SearchContext& ctx, const std::vector<ChildView>& children);

}  // namespace ponnuki
