#include "config/config_file.h"

#include <doctest/doctest.h>

#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>

#include "base/error.h"
#include "base/file.h"

using namespace ponnuki;

namespace {

std::string valueOf(const std::string& line) {
  const Config config = Config::fromText(line + "\n", "f");
  return config.values().size() == 1 ? config.values().begin()->second : "?";
}

std::string errorOf(const std::function<void()>& act) {
  try {
    act();
  } catch (const UserError& e) {
    return e.what();
  }
  return "no error";
}

std::string parseError(const std::string& text) {
  return errorOf([&] { Config::fromText(text, "f"); });
}

struct TempDir {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("pk_config_" + std::to_string(::getpid()));
  TempDir() { std::filesystem::create_directories(path / "sub"); }
  ~TempDir() { std::filesystem::remove_all(path); }
  std::string write(const std::string& name, const std::string& text) const {
    writeFile((path / name).string(), text);
    return (path / name).string();
  }
};

}  // namespace

TEST_CASE("values of the syntax table are read like the reference reads them") {
  CHECK(valueOf(R"(a = "x # y \" z"   # c)") == "x # y \" z");
  CHECK(valueOf("a=  p q  # c") == "p q");
  CHECK(valueOf("a = p#q") == "p");
  CHECK(valueOf("a == 5") == "= 5");
  CHECK(valueOf("a = b=c") == "b=c");
  CHECK(valueOf("k-6_ = -") == "-");
  CHECK(valueOf("  a = 5 \r") == "5");
  CHECK(valueOf("a = 1, 2,3") == "1, 2,3");
}

TEST_CASE("lines that are no key-value pair are refused with file and line") {
  for (const char* line : {"a b = 5", "a.b = 5", "a", "a =", "= 5", "a# = 1", "a = \"x", "a = \"x\" y",
                           "a = \"\"", "a = \"x\\"}) {
    CAPTURE(line);
    CHECK(parseError("# comment\n\n" + std::string(line)) == "Could not parse key value pair, line 3 in 'f'");
  }
}

TEST_CASE("a key twice in one file is refused") {
  CHECK(parseError("a = 1\na = 2\n") ==
        "Key 'a' + was specified multiple times in f, you probably didn't mean to do this, please delete one "
        "of them");
}

TEST_CASE("directives that are not understood are refused") {
  CHECK(parseError("@inc x") == "Unsupported @ directive, line 1 in 'f'");
  CHECK(parseError("@including x") == "Unsupported @ directive '@including', line 1 in 'f'");
  CHECK(parseError("@includes") == "Unsupported @ directive '@includes', line 1 in 'f'");
  CHECK(parseError("@include = ") ==
        "@ directive without value (value after key-val separator is not found), line 1 in 'f'");
  CHECK(parseError("@include /x") == "Absolute paths in the included files are not supported yet");
}

TEST_CASE("keys read later win across includes and files") {
  const TempDir dir;
  dir.write("sub/inner.cfg", "a = inner\nb = inner\n");
  const std::string main =
      dir.write("main.cfg", "a = main\n@include \"sub/inner.cfg\"  # comment\nc = main\n");
  Config config = Config::fromFiles({main});
  CHECK(config.toString() == "a = inner\nb = inner\nc = main\n");
  CHECK(config.name() == main);
  const std::string second = dir.write("second.cfg", "b = second\n");
  CHECK(Config::fromFiles({main, second}).getString("b") == "second");
}

TEST_CASE("including a file twice or a missing file is refused") {
  const TempDir dir;
  const std::string loop = dir.write("loop.cfg", "@include other.cfg\n@include other.cfg\n");
  dir.write("other.cfg", "a = 1\n");
  CHECK(errorOf([&] { Config::fromFiles({loop}); }).find("Circular or multiple inclusion of the same file") ==
        0);
  const std::string missing = (dir.path / "none.cfg").string();
  CHECK(errorOf([&] { Config::fromFiles({missing}); }) ==
        "Could not open file " + missing + " - does not exist or invalid permissions?");
}

TEST_CASE("overrides replace, delete and change the name") {
  Config config = Config::fromText("a = 1\nb = 2\n", "f");
  config.applyOverrideString("");
  CHECK(config.name() == "f");
  config.applyOverrideString("a=3, , b = ,c= x=y ");
  CHECK(config.toString() == "a = 3\nc = x=y\n");
  CHECK(config.name() == "f and/or command-line and query overrides");
  CHECK(errorOf([&] { config.applyOverrideString("oops"); }) ==
        "Could not parse kv pair, could not find '=' in:oops");
}

TEST_CASE("rules and single rule keys displace each other in overrides") {
  Config config = Config::fromText("rules = chinese\n", "f");
  config.applyOverrideString("koRule=SIMPLE");
  CHECK(config.toString() == "koRule = SIMPLE\n");
  config.applyOverrideString("rules=japanese");
  CHECK(config.toString() == "rules = japanese\n");
}

TEST_CASE("values of the wrong type are refused with the reference's texts") {
  const Config c = Config::fromText("b = yes\ni = 5x\nd = inf\nt = MAYBE\nr = 7\n", "f");
  CHECK(errorOf([&] { c.getBool("b"); }) == "Could not parse 'yes' as bool for key 'b' in config file f");
  CHECK(errorOf([&] { c.getInt("i", 0, 9); }) == "Could not parse '5x' as int for key 'i' in config file f");
  CHECK(errorOf([&] { c.getInt64("i", 0, 9); }) ==
        "Could not parse '5x' as int64_t for key 'i' in config file f");
  CHECK(errorOf([&] { c.getDouble("d", 0, 9); }) ==
        "Could not parse 'inf' as double for key 'd' in config file f");
  CHECK(errorOf([&] { c.getFloat("d", 0, 9); }) ==
        "Could not parse 'inf' as float for key 'd' in config file f");
  CHECK(errorOf([&] { c.getTriState("t"); }) ==
        "Could not parse 'maybe' as bool or auto for key 't' in config file f");
  CHECK(errorOf([&] { c.getDouble("r", 0, 1); }) == "Key 'r' must be in the range 0 to 1 in config file f");
  CHECK(errorOf([&] { c.getDouble("r", 8, 1e20); }) ==
        "Key 'r' must be in the range 8 to 1e+20 in config file f");
  CHECK(errorOf([&] { c.getChoice("b", {"B", "A"}); }) == "Key 'b' must be one of (A|B) in config file f");
  CHECK(errorOf([&] { c.getString("none"); }) == "Could not find key 'none' in config file f");
}

TEST_CASE("bool-or-auto takes all the words of the reference") {
  const Config c = Config::fromText("a = Enabled\nb = N\nc = AUTO\nd = 1\n", "f");
  CHECK(c.getTriState("a") == TriState::True);
  CHECK(c.getTriState("b") == TriState::False);
  CHECK(c.getTriState("c") == TriState::Auto);
  CHECK(c.getTriState("d") == TriState::True);
}

TEST_CASE("keys never read are named, with a hint for misspellings") {
  const Config c = Config::fromText("maxVisit = 5\nzzzzzzzzzzzzzzzzzzzzzzzz = 1\nused = 1\n", "f");
  c.getString("used");
  CHECK(c.has("maxVisit"));
  CHECK(c.unusedKeys() == std::vector<std::string>{"maxVisit", "zzzzzzzzzzzzzzzzzzzzzzzz"});
  const auto lines = c.unusedKeyWarnings();
  REQUIRE(lines.size() == 5);
  CHECK(lines[0] == "--------------");
  CHECK(
      lines[1] ==
      "WARNING: Config had unused keys! You may have a typo, an option you specified is being unused from f");
  CHECK(lines[2].find("WARNING: Unused key 'maxVisit' in f") == 0);
  CHECK(lines[2].find("maxVisits") != std::string::npos);
  CHECK(lines[3] == "WARNING: Unused key 'zzzzzzzzzzzzzzzzzzzzzzzz' in f");
}

TEST_CASE("a list drops one trailing empty element and does not trim") {
  const Config c = Config::fromText("l = a, b,\n", "f");
  CHECK(c.getStrings("l") == std::vector<std::string>{"a", " b"});
}

TEST_CASE("an alias becomes the proper key unless both are present") {
  Config c = Config::fromText("long = 3\n", "f");
  c.renameKey("long", "short");
  CHECK(c.toString() == "short = 3\n");
  Config both = Config::fromText("long = 3\nshort = 4\n", "f");
  CHECK(errorOf([&] { both.renameKey("long", "short"); }) ==
        "Cannot specify both long and short in the same config");
}

TEST_CASE("of an alias and its proper key the overridden one wins") {
  for (const char* overridden : {"long", "short"}) {
    for (const char* written : {"long", "short"}) {
      Config c = Config::fromText(std::string(written) + " = 1\n", "f");
      c.applyOverrideString(std::string(overridden) + "=2");
      c.renameKey("long", "short");
      CHECK(c.values() == std::map<std::string, std::string>{{"short", "2"}});
    }
  }
  Config c = Config::fromText("long = 1\n", "f");
  c.applyOverrideString("long=2,short=3");
  CHECK(errorOf([&] { c.renameKey("long", "short"); }) ==
        "Cannot specify both long and short in the same config");
}
