# SPDX-License-Identifier: Apache-2.0
"""What a plan obtains runs out: the renewals that fall due before the markets it serves have been open for a while."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from carnet.days import add_months
from carnet.law.law import Law
from carnet.law.planning import Planning
from carnet.plan.model import Days, Opening, Step

RENEWAL = "renewal"
HORIZON = 12
"""Months after the last opening that an approval serves, until which it has to last."""
MOST = 6
"""Renewals of one approval: some permits to test run for months while a market waits for years."""


def renewals(law: Law, steps: Sequence[Step], openings: Iterable[Opening]) -> Iterator[Step]:
    """The renewals of the approvals that some steps obtain, each after the grant or the renewal before it.

    An approval of each vehicle is left out: it runs with the vehicle. How long a grant lasts is the law's or our
    estimate, as the catalogue says.
    """
    opens = {one.market: one.day.late for one in openings}
    for step in steps:
        if step.kind == "approval" and not step.per_vehicle:
            yield from _of(law.planning(step.approval), step, opens)


def _of(planning: Planning, step: Step, opens: Mapping[str, dt.date]) -> Iterator[Step]:
    if planning.validity is None or not any(market in opens for market in step.markets):
        return
    horizon = add_months(max(opens[market] for market in step.markets if market in opens), HORIZON)
    before, granted = step, step.end
    for number in range(1, MOST + 1):
        ends = [planning.validity.after(day) for day in granted]
        if ends[0] is None or ends[1] is None or min(*granted) >= ends[0] or ends[1] > horizon:
            return
        granted = Days(ends[0], ends[1])
        before = _renewal(planning, step, before, granted, number)
        yield before


def _renewal(planning: Planning, step: Step, before: Step, ends: Days, number: int) -> Step:
    """To be done when the grant ends; begun as the law says, else as long before as a new one takes at most."""
    begin = Days(*(max(_begin(planning, day), start) for day, start in zip(ends, before.end, strict=True)))
    law = planning.validity
    return step._replace(
        id=f"{RENEWAL}:{step.approval}{f':{number}' if number > 1 else ''}",
        kind=RENEWAL,
        estimate=law is None or law.estimate,
        weeks=((ends.late - begin.late).days // 7,) * 2,
        after=(before.id,),
        closes=(),
        lacks=(),
        settings=(),
        start=begin,
        end=ends,
        slack=0,
        critical=False,
        latest=None,
        unsaid=False,
        fixed=False,
        cost=(0, 0),
    )


def _begin(planning: Planning, ends: dt.date) -> dt.date:
    if planning.renewal:
        return planning.renewal.before(ends)
    return ends - dt.timedelta(weeks=planning.weeks[1])
