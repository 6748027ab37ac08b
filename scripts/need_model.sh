#!/bin/sh
# Says what to do when there is no net yet. Usage: need_model.sh PATH
if [ -n "$1" ] && [ -f "$1" ]; then exit 0; fi
if [ -n "$1" ]; then echo "There is no net at '$1'." >&2; else echo "There is no net yet." >&2; fi
cat >&2 <<'TEXT'
Download any net (a file ending in .bin.gz) from https://katagotraining.org/networks/ and either
  put it into the folder models/ of this checkout, or
  name it: KATAGO_MODEL=/path/to/net.bin.gz make run
A small net such as g170-b6c96-s175395328-d26788732.bin.gz is quick on any computer.
TEXT
exit 1
