// Choosing the child to descend into (spec search 9, 14.4, 15.1, 18.3).
#pragma once

#include "search/search_context.h"

namespace ponnuki {

// Parent's side of the selection formula (spec 9.3, 9.4); also used to reduce and report play values.
struct ParentTerms {
  double utility = 0;
  double fpu = 0;               // White's view
  double stdevFactor = 1;
  double weightPerVisit = 0;
  double lossUtility = 0;       // of the side to move, White's view
};
ParentTerms parentTerms(const SearchContext& ctx, const Node& node, const NodeStats& stats, double policyMass,
                        bool isRoot);

double explorationScaling(const SearchParams& params, double totalWeight, double stdevFactor);
double selectionValue(double scaling, double prior, double weight, double utility, Color pla);
constexpr double kIllegalSelectionValue = -1e50;

// A pull towards a loss while other threads are below the child; changes both (spec 9.4 step 3).
void applyVirtualLoss(const SearchParams& params, int virtualLosses, double lossUtility, double& weight,
                      double& utility);

// U plus the ending bonus of root moves (spec 9.4 step 2).
double childUtility(const SearchContext& ctx, const ChildView& child, bool isRoot);

struct Selection {
  int childIndex = -1;          // == number of children: a new one; -1: nothing is selectable
  Point move = kNullPoint;
  bool countEdge = true;
};
// worker.children is left holding the children that were seen. May clear worker.counts.
Selection selectChild(Worker& worker, Node& node);

}  // namespace ponnuki
