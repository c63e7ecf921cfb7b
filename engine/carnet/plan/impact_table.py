# SPDX-License-Identifier: Apache-2.0
"""Many releases or variants of one profile at once: a table in which each row says what differs from it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from carnet.characters import decoded
from carnet.errors import InputError, Place, SourceError
from carnet.plan.impact import Impact
from carnet.plan.impact_release import impact
from carnet.plan.whatif import parse_settings
from carnet.source import read_file

if TYPE_CHECKING:
    from carnet.declare.profile import Profile
    from carnet.law.law import Law

NAME = "release"
MOST = 2_000
Progress = Callable[[str], None]


def impacts(
    law: Law,
    old: Profile,
    table: Path,
    markets: Sequence[str],
    day: dt.date | None = None,
    evaluator: str | None = None,
    progress: Progress | None = None,
) -> tuple[Impact, ...]:
    """What each row of a table sets off against the profile.

    table: a CSV file with a column `release` for the name and a column for each fact that differs, named and written as
    in a profile or a fleet's table (`features.pilot.odd.max_speed_kmh`, `in.DE.hmi.languages`); an empty cell says
    nothing, `null` takes a declaration back.

    Raises:
        SourceError: for what is no table; InputError: for a row that names no release, or one twice.
        Problems: for a row that does not follow the vocabulary, with its place.
    """
    found = []
    for name, new in releases(old, table):
        found.append(impact(law, old, new, markets, day, evaluator)._replace(new=name, file=str(table)))
        if progress:
            progress(name)
    return tuple(found)


def releases(old: Profile, table: Path) -> Iterator[tuple[str, Profile]]:
    """The rows as profiles by their names."""
    reader = csv.DictReader(io.StringIO(decoded(read_file(table), str(table))), strict=True)
    heads = reader.fieldnames or ()
    if NAME not in heads:
        raise SourceError(f"has no column `{NAME}`", Place(str(table)), "name each row in it")
    seen: dict[str, int] = {}
    try:
        for row in reader:
            line = reader.line_num
            name = (row.get(NAME) or "").strip()
            if not name or name in seen:
                what = f"names `{name}` again, after line {seen[name]}" if name else "names no release"
                raise InputError(what, Place(str(table), line, 1), "give each row a name of its own")
            seen[name] = line
            if len(seen) > MOST:
                raise InputError(f"has more than {MOST} rows", Place(str(table)), "split it")
            if None in row:
                raise InputError(
                    "has more cells than the table has columns", Place(str(table), line, 1), "quote commas"
                )
            yield name, _declared(old, row, f"{table}:{line}")
    except csv.Error as error:
        raise SourceError(
            f"is no CSV table ({error})", Place(str(table), reader.line_num, 1), "quote its cells"
        ) from None


def _declared(old: Profile, row: Mapping[str, str | None], where: str) -> Profile:
    new = old
    layers: dict[tuple[str, str], list[str]] = {}
    for column, cell in row.items():
        if column == NAME or not (cell or "").strip():
            continue
        feature = market = ""
        path = column.strip()
        while path.startswith(("features.", "in.")) and path.count(".") > 1:
            kind, name, path = path.split(".", 2)
            feature, market = (name, market) if kind == "features" else (feature, name)
        layers.setdefault((feature, market), []).append(f"{path}={cell}")
    for (feature, market), texts in layers.items():
        settings = parse_settings(texts)
        new = new.with_set(settings, feature=feature or None, market=market or None, name=where)
    return new
