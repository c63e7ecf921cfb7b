# SPDX-License-Identifier: Apache-2.0
"""Declared against required: what is needed in any case, what is one of several ways, what lacks how much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import report_samples as samples

import carnet
from carnet.assess.model import Because, Finding
from carnet.report import digest, html, markdown, select, table, text

PERMIT = Because("approvals.DE-A.held", False, "= true", 0, "not declared", "Permit A", (1, 1))
OTHER = Because("approvals.DE-B.held", None, "= true", 0, "", "Permit B", (1, 2))
AREA = Because("odd.area", ("Munich",), "contains Freising", 12, "lacks Freising", "", (1, 2))
SPEED = Because("odd.max_speed_kmh", 120, "<= 90", 7)


@pytest.mark.parametrize(
    ("because", "lines"),
    [
        ((PERMIT,), ["not held: Permit A (DE-A)"]),
        ((PERMIT, OTHER), ["none held, one is enough: Permit A (DE-A); Permit B (DE-B)"]),
        (
            (PERMIT._replace(choice=()), OTHER._replace(choice=()), SPEED),
            [
                "not held: Permit A (DE-A); Permit B (DE-B)",
                "odd.max_speed_kmh (line 7): declared 120, required <= 90",
            ],
        ),
        (
            (SPEED, PERMIT, AREA, OTHER),
            [
                "odd.max_speed_kmh (line 7): declared 120, required <= 90",
                "either not held: Permit A (DE-A)",
                "or odd.area (line 12): declared Munich, required contains Freising; lacks Freising",
                "and not held: Permit B (DE-B)",
            ],
        ),
        ((PERMIT._replace(name="", choice=()),), ["not held: DE-A"]),
    ],
)
def test_lines(because: tuple[Because, ...], lines: list[str]) -> None:
    assert digest.because(samples.gap("de.x", because=because)) == lines


def test_a_need_does_not_name_again_what_its_title_names() -> None:
    need = samples.gap("de.route.needs.DE-A|DE-B", kind="need", because=(PERMIT, OTHER))
    assert digest.because(need) == ["none of them held, one is enough"]
    assert digest.because(need._replace(because=(PERMIT,))) == ["not held"]
    assert "Permit B" in " ".join(digest.because(need, whole=True))


def test_every_format_says_that_one_is_enough() -> None:
    market = samples.bavaria()
    gap = samples.gap("de.x", because=(PERMIT, AREA))
    report = samples.replace(samples.report(), markets=(market._replace(findings=(gap,)),))
    required = table.row(market, gap)[table.COLUMNS.index("required")]
    assert required == "approvals.DE-A.held: true; or odd.area: contains Freising"
    assert (
        "approvals.DE-A.held (Permit A) is false; required: true (not declared); or odd.area is"
        in text.finding_words(gap, market)
    )
    assert "- either not held: Permit A (DE-A)\n  - or `odd.area` (line 12)" in markdown.render(report)
    page = html.render(report)
    assert '<span class="soft">either</span>' in page
    assert "Permit A" in page
    assert '<span class="soft">oder</span>' in html.render(report, language="de")


def test_words_between_two_groups() -> None:
    reasons = (PERMIT, OTHER, SPEED, PERMIT._replace(choice=(2, 1)), AREA._replace(choice=(2, 1)))
    assert [word for word, _ in select.alternatives(reasons)] == ["either", "or", "", "either", "and"]


def test_words_for_alternatives_within_an_alternative() -> None:
    inner = [AREA._replace(choice=(1, 2, 2, 1)), AREA._replace(choice=(1, 2, 2, 2)), AREA._replace(choice=(1, 2, 2, 2))]
    reasons = (PERMIT, OTHER, *inner, SPEED._replace(choice=(1, 3)))
    words = ["either", "or", "and either", "... or", "and", "or"]
    assert [word for word, _ in select.alternatives(reasons)] == words
    line = markdown.render(
        samples.replace(
            samples.report(), markets=(samples.bavaria()._replace(findings=(samples.gap("x", because=reasons),)),)
        )
    )
    assert "- and either `odd.area` (line 12)" in line


def checked(market: str, data: Mapping[str, Any], rule: str) -> Finding:
    profile = carnet.Profile.from_dict({"name": "x", **data})
    report = carnet.load_law().check(profile, [market], evaluator="native")
    return next(finding for finding in report.market(market).findings if finding.rule == rule)


def test_a_motorway_without_a_limit_tells_the_metres_that_are_lacking() -> None:
    found = checked(
        "DE",
        {
            "automation": {"sae_level": 3, "lane_change_modes": ["system_initiated"]},
            "behaviour": {"lane_change": {"min_speed_kmh": 60}},
            "odd": {"road_types": ["motorway_unrestricted"]},
            "sensing": {"rear_range_m": 32},
        },
        "de.traffic.rear-closing-speed",
    )
    (line,) = digest.because(found)
    assert "declared 32, required >= 502.027" in line
    assert "derived.rear_range_needed_m: rear sensing distance that a lane change needs" in line
    assert line.endswith("lacks 470.027 m")
    assert str(found.cites[1]).startswith("Carnet engineering derivation from UN R79")


def test_approvals_have_their_titles() -> None:
    found = checked("DE-BY", {"approvals": {}, "complete": ["approvals"], **ROBOTAXI}, "de.pax.permit")
    (line,) = digest.because(found)
    assert line.startswith("none held, one is enough: Taxi permit under the PBefG (DE-PBEFG-TAXI); ")


ROBOTAXI = {
    "vehicle": {"category": "M1"},
    "automation": {"sae_level": 4},
    "operation": {"phase": "commercial", "service": "robotaxi", "driver_on_board": False, "fare_charged": True},
}
