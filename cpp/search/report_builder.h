// Makes the snapshots of report.h from a tree, also while it is searched (spec search 21).
#pragma once

#include "search/report.h"
#include "search/search_context.h"

namespace ponnuki {

// False while the root has no values.
bool buildReport(const SearchContext& ctx, const ReportOptions& options, SearchReport& report);
bool plainRootValues(const SearchContext& ctx, RootValues& values);

}  // namespace ponnuki
