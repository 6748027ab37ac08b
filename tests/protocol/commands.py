#!/usr/bin/env python3
"""The commands people type: help, version, genconfig, benchmark, evalsgf, testgpuerror (spec analysis-cli-config 3).

commands.py KATAGO    (no net needed: evaluations are invented with -model /dev/null)
"""
import os
import re
import subprocess
import sys
import tempfile
import zipfile

CONFIG = """numSearchThreads = 1
logSearchInfo = false
logAllGTPCommunication = false
nnCacheSizePowerOfTwo = 10
rules = chinese
"""
GAME = "(;GM[1]SZ[9]KM[6.5]RU[Japanese];B[ee];W[ec];B[cc];W[gg];B[gc];W[cg])"


class Commands:
    def __init__(self, katago, folder):
        self.katago = os.path.abspath(katago)
        self.folder = folder

    def run(self, *args, given="", status=0):
        done = subprocess.run([self.katago, *args], cwd=self.folder, input=given, text=True, timeout=300,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert done.returncode == status, (args, done.returncode, done.stdout[-2000:], done.stderr[-2000:])
        return done.stdout, done.stderr

    def config(self, name):
        """Active lines of a config file."""
        with open(os.path.join(self.folder, name)) as file:
            pairs = [line.split("=", 1) for line in file if "=" in line and not line.startswith("#")]
        return {key.strip(): value.strip() for key, value in pairs}


def check_top_level(commands):
    for args in ([], ["help"], ["-help"], ["--help"], ["-h"]):
        out, _ = commands.run(*args)
        assert re.match(r"\nUsage: \S+ SUBCOMMAND \n", out), out[:100]
        for name in ("gtp", "analysis", "benchmark", "genconfig", "evalsgf", "testgpuerror", "version"):
            assert "\n%s : " % name in out, name
    out, _ = commands.run("flarp", status=1)
    assert out.startswith("Unknown subcommand: flarp\n"), out[:100]
    out, _ = commands.run("version")
    assert out.startswith("KataGo v1.17.2\nGit revision: "), out
    assert re.search(r"\nCompile Time: .*\nUsing .* backend\n", out), out
    for name in ("gtp", "analysis", "benchmark", "genconfig", "evalsgf", "testgpuerror"):
        out, _ = commands.run(name, "-help")
        assert "-model <FILE>" in out, out
        _, err = commands.run(name, "-nonsense", status=1)
        assert err.startswith("PARSE ERROR: Argument: -nonsense\n             Couldn't find match for argument"), err
    _, err = commands.run("match", status=1)
    assert "Required argument missing: config" in err, err


def check_genconfig(commands):
    net = ["genconfig", "-model", "/dev/null", "-output", "made.cfg"]
    # Wrong answers are asked again; then limits, pondering, memory, tuning with few visits.
    answers = ["nonsense", "japanese", "maybe", "y", "moves", "seconds", "-1", "2.5", "y", "30", "0", "1gb", "x", "100", "5"]
    out, _ = commands.run(*net, given="\n".join(answers) + "\n")
    for text in ("Could not parse rules: nonsense", "Please answer y or n", "Must positive and less than 1e20",
                 "RULES", "SEARCH LIMITS", "GPUS AND RAM", "PERFORMANCE TUNING", "(recommended)", "numSearchThreads!",
                 "gtp -model '/dev/null' -config 'made.cfg'"):
        assert text in out, (text, out[-3000:])
    made = commands.config("made.cfg")
    assert made["scoringRule"] == "TERRITORY" and made["maxTime"] == "2.5" and "maxVisits" not in made, made
    assert made["ponderingEnabled"] == "true" and made["maxTimePondering"] == "30.0", made
    assert made["nnCacheSizePowerOfTwo"] == "18" and made["nnMutexPoolSizePowerOfTwo"] == "14", made
    threads = made["numSearchThreads"]
    # The same file again: not overwritten; then overwritten, keeping the threads.
    out, _ = commands.run(*net, given="n\n")
    assert "alternate file path" in out and commands.config("made.cfg") == made
    commands.run(*net, given="y\nchinese\n\n\n\n\ny\n")
    again = commands.config("made.cfg")
    assert again["scoringRule"] == "AREA" and again["numSearchThreads"] == threads, again
    assert again["nnCacheSizePowerOfTwo"] == "20" and again["ponderingEnabled"] == "false", again
    _, err = commands.run(*net, given="y\nchinese\n", status=1)
    assert "Stdin was closed - failing and not generating a config" in err, err
    assert commands.config("made.cfg") == again
    # Without questions.
    commands.run("genconfig", "-model", "/dev/null", "-output", "quiet.cfg", "-yes", "-rules", "aga", "-max-visits", "77",
                 "-threads", "3", "-cache-gb", "2")
    quiet = commands.config("quiet.cfg")
    assert (quiet["koRule"], quiet["maxVisits"], quiet["numSearchThreads"], quiet["nnCacheSizePowerOfTwo"]) == (
        "SITUATIONAL", "77", "3", "19"), quiet
    # What was made works.
    out, err = commands.run("gtp", "-model", "/dev/null", "-config", "quiet.cfg", given="genmove b\nquit\n")
    assert re.match(r"= \S+\n\n= \n\n$", out), out
    assert "nused key" not in err, err


def check_benchmark(commands):
    base = ["benchmark", "-model", "/dev/null", "-config", "a.cfg", "-override-config", "logToStdout=false"]
    out, _ = commands.run(*base, "-t", "1,2", "-n", "3", "-v", "50", "-boardsize", "9")
    assert "Testing using 50 visits." in out and "(board size 9x9): " in out, out
    assert re.search(r"numSearchThreads =  1: 3 / 3 positions, visits/s = \S+ nnEvals/s = \S+ nnBatches/s = \S+ "
                     r"avgBatchSize = \S+ \(\S+ secs\) \(EloDiff baseline\)\n", out), out
    assert re.search(r"numSearchThreads =  2: 3 / 3 .* \(EloDiff [+-]\d+\)\n", out), out
    assert out.count("(recommended)") == 1 and "you may want to edit numSearchThreads in a.cfg" in out, out
    out, _ = commands.run(*base, "-n", "1", "-v", "20", "-boardsize", "7", "-i", "3")
    assert "Possible numbers of threads to test: 1, 2, 3, " in out and "Ordered summary of results:" in out, out
    assert "a 3 second search" in out, out
    for size in range(7, 20):
        commands.run(*base, "-t", "1", "-n", "1", "-v", "2", "-boardsize", str(size))
    out, _ = commands.run(*base, "-t", "4", "-n", "1", "-v", "20", "-sgf", "game.sgf", "-half-batch-size", "-override-config",
                          "nnMaxBatchSize=7")
    assert "nnMaxBatchSize is hardcoded to 7, ignoring it and assuming it is = threads/2" in out, out
    for args, message in [(["-v", "1"], "Number of visits to use: invalid value 1"),
                          (["-t", "0"], "Number of threads to use: invalid value: 0"),
                          (["-t", ","], "Must specify at least one valid value for -threads"),
                          (["-n", "0"], "Number of positions per game to use: invalid value 0"),
                          (["-boardsize", "6"], "Board size to test: invalid value 6"),
                          (["-i", "0"], "Number of seconds per game move to assume: invalid value 0"),
                          (["-s", "-t", "1"], "Cannot both automatically tune threads"),
                          (["-sgf", "game.sgf", "-boardsize", "9"], "Cannot specify both -sgf and -boardsize"),
                          (["-fixed-batch-size", "0"], "Invalid value for fixed batch size"),
                          (["-fixed-batch-size", "2", "-half-batch-size"], "Cannot specify both fixed batch size")]:
        _, err = commands.run(*base, *args, status=1)
        assert message in err, (args, err)


def check_evalsgf(commands):
    base = ["evalsgf", "-model", "/dev/null", "-config", "a.cfg", "-override-config", "logToStdout=false", "game.sgf"]
    out, _ = commands.run(*base, "-m", "3", "-v", "40", "-t", "1", "-print-json", "-print-ownership", "-print-policy",
                          "-print-log-policy", "-print-root-nn-values", "-print-score-now", "-print-root-ending-bonus",
                          "-print-max-depth", "2", "-hint-loc", "C3", "-print-dirichlet-shape", "-print-sharp-score",
                          "-print-avg-shortterm-error", "-print-graph")
    for text in ("Encore phase 0", "Root visits: 40", "True number of tree nodes: ", "PV: ", "Tree:\n", "---White(",
                 "---Black(", "Win ", "Policy\nPass ", "Log policy\n", "Ownership\n", "Ending bonus\n", "Score now: ", "Dirichlet shape\nPass ",
                 "Average short-term error: winloss ", "Sharp score ", "\nGraph:\n0 N 40 W "):
        assert text in out, (text, out)
    assert re.search(r'\n\{"moveInfos":\[\{.*"ownership":\[', out), out[-3000:]
    out, _ = commands.run(*base, "-m", "0", "-move-num-end", "2", "-v", "2", "-dump-npz-input-to", "inputs.npz")
    assert out.count("Encore phase") == 3, out
    with zipfile.ZipFile(os.path.join(commands.folder, "inputs.npz")) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["binaryInputNCHWPacked.npy", "globalInputNC.npy"], archive.namelist()
        assert b"'shape': (3,22,46,)" in archive.read("binaryInputNCHWPacked.npy")
    out, _ = commands.run(*base, "-m", "1", "-e", "D4 E4", "-raw-nn", "-override-komi", "0.5", "-override-rules", "chinese")
    assert out.count("NoResult ") == 1 and '"komi":0.5' in out and '"scoring":"AREA"' in out, out
    for args, message in [(["-m", "7"], "Move num 7 requested but sgf has only 6"),
                          (["-m", "-1"], "Move num -1 requested but must be non-negative"),
                          (["-m", "0", "-v", "0"], "maxVisits: invalid value"),
                          (["-m", "0", "-t", "0"], "numThreads: invalid value"),
                          (["-m", "1", "-e", "E5"], "Illegal extra move"),
                          (["-m", "0", "-override-rules", "x"], "Could not parse rules: x"),
                          (["-m", "0", "-v", "2", "-p", "A1", "-print-branch", "A1"], "both specified"),
                          (["-m", "0", "-e", "A1", "-extra-moves", "A1"], "both specified")]:
        _, err = commands.run(*base, *args, status=1)
        assert message in err, (args, err)
    _, err = commands.run(*base, status=1)
    assert "Required argument missing: move-num" in err, err


def check_testgpuerror(commands, net):
    base = ["testgpuerror", "-config", "a.cfg", "-model", net]
    _, err = commands.run(*base, "-boardsize", "11", status=1)
    assert "Board size dataset to test: invalid value 11" in err, err
    if net == "/dev/null":
        return
    out, _ = commands.run(*base, "-boardsize", "9", "-quick", "-plain", "-reference-file", "values.jsonl")
    for name in ("winrateError", "leadError", "scoreMeanError", "scoreStdevError", "topPolicyDelta", "policyKLDiv",
                 "stWLErrorError", "stScErrorError", "ownershipError"):
        for prefix in ("fp32", "batched fp32"):
            line = (prefix + " error vs reference " + name + ":").ljust(60)
            assert re.search("\n: " + re.escape(line) + r" +\d+\.\d+[%c]?  \d+\.\d+", out), (line, out)
    assert re.search(r"\n: batched fp32 error vs reference closest margin:  \S+x of limit \(\w+ 99%\), \S+x of limit", out), out
    with open(os.path.join(commands.folder, "values.jsonl")) as file:
        assert len(file.readlines()) > 20


def check_selftest(commands, net):
    if net != "/dev/null":
        out, _ = commands.run("selftest", "-model", net, "-n", "1")
        assert out.endswith("OK\n"), out


def check_config_notes(commands):
    """Keys that mean nothing, with the nearest one; keys that are accepted but do nothing, named once."""
    more = "cudaUseFP16=auto,openclTunerFile=x,maxVisit=5,numSearchThread=3,completelyOff=1"
    _, err = commands.run("analysis", "-config", "a.cfg", "-model", "/dev/null", "-override-config", more,
                          "-analysis-threads", "1")
    for key in ("maxVisit", "numSearchThread", "completelyOff"):
        assert "WARNING: Unused key '%s'" % key in err, err
    assert "'maxVisits'" in err or "maxVisits?" in err, err
    lines = [line for line in err.split("\n") if "without effect" in line]
    assert len(lines) == 1 and lines[0].endswith("cudaUseFP16, openclTunerFile"), err


def main():
    shared = os.environ.get("KATAGO_SHARED_DIR", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared"))
    net = os.path.join(os.path.abspath(shared), "models", "t-v15-nbt.bin.gz")
    net = net if os.path.exists(net) else "/dev/null"
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("a.cfg", CONFIG), ("game.sgf", GAME)):
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        commands = Commands(sys.argv[1], folder)
        check_top_level(commands)
        check_genconfig(commands)
        check_benchmark(commands)
        check_evalsgf(commands)
        check_testgpuerror(commands, net)
        check_selftest(commands, net)
        check_config_notes(commands)
    return 0


if __name__ == "__main__":
    sys.exit(main())
