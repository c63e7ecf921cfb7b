# SPDX-License-Identifier: Apache-2.0
"""Dated values of a jurisdiction, inherited down the chain."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from carnet.law.grounds import UNREVIEWED, Cite, Confidence, Ground, Place
from carnet.logic.condition import ParamValue


class ParameterValue(NamedTuple):
    start: dt.date | None
    value: ParamValue
    confidence: Confidence
    cites: tuple[Cite, ...]
    note: str
    ground: Ground = UNREVIEWED


class Parameter(NamedTuple):
    """A dated value, oldest first, inherited down the chain."""

    name: str
    jurisdiction: str
    unit: str
    values: tuple[ParameterValue, ...]
    place: Place

    def on(self, day: dt.date) -> ParameterValue | None:
        """The value that holds on a day, None before the first."""
        current = None
        for value in self.values:
            if value.start is None or value.start <= day:
                current = value
        return current
