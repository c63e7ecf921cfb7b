# SPDX-License-Identifier: Apache-2.0
"""Random profiles through both evaluators until told otherwise: `same_as_native.py [PROFILES] [SEED]`.

Each profile is assessed in a market and on a day drawn from those on which some law changes (ten draws for every 500
profiles), by the fleet kernel and by `carnet check` on the native evaluator. Ends with 1 at the first block in which
they differ.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import cache

import numpy as np
import pyarrow as pa
from native_results import compare, read_rows
from random_profiles import random_table

from carnet.api import Law, load_law
from carnet.errors import LawError
from carnet.fleet.block import Kernel
from carnet.fleet.layout import Layout

BLOCK = 500
PLACES_PER_BLOCK = 10


@cache
def law() -> Law:
    return load_law()


@cache
def days() -> tuple[dt.date, ...]:
    """The first and last days of all rules, routes and parameters, and the days around them."""
    found: set[dt.date | None] = {law().as_of}
    for code in law().codes:
        jurisdiction = law().jurisdiction(code)
        for rule in jurisdiction.rules:
            found |= {rule.in_force.start, rule.in_force.until, rule.in_force.new_types}
        for route in jurisdiction.routes:
            found |= {route.span.start, route.span.until}
        found |= {value.start for parameter in jurisdiction.parameters.values() for value in parameter.values}
    near = {day + dt.timedelta(shift) for day in found if day for shift in (-1, 0, 1) if 1990 < day.year < 2060}
    return tuple(sorted(near))


def places(rng: np.random.Generator, wanted: int) -> list[tuple[str, dt.date]]:
    """Markets and days drawn until enough have a law: before some first days a limit has no value yet."""
    found: list[tuple[str, dt.date]] = []
    while len(found) < wanted:
        market, day = rng.choice(law().markets()), days()[rng.integers(0, len(days()))]
        with suppress(LawError):
            law().rulebook(str(market), day)
            found.append((str(market), day))
    return found


def differences(first: int, seed: int) -> list[str]:
    """What differs in the block of profiles that begins with this one."""
    rng = np.random.default_rng((seed, first))
    drawn = places(rng, PLACES_PER_BLOCK) * (BLOCK // PLACES_PER_BLOCK)
    markets = law().markets()
    books = [law().rulebook(code, law().as_of) for code in markets]
    table = random_table(law(), books, BLOCK, seed, first)
    table = table.append_column("market", pa.array([market for market, _ in drawn]))
    table = table.append_column("as_of", pa.array([day for _, day in drawn]))
    layout = Layout(table.schema, law(), markets)
    outcome = Kernel(law(), layout, markets, (), law().as_of).run(table.combine_chunks().to_batches()[0], 1)
    results = [row for part in outcome.results for row in part.to_pylist()]
    assert (len(results), outcome.rejects) == (BLOCK, ())
    return compare(law(), read_rows(law(), table), results)


def blocks(profiles: int, seed: int) -> Iterator[list[str]]:
    starts = range(0, profiles, BLOCK)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(differences, starts, [seed] * len(starts))


def main(profiles: int = 200_000, seed: int = 1) -> int:
    for number, found in enumerate(blocks(profiles, seed), 1):
        if found:
            print("\n".join(found[:20]))
            return 1
        print(f"\r{number * BLOCK} profiles: no difference", end="", flush=True)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
