# SPDX-License-Identifier: Apache-2.0
"""Which days can be meant. One rule for profiles, packs, tables and options, so that no day is misread in any of them.

The years 0227 and 9999 are dates to a calendar, but in a declaration the one is a slip of the hand and the other the
word of another program for "no end". Within these bounds, adding days, months and years never leaves the calendar.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange

from carnet.errors import InputError, shown

FIRST_DAY = dt.date(1900, 1, 1)
LAST_DAY = dt.date(2150, 12, 31)
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def read_day(text: str) -> dt.date:
    """The day that `2027-01-31` names.

    Raises:
        InputError: when the text is written otherwise, or the day does not exist or cannot be meant.
    """
    if not ISO_DAY.match(text):
        raise InputError(f"{shown(text)} is not a date", hint="write it as year-month-day, such as `2027-01-31`")
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(f"the date `{text}` does not exist", hint="correct the day") from None
    return possible(day)


def possible(day: dt.date) -> dt.date:
    """The day itself; a moment counts as its day.

    Raises:
        InputError: when it cannot be meant.
    """
    if isinstance(day, dt.datetime):
        day = day.date()
    if day < FIRST_DAY:
        raise InputError(f"the date `{day}` is before {FIRST_DAY.year}", hint="correct the year")
    if day > LAST_DAY:
        hint = "correct the year; what has no end has no last day either: leave it out"
        raise InputError(f"the date `{day}` is after {LAST_DAY.year}", hint=hint)
    return day


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day some months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
