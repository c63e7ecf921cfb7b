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

NAME, PROFILE = "release", "profile"
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


def variants(
    law: Law,
    base: Profile,
    table: Path,
    markets: Sequence[str],
    day: dt.date | None = None,
    evaluator: str | None = None,
    progress: Progress | None = None,
) -> Iterator[tuple[str, Impact]]:
    """Profile by profile, what each release sets off against the one before it of the same profile.

    table: as of `impacts`, with a column `profile` as well; facts are what differs from the base. The first release of
    a profile is where it starts: nothing is said of it.

    Raises:
        SourceError, InputError, Problems: as `impacts`.
    """
    before: dict[str, tuple[str, Profile]] = {}
    for (profile, name), new in _profiles(base, table, (PROFILE, NAME)):
        if profile in before:
            since, old = before[profile]
            made = impact(law, old, new, markets, day, evaluator)
            yield profile, made._replace(old=since, new=name, file=str(table))
        before[profile] = name, new
        if progress:
            progress(f"{profile} {name}")


def releases(old: Profile, table: Path) -> Iterator[tuple[str, Profile]]:
    """The rows as profiles by their names."""
    for (name,), new in _profiles(old, table, (NAME,)):
        yield name, new


def _profiles(old: Profile, table: Path, named: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Profile]]:
    """The rows as profiles, by what the columns that name them say."""
    reader = csv.DictReader(io.StringIO(decoded(read_file(table), str(table))), strict=True)
    heads = reader.fieldnames or ()
    for column in named:
        if column not in heads:
            raise SourceError(f"has no column `{column}`", Place(str(table)), "name each row in it")
    seen: dict[tuple[str, ...], int] = {}
    try:
        for row in reader:
            line = reader.line_num
            names = tuple((row.get(column) or "").strip() for column in named)
            if not all(names) or names in seen:
                missing = next((column for column, name in zip(named, names, strict=True) if not name), "")
                again = f"names `{' '.join(names)}` again, after line {seen.get(names)}"
                what = f"names no {missing}" if missing else again
                raise InputError(what, Place(str(table), line, 1), "give each row a name of its own")
            seen[names] = line
            if len(seen) > MOST:
                raise InputError(f"has more than {MOST} rows", Place(str(table)), "split it")
            if None in row:
                raise InputError(
                    "has more cells than the table has columns", Place(str(table), line, 1), "quote commas"
                )
            yield names, _declared(old, row, f"{table}:{line}")
    except csv.Error as error:
        raise SourceError(
            f"is no CSV table ({error})", Place(str(table), reader.line_num, 1), "quote its cells"
        ) from None


def _declared(old: Profile, row: Mapping[str, str | None], where: str) -> Profile:
    new = old
    layers: dict[tuple[str, str], list[str]] = {}
    for column, cell in row.items():
        if column in (NAME, PROFILE) or not (cell or "").strip():
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
