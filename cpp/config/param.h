// One row of the table of search parameters: the only place where a parameter's key, range, defaults, scope
// and meaning are written down. Loading, kata-*-param(s), overrides, hashing and docs/parameters.md all walk
// the rows. Constant data; thread-safe. Spec search 2, style-anchors 9.9.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "config/search_params.h"

namespace ponnuki {

// The subcommand that loads a config; some defaults depend on it.
enum class Mode { Gtp, Analysis, Benchmark, Match, EvalSgf };

struct TriStateField {
  int SearchParams::*field;
};

// The member a key fills; the alternative is the type its text must have.
using SearchField =
    std::variant<double SearchParams::*, float SearchParams::*, int SearchParams::*, int64_t SearchParams::*,
                 bool SearchParams::*, Color SearchParams::*, std::string SearchParams::*, TriStateField>;

struct Range {
  double lo = 0, hi = 0;  // inclusive; unused for bool, player, text
};

// Defaults as numbers: bool 0/1, tri-state -1/0/1. Text and player are empty by default.
struct Default {
  double gtp, analysis, other, evalSgf;  // other: benchmark and match
  constexpr Default(double all) : gtp(all), analysis(all), other(all), evalSgf(all) {}
  constexpr Default(double g, double a, double o) : gtp(g), analysis(a), other(o), evalSgf(g) {}
  constexpr Default(double g, double a, double o, double e) : gtp(g), analysis(a), other(o), evalSgf(e) {}

  constexpr double of(Mode mode) const {
    return mode == Mode::Gtp        ? gtp
           : mode == Mode::Analysis ? analysis
           : mode == Mode::EvalSgf  ? evalSgf
                                    : other;
  }
};

// A default that follows from parameters loaded before it.
enum class Derived : uint8_t {
  No,
  RootPolicyTemperature,   // = rootPolicyTemperature
  FpuLossProp,             // = fpuLossProp
  ZeroIfRootNoise,         // 0 when rootNoiseEnabled, else the plain default
  AtMostOfPolicyOptimism,  // min(policyOptimism, the plain default)
};

// When the key is read at all (otherwise it counts as unused).
enum class ReadIf : uint8_t { Always, VisitedPolicyOn, VisitedPolicyOff };

enum class Scope : uint8_t {
  Runtime,  // may change between searches
  Startup,  // fixed after start-up
};

enum class Group : uint8_t { Limits, Utility, Exploration, Aggregation, Root, Choice, Time, Human };

struct SearchParamRow {
  std::string_view key;
  SearchField field;
  Range range;
  Default defaults;
  Group group;
  std::string_view doc;
  Derived derived = Derived::No;
  ReadIf readIf = ReadIf::Always;
  Scope scope = Scope::Runtime;
  bool listed = true;  // shown by kata-list-params among the plain search parameters
};

std::span<const SearchParamRow> searchParamTable();
const SearchParamRow* findSearchParam(std::string_view key);  // null if there is none

}  // namespace ponnuki
