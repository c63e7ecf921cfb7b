# SPDX-License-Identifier: Apache-2.0
"""Everything measured in one run, each measurement in a process of its own: `python benchmarks/run.py [--quick]`.

Writes results.json, results.md and, where matplotlib is there, results.svg beside this file. What counts is the ratio
within a run: every number stands beside what it is to be compared with. `requirements.txt` names the peers.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from peers import ROW_PEERS, TABLE_PEERS

from report import write_report

HERE = Path(__file__).parent
Result = dict[str, Any]
PROFILE = """\
name: Cold start
vehicle: {category: M1, seats: 5}
automation: {sae_level: 4, max_speed_kmh: 60}
operation: {phase: commercial, service: robotaxi, driver_on_board: false}
"""


def run(*command: object, timeout: int = 900) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join((str(HERE.parent / "engine"), str(HERE)))}
    words = [sys.executable, *map(str, command)]
    return subprocess.run(words, env=env, capture_output=True, text=True, timeout=timeout)


def measure(script: str, *arguments: object) -> Result:
    """The JSON line of a script; what failed is a result too."""
    named = {"script": script, "arguments": list(map(str, arguments))}
    try:
        done = run(HERE / script, *arguments)
        line = next(line for line in reversed(done.stdout.splitlines()) if line.startswith("{"))
        return named | json.loads(line)
    except subprocess.TimeoutExpired:
        return named | {"error": "took more than 15 minutes"}
    except StopIteration:
        return named | {"error": (done.stderr.strip().splitlines() or ["ended without a result"])[-1][:200]}


def one_profile(profiles: int) -> dict[str, list[Result]]:
    return {
        "one profile, one market": [measure("one.py", peer, "row", "DE", 9999, profiles) for peer in ROW_PEERS],
        "one profile, all markets": [measure("one.py", peer, "row", "all", 9999, profiles) for peer in ROW_PEERS],
    }


def growth(profiles: int) -> list[Result]:
    peers = ("carnet_native", "closures", "zen", "clips")
    return [measure("one.py", peer, "row", "all", rules, profiles) for peer in peers for rules in (100, 400, 1600)]


def tables(heights: tuple[int, ...]) -> list[Result]:
    return [measure("one.py", peer, "table", "DE", 9999, rows) for rows in heights for peer in TABLE_PEERS]


def fleets(heights: tuple[int, ...]) -> list[Result]:
    """Whole runs on every market, from a Parquet file to a Parquet file."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in heights:
            table = Path(folder) / f"{rows}.parquet"
            run(HERE / "random_profiles.py", table, rows, timeout=3600)
            results.append(measure("fleet_steps.py", table, 1 << 15))
    return results


def row_by_row(profiles: int) -> Result:
    return measure("check_rows.py", profiles)


def cold_start(times: int) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "profile.yaml"
        profile.write_text(PROFILE)
        commands = {
            "import click, pydantic, yaml": ("-c", "import click, pydantic, yaml"),
            "carnet check, one market": ("-m", "carnet", "check", profile, "-m", "DE"),
            "carnet check, one market, native": ("-m", "carnet", "check", profile, "-m", "DE", "--evaluator", "native"),
            "carnet check, all markets": ("-m", "carnet", "check", profile, "--all"),
        }
        return {name: _median_time(command, times) for name, command in commands.items()}


def _median_time(command: tuple[object, ...], times: int) -> float:
    run(*command)
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run(*command)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small tables, a few minutes in all")
    quick = parser.parse_args().quick
    results = {
        **one_profile(10 if quick else 50),
        "growth with rules": growth(5 if quick else 20),
        "tables": tables((10_000,) if quick else (10_000, 100_000)),
        "fleets": fleets((10_000, 50_000) if quick else (10_000, 100_000, 1_000_000)),
        "row by row": row_by_row(5 if quick else 30),
        "cold start": cold_start(3 if quick else 9),
    }
    (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    write_report(results, HERE)


if __name__ == "__main__":
    main()
