// `katago randomnet`: model files with random weights, so that speed can be measured without downloads.
#include <cstdio>

#include "app/commands.h"
#include "base/error.h"
#include "base/text.h"
#include "model/random_net.h"

namespace ponnuki {

int runRandomNet(const CommandLine& line) {
  const std::vector<OptionSpec> specs = {
      {"architecture", "a", "NAME", "One of " + join(architectureNames(), ", ") + ".", false, true},
      {"output", "o", "FILE", "The file to write (default NAME.bin.gz)."},
      {"seed", "", "N", "Another number, other weights (default 1)."},
  };
  const std::optional<Options> options = parseOptions(line, specs);
  if (!options)
    return 0;
  const std::string name = options->get("architecture");
  if (!namedArchitecture(name))
    throw UserError("-architecture " + name + " is not known; expected one of " + join(architectureNames(), ", "));
  const std::string file = options->get("output", name + ".bin.gz");
  if (!endsWith(file, ".bin.gz"))
    throw UserError("-output " + file + " must end in .bin.gz, or the file could not be loaded as a model");
  writeRandomNet(name, file, static_cast<uint64_t>(options->getInt("seed").value_or(1)));
  std::fprintf(stderr, "Wrote %s: random weights, for measuring speed; it plays no Go.\n", file.c_str());
  return 0;
}

}  // namespace ponnuki
