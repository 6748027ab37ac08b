"""calibrate, quantize and compareprecision from end to end on a small net, and their errors."""
import json
import pathlib
import subprocess
import sys
import tempfile

KATAGO = sys.argv[1]


def run(*args, ok=True):
    done = subprocess.run([KATAGO, *map(str, args)], capture_output=True, text=True, timeout=300)
    assert ok is None or (done.returncode == 0) == ok, (args, done.returncode, done.stdout, done.stderr)
    return done


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        net, table, small, half = folder / "n.bin.gz", folder / "n.calib", folder / "n.q8.bin.gz", folder / "n.half.bin.gz"
        run("randomnet", "-architecture", "b6c96", "-output", net)
        out = run("calibrate", "-model", net, "-output", table, "-n", 48, "-goal", "smallest").stdout
        assert "layers in 8 bits" in out and "bestMoveAgreement" in out, out
        text = table.read_text()
        assert "\nlayer " in text and "\n#layer " in text, text
        assert not list(folder.glob("*.unfinished"))

        # The fastest plan depends on the processor, and may be to leave everything as it is.
        fastest = run("calibrate", "-model", net, "-output", folder / "f.calib", "-n", 16, ok=None)
        assert "They save" in fastest.stdout or "-goal smallest" in fastest.stderr, (fastest.stdout, fastest.stderr)

        out = run("quantize", "-model", net, "-calibration", table, "-output", small, "-n", 32).stdout
        assert "policyKL" in out, out
        got = json.loads(run("compareprecision", "-model", small, "-reference", net, "-n", 32, "-json", ok=None).stdout)
        assert got["precision"] == "int8" and got["positions"] == 32, got
        assert got["bestMoveAgreement"] > 60 and 0 < got["policyKL"] < 0.2, got
        simulated = json.loads(run("compareprecision", "-model", net, "-calibration", table, "-simulate", "-n", 32,
                                   "-json", ok=None).stdout)
        assert abs(simulated["policyKL"] - got["policyKL"]) < 0.05, (got, simulated)
        # The same net against itself in float32 is the same, and bounds decide the exit code.
        run("compareprecision", "-model", net, "-precision", "fp32", "-n", 8)
        failed = run("compareprecision", "-model", small, "-reference", net, "-n", 8, "-most-policy-kl", "0", ok=False)
        assert "FAILED: policyKL" in failed.stdout, failed.stdout

        run("quantize", "-model", net, "-output", half)
        assert half.stat().st_size < net.stat().st_size

        # Only stored in 8 bits: no table, no 8-bit layers, and a net like any other.
        stored = folder / "n.s8.bin.gz"
        out = run("quantize", "-model", net, "-storage", "int8", "-output", stored, "-n", 32).stdout
        assert "policyKL" in out and stored.stat().st_size < half.stat().st_size, out
        got = json.loads(run("compareprecision", "-model", stored, "-reference", net, "-n", 8, "-precision", "fp32", "-json",
                             ok=None).stdout)
        assert 0 < got["policyKL"] < 0.2, got
        error = run("compareprecision", "-model", stored, "-precision", "int8", "-n", 8, ok=False).stderr
        assert "no quantised layers" in error, error
        error = run("quantize", "-model", net, "-storage", "fp16", "-calibration", table, "-output", folder / "x.bin.gz",
                    ok=False).stderr
        assert "-calibration" in error, error

        # Play with it: asked for, with the table beside the net, and refused without any.
        command = "printf 'genmove b\\nquit\\n' | '%s' gtp -model '%s' -override-config 'precision=int8,maxVisits=5,logDir=,logToStderr=false%s'"
        for model in (small, net):
            done = subprocess.run(command % (KATAGO, model, ""), shell=True, capture_output=True, text=True, timeout=120)
            assert done.stdout.startswith("= "), (done.stdout, done.stderr)
        table.rename(folder / "elsewhere.calib")
        done = subprocess.run(command % (KATAGO, net, ""), shell=True, capture_output=True, text=True, timeout=120)
        assert "has no quantised layers" in done.stderr, (done.stdout, done.stderr)
        table = folder / "elsewhere.calib"

        broken = folder / "broken.calib"
        broken.write_text(text.replace("\nlayer ", "\nlayer no-such-", 1))
        error = run("quantize", "-model", net, "-calibration", broken, "-output", small, ok=False).stderr
        assert "broken.calib" in error, error
        broken.write_text(text[: len(text) // 2])
        run("quantize", "-model", net, "-calibration", broken, "-output", folder / "x.bin.gz", ok=False)
        assert not (folder / "x.bin.gz").exists()
        error = run("quantize", "-model", half, "-calibration", table, "-output", folder / "x.bin.gz", ok=False).stderr
        assert "belongs to another net" in error, error
        data = small.read_bytes()
        small.write_bytes(data[: len(data) // 2])
        run("compareprecision", "-model", small, "-n", 8, ok=False)
        for bad in (["-positions", folder / "none.sgf"], ["-positions", folder], ["-n", "-1"], ["-method", "best"], ["-goal", "best"]):
            error = run("calibrate", "-model", net, "-output", folder / "y.calib", *bad, ok=False).stderr
            assert error and not (folder / "y.calib").exists(), (bad, error)
    print("ok")


main()
