// `katago quantize`: a model file with smaller storage of its weights (spec quantization 5).
#include <cstdio>

#include "app/commands.h"
#include "base/error.h"
#include "model/stored_form.h"

namespace ponnuki {

int runQuantize(const CommandLine& line) {
  std::vector<OptionSpec> specs = {
      {"model", "", "FILE", "The model file to convert.", false, true},
      {"output", "o", "FILE", "The file to write; its name ends in .bin.gz.", false, true},
      {"storage", "", "KIND", "How weights are stored: fp16 (default), half the size."},
  };
  const std::optional<Options> options = parseOptions(line, specs);
  if (!options) return 0;
  const std::string storage = options->get("storage", "fp16");
  if (storage != "fp16") throw UserError("-storage must be fp16, but is " + storage);
  const std::string from = options->get("model"), to = options->get("output");
  const StorageReport report = writeHalfStorage(from, to);
  std::printf("%s: %zu bytes\n%s: %zu bytes\n", from.c_str(), report.sourceBytes, to.c_str(),
              report.writtenBytes);
  std::printf(
      "%zu weights: %zu bytes before, %zu after (%.1f%%), largest rounding error %.3g\n", report.valuesBefore,
      report.blockBytesBefore, report.blockBytesAfter,
      100.0 * static_cast<double>(report.blockBytesAfter) / static_cast<double>(report.blockBytesBefore),
      report.largestError);
  return 0;
}

}  // namespace ponnuki
