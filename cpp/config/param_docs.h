// docs/parameters.md, made from the parameter table and the tables of the other keys, so that it cannot go
// stale.
#pragma once

#include <string>

namespace ponnuki {

std::string paramDocsMarkdown();

}  // namespace ponnuki
