# SPDX-License-Identifier: Apache-2.0
"""The wall time of a cold `carnet check` against that of importing its three libraries, each in a fresh process."""

from __future__ import annotations

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


def seconds(command: list[str], runs: int = 9) -> float:
    """The best of several runs, after one that fills caches: what else the machine does only adds to it."""
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT / "engine")
        times.append(time.perf_counter() - start)
    return min(times[1:])


def main() -> int:
    base = 0.0
    missed = False
    for name, (command, allowed) in ROWS.items():
        took = seconds(command)
        base = base or took
        limit = f" (at most {allowed:g})" if allowed else ""
        print(f"{name:<42} {1000 * took:>7.0f} ms  {took / base:>5.1f} times{limit}")
        missed |= bool(allowed and took > allowed * base)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
