#!/usr/bin/env python3
"""Start-up of `katago gtp`: what it prints where, how it fails, and with which status.

Called with the path of the program. Exit code 77 = skipped: no net."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "lib"))
import gtp_engine  # noqa: E402

ABORTED = 134
BANNER = "KataGo v1.17.2"
RULES = "Using TrompTaylor rules initially, unless GTP/GUI overrides this"
BOARD = "Initializing board with boardXSize 19 boardYSize 19"
READY = "GTP ready, beginning main protocol loop"
OVERRIDDEN = "test.cfg and/or command-line and query overrides"


class Folder:
    """A scratch folder with a config and a link to the net, in which the program is started."""

    def __init__(self, program, model):
        self.program = str(pathlib.Path(program).resolve())
        self.scratch = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.scratch.name)
        (self.path / "test.cfg").write_text(gtp_engine.CONFIG)
        (self.path / "MODEL.bin.gz").symlink_to(pathlib.Path(model).resolve())

    def start(self, *options, data=b"", config="test.cfg", model="MODEL.bin.gz", env=None):
        command = [self.program, "gtp"]
        command += ["-config", config] if config else []
        command += ["-model", model] if model else []
        done = subprocess.run(command + list(options), cwd=self.path, input=data, capture_output=True, timeout=120,
                              check=False, env=env)
        return done.returncode, done.stdout.decode(), done.stderr.decode().splitlines()

    def override(self, text, **more):
        return self.start("-override-config", text, **more)


def ordinary(program, model):
    folder = Folder(program, model)
    status, out, err = folder.start(data=b"name\n")
    assert (status, out) == (0, "= KataGo\n\n"), (status, out)
    assert err[:5] == [BANNER, RULES, BOARD, "Loaded config test.cfg", "Loaded model MODEL.bin.gz"], err
    assert err[5].startswith("Model name: ") and err[6:] == [READY], err
    status, out, err = folder.override("foo=1,bar=x,rules=aga", data=b"version\nname")
    assert re.fullmatch(r"= 1\.17\.2\+\S+\n\n= KataGo\n\n", out), out
    assert err[1] == "Using AGA rules initially, unless GTP/GUI overrides this"
    assert err[3:8] == ["--------------",
                        "WARNING: Config had unused keys! You may have a typo, an option you specified is being unused "
                        "from " + OVERRIDDEN,
                        f"WARNING: Unused key 'bar' in {OVERRIDDEN}", f"WARNING: Unused key 'foo' in {OVERRIDDEN}",
                        "--------------"], err
    assert err[8] == "Loaded config " + OVERRIDDEN
    assert folder.start("-override-version", "9.9 x", data=b"3 version\n")[1] == "=3 9.9 x\n\n"
    status, out, err = folder.override("startupPrintMessageToStderr=false", data=b"boardsize 9\n")
    assert err == [BOARD, BOARD.replace("19", "9")], err
    status, out, err = folder.override("humanSLProfile=rank_5k")
    assert status == 0
    assert "WARNING: humanSLProfile is specified as config param but model(s) don't use it: MODEL.bin.gz" in err, err


def overlays(program, model):
    folder = Folder(program, model)
    (folder.path / "more.cfg").write_text("maxVisits = 7\nkoRule = SIMPLE\n")
    (folder.path / "own.cfg").write_text('@include "test.cfg"\nogsChatToStderr = true\n')
    (folder.path / "twice.cfg").write_text("maxVisits = 7\nmaxVisits = 8\n")
    status, out, _ = folder.start("-config", "own.cfg", config=None, data=b"kata-get-param maxVisits\n")
    assert (status, out) == (0, "= 20\n\n"), (status, out)
    status, _, err = folder.start("-config", "more.cfg")
    assert status == ABORTED and "Cannot both specify 'rules' and individual rules like koRule" in err[-1], err
    (folder.path / "more.cfg").write_text("maxVisits = 7\n")
    status, out, _ = folder.start("-config", "more.cfg", data=b"kata-get-param maxVisits\n")
    assert (status, out) == (0, "= 7\n\n"), (status, out)
    status, _, err = folder.start(config="twice.cfg")
    assert err[-1] == ("  what():  Key 'maxVisits' + was specified multiple times in twice.cfg, you probably didn't mean "
                       "to do this, please delete one of them"), err


def failures(program, model):
    folder = Folder(program, model)
    (folder.path / "bad.cfg").write_text("rules = tromp-taylor\nwhat is this\n")
    (folder.path / "net.xyz").write_bytes(b"net")
    (folder.path / "broken.bin.gz").write_bytes(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03garbage garbage")
    in_config = f" in config file {OVERRIDDEN}"
    human = "(e.g -human-model b18c384nbt-humanv0.bin.gz)"
    cases = [
        (dict(text="koRule=SIMPLE"), [BANNER], "Could not find key 'scoringRule'" + in_config),
        (dict(text="rules=chinese,koRule=SIMPLE"), [BANNER],
         "Cannot both specify 'rules' and individual rules like koRule"),
        (dict(text="rules=foo"), [BANNER], "Could not parse rules: foo"),
        (dict(text="numSearchThreads="), [BANNER, RULES], "Could not find key 'numSearchThreads'" + in_config),
        (dict(text="logSearchInfo="), [], "Could not find key 'logSearchInfo'" + in_config),
        (dict(text="maxVisits=abc"), [BANNER, RULES], "Could not parse 'abc' as int64_t for key 'maxVisits'" + in_config),
        (dict(text="maxVisits=0"), [BANNER, RULES],
         "Key 'maxVisits' must be in the range 1 to 1125899906842624" + in_config),
        (dict(text="allowResignation=1"), [BANNER, RULES],
         "Could not parse '1' as bool for key 'allowResignation'" + in_config),
        (dict(text="friendlyPass=perhaps"), [BANNER, RULES],
         "Could not parse 'perhaps' as bool or auto for key 'friendlyPass'" + in_config),
        (dict(text="koRule=KO,scoringRule=AREA,multiStoneSuicideLegal=true"), [BANNER],
         "Key 'koRule' must be one of (POSITIONAL|SIMPLE|SITUATIONAL|SPIGHT)" + in_config),
        (dict(text="hasButton=true,koRule=SIMPLE,scoringRule=TERRITORY,multiStoneSuicideLegal=false"), [BANNER],
         "Config specifies hasButton=true on a scoring system other than AREA"),
        (dict(text="cleanupBeforePass=true,friendlyPass=true"), [BANNER, RULES],
         "Cannot specify both cleanupBeforePass = true and friendlyPass = true at the same time"),
        (dict(text="reportAnalysisWinratesAs=X"), [BANNER, RULES],
         "Could not parse config value for reportAnalysisWinratesAs: X"),
        (dict(text="logFile=x,logDir=y"), [], "Cannot specify more than one of logFile and logDir and logDirDated in config"),
        (dict(text="humanSLChosenMoveProp=1"), [BANNER, RULES],
         "Provided parameter humanSLChosenMoveProp but no human model was specified " + human),
        (dict(text="humanSLProfile=rank_50k"), [BANNER, RULES], "Unknown human SL network profile: rank_50k"),
        (dict(text="numBots=2"), [BANNER, RULES], "The config for this command cannot have numBots > 0"),
        (dict(text="foo"), [], "Could not parse kv pair, could not find '=' in:foo"),
        (dict(text="avoidSgfPatternUtility=0.1"), [BANNER, RULES], "Could not find key 'avoidSgfPatternDirs'" + in_config),
        (dict(text="autoAvoidRepeatDir=."), [BANNER, RULES], "autoAvoidRepeatLambda was not specified in the config"),
        (dict(text="numSearchThreads=1", config="gone.cfg"), [],
         "Could not open file gone.cfg - does not exist or invalid permissions?"),
        (dict(text="numSearchThreads=1", config="bad.cfg"), [], "Could not parse key value pair, line 2 in 'bad.cfg'"),
    ]
    for case, before, message in cases:
        text = case.pop("text")
        if message.startswith("autoAvoid"):
            text += ",autoAvoidRepeatUtility=1"
        status, out, err = folder.override(text, **case)
        assert (status, out) == (ABORTED, ""), (text, status, out)
        assert err == before + ["katago gtp cannot go on:", "  what():  " + message], (text, err)
    loading = "Error loading or parsing model file "
    for net, reason in (("gone.bin.gz", "Could not open file gone.bin.gz - does not exist or invalid permissions?"),
                        ("net.xyz", "Model file should end with .txt, .bin, .txt.gz, .bin.gz, or possibly just .gz."),
                        ("broken.bin.gz", "Error while ungzipping file, Z_DATA_ERROR. Invalid file? File: broken.bin.gz")):
        status, out, err = folder.start(model=net)
        assert (status, out) == (ABORTED, ""), (net, status, out)
        assert err[:3] == [BANNER, RULES, "katago gtp cannot go on:"], err
        assert err[3].startswith(f"  what():  {loading}{net}: {reason}"), (net, err)


def defaults(program, model):
    """Without -model or -config files with the usual names are looked for, first beside the program."""
    folder = Folder(program, model)
    os.link(program, folder.path / "katago") if os.stat(program).st_dev == os.stat(folder.path).st_dev else \
        (folder.path / "katago").write_bytes(pathlib.Path(program).read_bytes())
    (folder.path / "katago").chmod(0o755)
    folder.program = str(folder.path / "katago")
    env = dict(os.environ, HOME=str(folder.path / "home"))
    status, out, err = folder.start(model=None, config=None, env=env, data=b"name\n")
    has_net = "Loaded model built-in" in err
    if has_net:
        assert (status, out) == (0, "= KataGo\n\n") and "Loaded config built-in settings" in err, err
    else:
        assert status == ABORTED and err[-1].startswith(
            "  what():  -model MODELFILENAME.bin.gz was not specified to tell KataGo where to find the neural net model, "
            "and default was not found at "), err
    (folder.path / "home" / ".katago").mkdir(parents=True)
    (folder.path / "home" / ".katago" / "default_model.bin.gz").symlink_to(pathlib.Path(model).resolve())
    status, out, err = folder.start(model=None, config=None, env=env, data=b"name\n")
    assert (status, out) == (0, "= KataGo\n\n") and "Loaded config built-in settings" in err, err
    assert any(line.startswith("Loaded model ") and line.endswith("default_model.bin.gz") for line in err), err
    (folder.path / "default_gtp.cfg").write_text(gtp_engine.CONFIG)
    status, out, _ = folder.start(model=None, config=None, env=env, data=b"name\n")
    assert (status, out) == (0, "= KataGo\n\n"), (status, out)


def command_line(program, model):
    folder = Folder(program, model)
    for options, first, second in ((["-foo"], "-foo", "Couldn't find match for argument"),
                                   (["--version"], "--version", "Couldn't find match for argument"),
                                   (["extra"], "extra", "Couldn't find match for argument"),
                                   (["-model", "b"], "(-model)", "Argument already set!"),
                                   (["-override-version"], "(-override-version)", "Missing a value for this argument!")):
        status, out, err = folder.start(*options)
        assert (status, out) == (1, ""), (options, status, out)
        assert err[:2] == ["PARSE ERROR: Argument: " + first, "             " + second], (options, err)
        assert err[3] == "Brief USAGE: " and err[-2] == "   gtp -help", err
    for option in ("-h", "-help"):
        status, out, err = folder.start(option)
        assert status == 0 and "-override-version" in out and err == [], (option, status)
    status, out, _ = folder.start("-version")
    assert status == 0 and out.startswith("\ngtp  version: KataGo v1.17.2"), out


def log_file(program, model):
    folder = Folder(program, model)
    status, _, _ = folder.override("logDir=logs,logAllGTPCommunication=true,logSearchInfo=true,maxVisits=2,logTimeStamp=false",
                                   data=b"5 boardsize 9\ngenmove b\nkomi x\nkata-analyze\nkata-set-rules aga\nquit\n")
    assert status == 0
    (file,) = (folder.path / "logs").iterdir()
    assert re.fullmatch(r"\d{8}-\d{6}-[0-9A-F]{8}\.log", file.name), file
    text = file.read_text()
    assert text.startswith(": Running with following config:\nallowResignation = false\n"), text[:200]
    order = ["GTP Engine starting...", BANNER, RULES, "Using 2 CPU thread(s) for search", "nnRandSeed0 = ",
             "After dedups: nnModelFile0 = MODEL.bin.gz useFP16 auto",
             "Initializing neural net buffer to be size 19 * 19 exactly",
             "Loaded neural net with nnXLen 19 nnYLen 19", BOARD, "Loaded config " + OVERRIDDEN,
             "Loaded model MODEL.bin.gz", "Config override: logAllGTPCommunication = true", "Model name: ", READY,
             "Controller: 5 boardsize 9", "Cleaned up old neural net and bot",
             "Loaded neural net with nnXLen 9 nnYLen 9", BOARD.replace("19", "9"), "=5 ", "Controller: genmove b",
             "MoveNum: 0 HASH: ", "= ", "Controller: komi x", "? Expected single float argument for komi but got 'x'",
             "Controller: kata-analyze", "=", "Controller: kata-set-rules aga", "Changed rules to AGA", "= ",
             "Controller: quit", "= ", "Quit requested by controller", "All cleaned up, quitting"]
    at = 0
    for entry in order:
        at = text.find(": " + entry, at)
        assert at >= 0, (entry, text)
        at += 1
    assert "\nTree:\n" in text and "New playouts: 2\n" in text
    status, _, err = folder.override("logToStderr=true,logTimeStamp=false")
    assert err.count(": " + READY) == 1 and READY not in err, err
    status, _, err = folder.override("logFile=/nonexistent/x.log", data=b"name\n")
    assert status == 0 and any(l.startswith("WARNING: could not open file for logging") for l in err), err


if __name__ == "__main__":
    sys.exit(gtp_engine.run_tests((ordinary, overlays, failures, defaults, command_line, log_file), sys.argv))
