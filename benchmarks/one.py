# SPDX-License-Identifier: Apache-2.0
"""One measurement in a process of its own: `one.py PEER WHAT RULES PROFILES`, its numbers as a line of JSON.

row: seconds for the gaps of one profile, median over the profiles; statuses: the same for the status of each rule.
table: seconds for the table once converted and to convert it, each the best of three, or of fewer if they take long. A
table of more than BLOCK profiles comes in blocks, so that no system has to hold it all, each of them run once.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

import pyarrow as pa
from random_profiles import random_table, rows_of
from rules import GapRule, gap_rules, profile_of

from carnet.api import load_law

SEED = 5
BLOCK = 1 << 17
BUDGET_S = 10
COMPARED = 3


def main(peer: str, what: str, markets: str, rules_wanted: int, profiles: int) -> None:
    law = load_law()
    day = law.as_of
    codes = law.markets() if markets == "all" else tuple(markets.split(","))
    rules = gap_rules(law, codes, day)[:rules_wanted]
    books = [law.rulebook(code, day) for code in codes]
    module = importlib.import_module(f"peers.{peer}")
    if what == "table":
        starts = range(0, profiles, BLOCK)
        blocks = (random_table(law, books, min(BLOCK, profiles - first), SEED, first) for first in starts)
        result = whole(module.by_table, rules, blocks, 3 if len(starts) == 1 else 1)
    else:
        table = random_table(law, books, profiles, SEED)
        result = rows(module.statuses if what == "statuses" else module.by_row, rules, table)
    result |= {"peer": peer, "what": what, "markets": markets, "rules": len(rules), "profiles": profiles}
    result["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(result), flush=True)
    os._exit(0)  # threads of a peer must not keep the process


def rows(make: Callable[[list[GapRule]], Any], rules: list[GapRule], table: pa.Table) -> dict[str, object]:
    start = time.perf_counter()
    run = make(rules)
    prepared = time.perf_counter() - start
    own = getattr(run, "own_facts", False)
    given = [_given(row, own, getattr(run, "sets", False)) for row in rows_of(table)]
    times, answers = [], []
    for profile in given:
        start = time.perf_counter()
        found = run(profile)
        times.append(time.perf_counter() - start)
        answers.append(list(found))
        if len(answers) >= COMPARED and (sum(times) > BUDGET_S or len(answers) == getattr(run, "most", None)):
            break
    measured = {"prepare_s": prepared, "seconds": statistics.median(times), "measured": len(times)}
    return measured | {"gaps": _digest(answers[:COMPARED])}


def _given(row: dict[str, object], own: bool, sets: bool) -> dict[str, object]:
    if own:
        return own_facts(row)
    profile = profile_of(row)
    return {name: set(v) if sets and isinstance(v, list) else v for name, v in profile.items()}


def own_facts(row: dict[str, object]) -> dict[str, object]:
    """A table's row as Carnet's evaluators take it."""
    return {path: tuple(v) if isinstance(v, list) else v for path, v in row.items() if v is not None}


def whole(
    make: Callable[..., Any], rules: list[GapRule], blocks: Iterable[pa.Table], repeats: int
) -> dict[str, object]:
    convert_s = seconds = 0.0
    gaps = [0] * len(rules)
    for table in blocks:
        convert, run = make(rules, table)
        took, converted = best(repeats, convert)
        convert_s += took
        took, found = best(repeats, run, converted)
        seconds += took
        gaps = [before + more for before, more in zip(gaps, found, strict=True)]
    return {"convert_s": convert_s, "seconds": seconds, "gaps": _digest(gaps)}


def best(repeats: int, run: Callable[..., Any], *given: Any) -> tuple[float, Any]:
    times: list[float] = []
    while len(times) < repeats and sum(times) < BUDGET_S:
        start = time.perf_counter()
        result = run(*given)
        times.append(time.perf_counter() - start)
    return min(times), result


def _digest(answers: object) -> str:
    """The same for peers that say the same."""
    return hashlib.sha256(json.dumps(answers).encode()).hexdigest()[:12]


if __name__ == "__main__":
    peer, what, markets, rules_wanted, profiles = sys.argv[1:]
    main(peer, what, markets, int(rules_wanted), int(profiles))
