# SPDX-License-Identifier: Apache-2.0
"""The wall time of a cold `carnet check` against that of importing its three libraries, each in a fresh process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROFILE = str(ROOT / "examples" / "robotaxi-munich.yaml")
FIRST = "DE-BY,AE-DU,AE-AZ,SG"
SCRIPT = "from carnet.cli.main import main; main()"  # what the installed command runs
CHECK = [sys.executable, "-c", SCRIPT, "check", PROFILE, "--fail-on", "never", "-m"]
ROWS = {
    "import click, pydantic, yaml": ([sys.executable, "-c", "import click, pydantic, yaml"], None),
    "carnet check -m DE-BY": ([*CHECK, "DE-BY"], 3.0),
    f"carnet check -m {FIRST}": ([*CHECK, FIRST], 5.0),
    "carnet check --all": ([*CHECK[:-1], "--all"], None),
}

# With bytecode, as pip leaves it, whatever this shell says.
AS_INSTALLED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def measured(runs: int = 12) -> dict[str, float]:
    """The best of several rounds by row; the rows take turns, so that a busy machine slows all of them alike."""
    best = dict.fromkeys(ROWS, float("inf"))
    for turn in range(runs + 1):
        for name, (command, _) in ROWS.items():
            start = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT / "engine", env=AS_INSTALLED)
            if turn:  # the first round fills caches
                best[name] = min(best[name], time.perf_counter() - start)
    return best


def main() -> int:
    best = measured()
    base = next(iter(best.values()))
    missed = False
    for name, (_, allowed) in ROWS.items():
        limit = f" (at most {allowed:g})" if allowed else ""
        print(f"{name:<42} {1000 * best[name]:>7.0f} ms  {best[name] / base:>5.1f} times{limit}")
        missed |= bool(allowed and best[name] > allowed * base)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
