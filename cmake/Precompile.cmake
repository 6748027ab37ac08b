# Precompiled standard headers: about a third of the time of a build from nothing. Sources still include what
# they use; `make dist` builds without them and so finds what is missing.
set(PONNUKI_STANDARD_HEADERS <algorithm> <array> <atomic> <bit> <chrono> <cmath> <condition_variable> <cstdint>
    <cstdio> <cstring> <filesystem> <fstream> <functional> <map> <memory> <mutex> <numeric> <optional> <set>
    <span> <sstream> <string> <string_view> <thread> <utility> <vector>)

# ponnuki_precompile(TARGET [header...]): the standard headers and these.
function(ponnuki_precompile target)
  target_precompile_headers(${target} PRIVATE ${PONNUKI_STANDARD_HEADERS} ${ARGN})
endfunction()
# ponnuki_precompile_as(TARGET OTHER): those of OTHER, made once. Both need the same compiler options.
function(ponnuki_precompile_as target other)
  target_precompile_headers(${target} REUSE_FROM ${other})
endfunction()
