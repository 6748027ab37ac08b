#include "graph/graph.h"

namespace ponnuki::nn {

bool Graph::isOutput(TensorId id) const {
  return id == outputs.policy || id == outputs.pass || id == outputs.value || id == outputs.score ||
         id == outputs.ownership;
}

}  // namespace ponnuki::nn
