# SPDX-License-Identifier: Apache-2.0
"""Day by day, law is in the rulebook from its first day to its last, and neither earlier nor later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

import carnet
from carnet.law.in_force import COUNTING
from carnet.law.model import Jurisdiction, Route, Rule

LAW = carnet.load_law()
FIRST, LAST = dt.date(2015, 1, 1), dt.date(2032, 1, 1)
ONE = dt.timedelta(days=1)


def span_of(item: Rule | Route) -> tuple[dt.date | None, dt.date | None]:
    """The first and the last day of what counts at all."""
    if item.legal_status not in COUNTING:
        return None, None
    return (item.in_force.first_day, item.in_force.until) if isinstance(item, Rule) else item.span


def dates_of(jurisdiction: Jurisdiction) -> Iterator[dt.date | None]:
    """The days on which a jurisdiction's rules, routes, values or adoptions start, and those after their last."""
    for item in (*jurisdiction.rules, *jurisdiction.routes):
        first, last = span_of(item)
        yield from (first, last and last + ONE)
        if isinstance(item, Rule):
            yield item.in_force.start
    yield from (value.start for parameter in jurisdiction.parameters.values() for value in parameter.values)
    yield from adopted_on(jurisdiction).values()


def adopted_on(jurisdiction: Jurisdiction) -> dict[str, dt.date | None]:
    """The instruments of others that a jurisdiction applies, with its first day."""
    return {name: adoption.span.start for name, adoption in jurisdiction.applies.items()}


def base(item: Rule | Route) -> str:
    return item.cites[0].instrument if item.cites else ""


@pytest.mark.parametrize("market", LAW.codes)
def test_law_begins_and_ends_on_its_days(market: str) -> None:
    chain = [LAW.jurisdiction(code) for code in LAW.chain(market)]
    adoptions = {name: day for one in reversed(chain) for name, day in adopted_on(one).items()}
    days = {day for one in chain for day in dates_of(one) if day and FIRST <= day <= LAST}
    for day in sorted(days):
        before, now = (law_in(market, each) for each in (day - ONE, day))
        for name in now.keys() - before.keys():
            assert day in (span_of(now[name])[0], adoptions.get(base(now[name]))), f"{name} is in force from {day}"
        for name in before.keys() - now.keys():
            assert span_of(before[name])[1] == day - ONE, f"{name} is gone on {day}"
        kept = [name for name in before.keys() & now.keys() if span_of(now[name])[0] == day]
        assert not kept, f"{kept} were in force before their first day {day}"
        assert not [name for name in now if span_of(now[name])[1] == day - ONE], f"law that ended is in force on {day}"
    LAW.forget()


def law_in(market: str, day: dt.date) -> dict[str, Rule | Route]:
    """The rules and routes that the rulebook of a day has, by id."""
    layers = LAW.rulebook(market, day).layers
    rules = {bound.rule.id: bound.rule for layer in layers for bound in layer.rules}
    return rules | {bound.route.id: bound.route for layer in layers for bound in layer.routes}
