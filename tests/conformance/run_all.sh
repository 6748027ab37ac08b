#!/bin/sh
# Every golden file against its net, on the reference and the built backend. Usage: run_all.sh CONFORMANCE
# Exit code 77 (skipped) where the recordings are absent.
set -eu
conformance=$1
shared=${KATAGO_SHARED_DIR:-$(dirname "$0")/../../../shared}
golden=${KATAGO_GOLDEN_DIR:-$shared/golden}
games=$golden/rules/games.jsonl.gz
if [ ! -f "$games" ]; then
  echo "skipped: no recordings at $golden; set KATAGO_SHARED_DIR or KATAGO_GOLDEN_DIR to run the conformance tests"
  exit 77
fi
status=0
check() { echo "== katago-conformance $*"; "$conformance" "$@" || status=1; }
check rules "$games"
check inputs "$games"
for file in "$golden"/nn/*.jsonl.gz; do
  net=$shared/models/$(basename "$file" .jsonl.gz).bin.gz
  for backend in reference built; do
    check nn --model "$net" --games "$games" --backend "$backend" "$file"
  done
done
positions=$shared/data/kata1_positions_1024.npz
for name in g170-b6c96-s175395328-d26788732 b7c96h3tfrs-test5-cnorm b7c96h6kv3qk32v16tflrs-fson-bnh; do
  net=$shared/models/$name.bin.gz
  check nn --model "$net" --games "$games" --precision half "$golden/nn/$name.jsonl.gz"
  if [ -f "$positions" ]; then check precision --model "$net" --precision half "$positions"; fi
done
net=$shared/models/g170-b6c96-s175395328-d26788732.bin.gz
config=$golden/search/deterministic.cfg
check search --model "$net" --config "$config" "$golden/search/analysis.jsonl.gz"
check search --model "$net" --human-model "$shared/models/t-v15-meta.bin.gz" --config "$config" \
  "$golden/search/human_sl.jsonl.gz"
exit $status
