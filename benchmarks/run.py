# SPDX-License-Identifier: Apache-2.0
"""Everything measured in one run, each measurement in a process of its own: `python benchmarks/run.py [--quick]`.

Prints results.md and writes it, results.json and, where matplotlib is there, results.svg into `out` beside this file.
What counts is the ratio within a run: every number stands beside what it is to be compared with. `requirements.txt`
names the peers.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from peers import ROW_PEERS, STATUS_PEERS, TABLE_PEERS
from startup import measured as cold_start

from report import write_report

HERE = Path(__file__).parent
OUT = HERE / "out"
MANUAL_RULES = (20, 60, 100, 120, 140, 180)
MANUAL_TIMEOUT = 10
ONE_PROFILE_TIMEOUT = 240
FLEET_BLOCK = 1 << 14
QUICK_TABLES = {"DE": (10_000, 50_000), "all": (10_000, 50_000)}
FULL_TABLES = {"DE": (10_000, 100_000), "all": (10_000, 50_000, 1_000_000)}
LONGEST = {("all", "openfisca"): 50_000, ("all", "duckdb"): 50_000}  # tables on which a peer takes a minute
LONGEST_QUICK = {("all", "duckdb"): 10_000}
Result = dict[str, Any]


def run(*command: object, timeout: int = 900) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join((str(HERE.parent / "engine"), str(HERE)))}
    words = [sys.executable, *map(str, command)]
    return subprocess.run(words, env=env, capture_output=True, text=True, timeout=timeout)


def measure(script: str, *arguments: object, timeout: int = 900) -> Result:
    """The JSON line of a script; what failed is a result too."""
    print(f"{time.strftime('%X')} {script} {' '.join(map(str, arguments))}", file=sys.stderr)
    named = {"script": script, "arguments": list(map(str, arguments))}
    try:
        done = run(HERE / script, *arguments, timeout=timeout)
        line = next(line for line in reversed(done.stdout.splitlines()) if line.startswith("{"))
        return named | json.loads(line)
    except subprocess.TimeoutExpired:
        return named | {"error": f"took more than {timeout} s"}
    except StopIteration:
        return named | {"error": (done.stderr.strip().splitlines() or ["ended without a result"])[-1][:200]}


def one_profile(profiles: int, peers: tuple[str, ...]) -> dict[str, list[Result]]:
    def row(what: str, peers: tuple[str, ...], markets: str) -> list[Result]:
        given = (what, markets, 9999, profiles)
        return [measure("one.py", peer, *given, timeout=ONE_PROFILE_TIMEOUT) for peer in peers]

    return {
        "one profile, one market": row("row", peers, "DE"),
        "one profile, all markets": row("row", peers, "all"),
        "status of each rule, one market": row("statuses", STATUS_PEERS, "DE"),
        "status of each rule, all markets": row("statuses", STATUS_PEERS, "all"),
    }


def by_the_manual(profiles: int) -> list[Result]:
    """durable-rules as its manual uses it, with more and more rules until it gives up, and native beside it."""
    results = []
    for rules in MANUAL_RULES:
        theirs = measure("one.py", "durable_rules", "row", "DE", rules, profiles, timeout=MANUAL_TIMEOUT)
        results += [theirs, measure("one.py", "carnet_native", "row", "DE", rules, profiles)]
        if "error" in theirs:
            break
    return results


def rete(rounds: int) -> dict[str, list[Result]]:
    sessions = [(name, markets) for markets in ("DE", "all") for name in ("native", "rete")]
    return {
        "rete floor": [measure("rete_floor.py", markets, rounds) for markets in ("DE", "all")],
        "sessions": [measure("session_rerun.py", *session) for session in sessions],
    }


def growth(profiles: int) -> list[Result]:
    peers = ("carnet_native", "lambdas", "zen", "clips")
    return [measure("one.py", peer, "row", "all", rules, profiles) for peer in peers for rules in (100, 400, 1600)]


def tables(quick: bool) -> dict[str, list[Result]]:
    """Every peer on tables of one market and of all."""
    heights, longest = (QUICK_TABLES, LONGEST_QUICK) if quick else (FULL_TABLES, LONGEST)

    def of(markets: str) -> list[Result]:
        runs = ((peer, rows) for rows in heights[markets] for peer in TABLE_PEERS)
        fit = [(peer, rows) for peer, rows in runs if rows <= longest.get((markets, peer), rows)]
        return [measure("one.py", peer, "table", markets, 9999, rows) for peer, rows in fit]

    return {"tables, one market": of("DE"), "tables, all markets": of("all")}


def fleets(heights: tuple[int, ...]) -> dict[str, list[Result]]:
    """Whole runs from a Parquet file to a Parquet file: with more profiles, and with more markets."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {rows: Path(folder) / f"{rows}.parquet" for rows in heights}
        for rows, path in paths.items():
            run(HERE / "random_profiles.py", path, rows, timeout=3600)
        middle = paths[heights[len(heights) // 2]]
        return {
            "fleets": [measure("fleet_steps.py", path, FLEET_BLOCK) for path in paths.values()],
            "growth with markets": [measure("fleet_steps.py", middle, FLEET_BLOCK, n) for n in (1, 10, 81)],
            "growth with profiles": [measure("fleet_command.py", path) for path in paths.values()],
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small tables, a few minutes in all")
    quick = parser.parse_args().quick
    results = {
        **one_profile(20 if quick else 50, ROW_PEERS),
        "durable-rules by its manual": by_the_manual(10),
        **rete(9 if quick else 25),
        "growth with rules": growth(5 if quick else 20),
        **tables(quick),
        **fleets((10_000, 50_000) if quick else (10_000, 100_000, 1_000_000)),
        "verdicts": [measure("verdicts.py", 10 if quick else 30, 1 << 17 if quick else 1 << 18)],
        "cold start": cold_start(3 if quick else 9),
    }
    OUT.mkdir(exist_ok=True)
    (OUT / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    print(write_report(results, OUT))


if __name__ == "__main__":
    main()
