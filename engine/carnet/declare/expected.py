# SPDX-License-Identifier: Apache-2.0
"""Approvals that are asked for and expected: counted as held from their expected day on, where that is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from carnet.declare.vocabulary import Value

EXPECTABLE = ("planned", "applied")
"""The states of an approval from which a grant can be expected."""
Values = Mapping[str, Value | None]


def expected_on(values: Values, approval: str) -> dt.date | None:
    """The day on which a grant is expected that there is not yet; approval: `approvals.<id>`."""
    day, state = values.get(f"{approval}.expected_on"), values.get(f"{approval}.state")
    return day if isinstance(day, dt.date) and state in EXPECTABLE else None


def asked_for(paths: Iterable[str]) -> list[str]:
    """The approvals, as `approvals.<id>`, for which a state is declared."""
    return [path.removesuffix(".state") for path in paths if path.startswith("approvals.") and path.endswith(".state")]


def expect(values: dict[str, Value], as_of: dt.date) -> dict[str, str]:
    """Count what is expected by the day as held and granted on it; why, by the path of `held`."""
    notes = {}
    for approval in asked_for(list(values)):
        day = expected_on(values, approval)
        if day is None:
            continue
        notes[f"{approval}.held"] = f"expected on {day}, not granted yet"
        if day <= as_of:
            values[f"{approval}.held"] = True
            values.setdefault(f"{approval}.granted_on", day)
    return notes


def expected_in(layers: Iterable[Values]) -> dict[str, dt.date]:
    """The approvals that some layers together expect, by id, with the last day that any of them names."""
    merged: dict[str, Value | None] = {}
    days: dict[str, dt.date] = {}
    for values in layers:
        merged |= values
        for approval in asked_for(merged):
            if day := expected_on(merged, approval):
                name = approval.removeprefix("approvals.")
                days[name] = max(day, days.get(name, day))
    return days
