// A backend without a network: pseudo-logits from a hash of each input row. Deterministic over machines, runs
// and batch composition; for tests of everything above the backend interface. Needs only the channel counts
// of a graph.
#pragma once

#include <memory>

#include "graph/backend.h"

namespace ponnuki::nn {

std::unique_ptr<Backend> makeHashBackend();

}  // namespace ponnuki::nn
