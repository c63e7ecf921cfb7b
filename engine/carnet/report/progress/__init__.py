# SPDX-License-Identifier: Apache-2.0
"""How lacks fall over several reports of one profile, and what stands still.

A renderer is a module of this package with `render(progress, ...) -> str | bytes`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from carnet.errors import SourceError

FORMATS = {"terminal": (".txt",), "json": (".json",), "html": (".html", ".htm")}


class Point(NamedTuple):
    """One market in one report: the lacks in its way, the others, and its outcome; None where it was not checked."""

    outcome: str
    blocking: int
    lesser: int


class Line(NamedTuple):
    """One market over all reports. still: titles of lacks in the way that every report of it names, by id."""

    market: str
    name: str
    points: tuple[Point | None, ...]
    still: Mapping[str, str]


class Progress(NamedTuple):
    """Reports in the order given, each by its label, and a line for each market."""

    profile: str
    labels: tuple[str, ...]
    lines: tuple[Line, ...]

    def total(self, at: int) -> int:
        """Lacks in the way over all markets of one report."""
        return sum(point.blocking for line in self.lines if (point := line.points[at]) is not None)


def progress(reports: Sequence[tuple[str, Mapping[str, Any]]]) -> Progress:
    """What reports say one after the other; each has its label.

    Raises:
        SourceError: for a report that was written before reports counted lacks.
    """
    for label, report in reports:
        if any("lacks" not in market for market in report["markets"]):
            raise SourceError(f"the report {label} counts no lacks", hint="write it again with `carnet check -f json`")
    names = {market["market"]: market["name"] for _, report in reports for market in report["markets"]}
    said = [{market["market"]: market for market in report["markets"]} for _, report in reports]
    lines = tuple(_line(code, name, [markets.get(code) for markets in said]) for code, name in names.items())
    profile = str(reports[-1][1]["profile"].get("name") or "")
    return Progress(profile, tuple(label for label, _ in reports), lines)


def _line(code: str, name: str, markets: Sequence[Mapping[str, Any] | None]) -> Line:
    found = [market for market in markets if market is not None]
    always = set.intersection(*(set(_blocking(market)) for market in found))
    still = {id_: title for id_, title in _blocking(found[-1]).items() if id_ in always} if len(found) > 1 else {}
    return Line(code, name, tuple(_point(market) if market else None for market in markets), still)


def _blocking(market: Mapping[str, Any]) -> dict[str, str]:
    lacks = market["lacks"]
    return {lack["id"]: lack["title"] for lack in lacks if lack["severity"] == "blocking" and not lack["waived"]}


def _point(market: Mapping[str, Any]) -> Point:
    blocking = len(_blocking(market))
    waived = sum(lack["waived"] for lack in market["lacks"])
    return Point(market["outcome"], blocking, len(market["lacks"]) - blocking - waived)
