# SPDX-License-Identifier: Apache-2.0
"""The hunts until the time is over: `python tests/hunt/hunting.py --minutes 10 [--seed N] [--only NAME --attempt K]`.

Every attempt has a seed of its own, made of the run's seed, the hunt's name and a number, so that one can be repeated.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import traceback
from pathlib import Path

import fleet_hunts
import hostile_hunts
import verdict_hunts
from hunt_world import World

HUNTS = {**verdict_hunts.HUNTS, **hostile_hunts.HUNTS, **fleet_hunts.HUNTS}
SHOWN = 3


def attempt(world: World, name: str, seed: int, number: int) -> str:
    """One attempt; what it found, or nothing."""
    try:
        HUNTS[name](random.Random(f"{seed}/{name}/{number}"), world)
    except AssertionError as error:
        return str(error) or traceback.format_exc(limit=-2)
    except Exception:
        return traceback.format_exc(limit=-4)
    return ""


def hunt(world: World, names: list[str], seed: int, seconds: float) -> tuple[dict[str, int], dict[str, list[str]]]:
    """How many attempts each hunt made, and what they found; all get the same share of the time."""
    tried, spent, found = dict.fromkeys(names, 0), dict.fromkeys(names, 0.0), {name: [] for name in names}
    end = time.monotonic() + seconds
    while (start := time.monotonic()) < end:
        name = min(names, key=spent.__getitem__)
        if told := attempt(world, name, seed, tried[name]):
            found[name].append(f"--only {name} --seed {seed} --attempt {tried[name]}: {told}")
            if len(found[name]) <= SHOWN:
                told = f"FOUND {found[name][-1][:2000]}"
                print(told.encode("utf-8", "backslashreplace").decode(), flush=True)
        tried[name] += 1
        spent[name] += time.monotonic() - start
    return tried, found


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--only", choices=HUNTS, action="append")
    parser.add_argument("--attempt", type=int)
    chosen = parser.parse_args()
    names = chosen.only or list(HUNTS)
    print(f"seed {chosen.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        if chosen.attempt is not None:
            told = attempt(world, names[0], chosen.seed, chosen.attempt)
            print(told or "nothing")
            return bool(told)
        tried, found = hunt(world, names, chosen.seed, 60 * chosen.minutes)
    for name in names:
        print(f"{name:<18} {tried[name]:>7,} attempts  {len(found[name]):>5,} found")
    print(
        f"{sum(tried.values()):,} attempts, {sum(map(len, found.values())):,} found; `SEED={chosen.seed}` repeats them"
    )
    return any(found.values())


if __name__ == "__main__":
    sys.exit(main())
