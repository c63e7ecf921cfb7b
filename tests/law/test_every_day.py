# SPDX-License-Identifier: Apache-2.0
"""The law of every market can be resolved on every day on which some of it changes, and the day before."""

from __future__ import annotations

import datetime as dt

import pytest

import carnet
from carnet.law.model import Jurisdiction

LAW = carnet.load_law()
FIRST, LAST = dt.date(2015, 1, 1), dt.date(2032, 1, 1)
ONE = dt.timedelta(days=1)


def dates_of(jurisdiction: Jurisdiction) -> set[dt.date]:
    """The days on which a jurisdiction's rules, routes and values start or end."""
    spans = [rule.in_force for rule in jurisdiction.rules]
    days = {day for span in spans for day in (span.start, span.new_types, span.until) if day}
    days |= {day for route in jurisdiction.routes for day in (route.span.start, route.span.until) if day}
    values = [value for parameter in jurisdiction.parameters.values() for value in parameter.values]
    return days | {value.start for value in values if value.start}


@pytest.mark.parametrize("market", LAW.codes)
def test_the_law_can_be_resolved(market: str) -> None:
    days = set().union(*(dates_of(LAW.jurisdiction(code)) for code in LAW.chain(market)))
    for day in sorted(day for first in days for day in (first - ONE, first) if FIRST <= day <= LAST):
        assert LAW.rulebook(market, day).day == day
    LAW.forget()
