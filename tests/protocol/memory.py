#!/usr/bin/env python3
"""With the profile for a Raspberry Pi and the built-in net, a game takes less than the promised 150 MB.

Called with the path of the program. Exit code 77 = skipped: no built-in net, or a sanitizer's memory would be measured.
Plays 200 moves at 30 visits; scripts/measure_memory.py alone, with the profile's own visits, is the full measurement."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    if b"__asan_init" in program.read_bytes() or b"__tsan_init" in program.read_bytes():
        print("skipped: built with a sanitizer")
        return 77
    started = subprocess.run([program, "gtp"], input="name\n", capture_output=True, text=True, timeout=60, check=False)
    if "default was not found" in started.stderr:
        print("skipped: no built-in net")
        return 77
    engine = f"{program} gtp -config {ROOT}/configs/rpi.cfg -override-config maxVisits=30"
    done = subprocess.run([sys.executable, ROOT / "scripts" / "measure_memory.py", "--limit-mb", "150", engine],
                          timeout=500, check=False)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
