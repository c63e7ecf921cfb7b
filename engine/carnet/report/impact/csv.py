# SPDX-License-Identifier: Apache-2.0
"""What changes set off as a table: a row for each release and market."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from carnet.plan.impact import Impact, MarketImpact, Release
from carnet.report.csv import write
from carnet.report.impact import words

COLUMNS = (
    "release",
    "market",
    "name",
    "may_go_out",
    "before",
    "after",
    "notices",
    "decisions",
    "extensions",
    "not_known",
    "broken",
    "open",
    "new_lacks",
    "no_longer",
    "waits",
)


def render(impact: Impact) -> str:
    return render_all((impact,))


def render_all(impacts: Sequence[Impact]) -> str:
    """The rows of several releases."""
    return write(COLUMNS, [row for impact in impacts for row in rows(impact)])


def render_variants(impacts: Iterable[tuple[str, Impact]]) -> str:
    """The same of several profiles: with the profile, and the release that each is compared with."""
    found = ([profile, impact.old, *row] for profile, impact in impacts for row in rows(impact))
    return write(("profile", "since", *COLUMNS), list(found))


def rows(impact: Impact) -> Iterator[list[str]]:
    """One row a market; `waits`: what has to wait so that the rest may go out everywhere now."""
    waits = next((words.names(split.waits) for split in impact.splits if split.release is Release.NOW), "")
    for market in impact.markets:
        by = {level: [each.approval for each in market.asked if each.release is level] for level in Release}
        yield [
            impact.new,
            market.market,
            market.name,
            market.release.value,
            market.before.value,
            market.after.value,
            _list(by[Release.NOTICE]),
            _list(by[Release.DECISION]),
            _list(by[Release.EXTENSION]),
            _list(by[Release.NOT_KNOWN]),
            _appeared(market, "gap"),
            _appeared(market, "undetermined"),
            _list(market.lacks),
            _list(market.gone),
            waits,
        ]


def _appeared(market: MarketImpact, status: str) -> str:
    return _list(each.rule for each in market.appeared if each.status == status)


def _list(names: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(names))
