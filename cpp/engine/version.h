// How this program names itself. Clients detect features by name and version number, so both are those of the
// reference this project replaces (spec clients.md 1-4, analysis-cli-config 1.7, 3.3).
#pragma once

namespace ponnuki {

inline constexpr const char* kCompatibleVersion = "1.17.2";
inline constexpr const char* kBanner = "KataGo v1.17.2";
inline constexpr const char* kGitRevision = "<omitted>";
inline constexpr const char* kProjectName = "Ponnuki";

}  // namespace ponnuki
