"""Measure: `.venv/bin/python ops/bench/run.py`, from anywhere; options: `--help`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    # As a module, from the root of the tree, so that the parts of the bench find each other and crisis_hub.
    os.chdir(Path(__file__).resolve().parents[2])
    os.execv(sys.executable, [sys.executable, "-m", "ops.bench", *sys.argv[1:]])  # noqa: S606 - ourselves
