#!/bin/sh
# Runs every fuzz target of a build folder. Usage: run_fuzz.sh BUILD SECONDS
# Seeds come from tests/fuzz/corpus/NAME, those of fuzz_config from configs; new inputs are kept in BUILD/corpus/NAME.
set -eu
build=$1
seconds=$2
for target in "$build"/tests/fuzz/fuzz_*; do
  [ -x "$target" ] && [ -f "$target" ] || continue
  name=$(basename "$target")
  mkdir -p "$build/corpus/$name"
  seeds=tests/fuzz/corpus/$name
  [ "$name" = fuzz_config ] && seeds=configs
  [ -d "$seeds" ] || seeds=
  echo "== $name, ${seconds} s" >&2
  "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$build/corpus/$name-" "$build/corpus/$name" $seeds
done
