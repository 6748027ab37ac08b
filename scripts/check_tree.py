#!/usr/bin/env python3
"""Checks that every include in cpp/ points down the folder order of docs/architecture.md."""
import pathlib
import re
import sys

# folder -> folders it may include besides itself
ALLOWED = {
    "base": [],
    "game": ["base"],
    "config": ["base", "game"],
    "graph": ["base"],
    "model": ["base", "graph"],
    "backends": ["base", "graph"],
    "eval": ["base", "game", "config", "graph", "model"],
    "search": ["base", "game", "config", "eval"],
    "engine": ["base", "game", "config", "graph", "model", "eval", "search"],
    "protocol": ["base", "game", "config", "engine", "eval", "search"],
}

root = pathlib.Path(__file__).resolve().parent.parent / "cpp"
bad = []
for path in sorted(root.rglob("*")):
    if path.suffix not in (".h", ".cpp", ".inc"):
        continue
    folder = path.relative_to(root).parts[0]
    if folder not in ALLOWED:
        continue  # app and tools may include everything
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = re.match(r'\s*#include "([a-z_]+)/', line)
        if match and match[1] != folder and match[1] in list(ALLOWED) + ["app", "tools"] and match[1] not in ALLOWED[folder]:
            bad.append(f"{path.relative_to(root.parent)}:{number}: {folder}/ may not include {match[1]}/")
print("\n".join(bad) or "include order: fine")
sys.exit(1 if bad else 0)
