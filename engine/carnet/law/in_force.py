# SPDX-License-Identifier: Apache-2.0
"""Whether law counts on a day: one answer for rules, routes and the differences of two releases."""

from __future__ import annotations

import datetime as dt

from carnet.law.grounds import LegalStatus, Span

COUNTING = (LegalStatus.IN_FORCE, LegalStatus.ADOPTED)


def counts_on(status: LegalStatus, first: dt.date | None, last: dt.date | None, day: dt.date) -> bool:
    """Whether law of this status counts on a day.

    Proposed law and guidance never do, nor does law that was adopted without a first day. Law in force whose first day
    is not known counts on every day up to its end.
    """
    if status not in COUNTING or (status is LegalStatus.ADOPTED and first is None):
        return False
    return Span(first, last).holds(day)
