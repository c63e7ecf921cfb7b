# SPDX-License-Identifier: Apache-2.0
"""The days on which a market's law changes, and those of them on which it may become easier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from carnet.law.law import Law
from carnet.law.model import InForce, Jurisdiction, Span

ONE_DAY = dt.timedelta(days=1)


def law_days(law: Law, market: str, start: dt.date, until: dt.date) -> set[dt.date]:
    """Days after `start` up to `until` on which a rule, route, adoption or parameter starts or ends."""
    found = {day for jurisdiction in law.sources(market) for day in _days(jurisdiction)}
    return {day for day in found if start < day <= until}


def _days(jurisdiction: Jurisdiction) -> Iterator[dt.date]:
    spans: list[InForce | Span] = [rule.in_force for rule in jurisdiction.rules]
    spans += [route.span for route in jurisdiction.routes]
    spans += [adoption.span for adoption in jurisdiction.applies.values()]
    for span in spans:
        if span.start:
            yield span.start
        if span.until:
            yield span.until + ONE_DAY
        if isinstance(span, InForce) and span.new_types:
            yield span.new_types
    for parameter in jurisdiction.parameters.values():
        yield from (value.start for value in parameter.values if value.start)


def easier_days(law: Law, market: str, start: dt.date, until: dt.date) -> set[dt.date]:
    """Days on which a way in begins, a rule ends or gives way to another, or an approval begins to exist."""
    found: set[dt.date] = set()
    for jurisdiction in law.sources(market):
        found.update(route.span.start for route in jurisdiction.routes if route.span.start)
        found.update(rule.in_force.until + ONE_DAY for rule in jurisdiction.rules if rule.in_force.until)
        found.update(rule.in_force.start for rule in jurisdiction.rules if rule.in_force.start and rule.supersedes)
        found.update(one.span.start for one in jurisdiction.approvals if one.span.start)
    return {day for day in found if start < day <= until}
