// Puts position and parameters of a search back when a detour (an estimate) is over. The tree is not
// restored.
#pragma once

#include "search/search.h"

namespace ponnuki {

class SearchRestorer {
 public:
  explicit SearchRestorer(Search& search)
      : search_(search), state_(search.rootState()), params_(search.params()) {}
  ~SearchRestorer() {
    search_.setAlwaysIncludeOwnership(false);
    search_.setParams(params_);
    search_.setPosition(state_);
  }
  SearchRestorer(const SearchRestorer&) = delete;
  SearchRestorer& operator=(const SearchRestorer&) = delete;

 private:
  Search& search_;
  GameState state_;
  SearchParams params_;
};

}  // namespace ponnuki
