# SPDX-License-Identifier: Apache-2.0
"""What every form of the report says in the same words."""

from __future__ import annotations

import datetime as dt

import pytest
import report_samples as samples

from carnet.assess.model import Because
from carnet.report import digest
from carnet.report.html import charts

LANGUAGES = ("en", "de", "fr", "es")


@pytest.mark.parametrize(
    ("reason", "short", "whole"),
    [
        (
            Because("hmi.languages", LANGUAGES, "contains ar", 4, "lacks ar", lacks=("ar",)),
            "hmi.languages (line 4): lacks ar (declared: 4 others)",
            "hmi.languages (line 4): declared en, de, fr, es, required contains ar; lacks ar",
        ),
        (
            Because("hmi.languages", LANGUAGES[:2], "contains ar", 4, "lacks ar", lacks=("ar",)),
            "hmi.languages (line 4): declared en, de, required contains ar; lacks ar",
            "hmi.languages (line 4): declared en, de, required contains ar; lacks ar",
        ),
        (
            Because("odd.x", None, "= true"),
            "odd.x: not declared, required = true",
            "odd.x: not declared, required = true",
        ),
    ],
)
def test_a_comparison_in_short_and_in_full(reason: Because, short: str, whole: str) -> None:
    gap = samples.gap("x.y", because=(reason,))
    assert digest.because(gap, False) == [short]
    assert digest.because(gap, True) == [whole]


def test_a_time_line_without_days_is_not_drawn() -> None:
    assert charts.dates([None], dt.date(2027, 1, 1), "When") == ""
    assert charts.dates([], dt.date(2027, 1, 1), "When") == ""
