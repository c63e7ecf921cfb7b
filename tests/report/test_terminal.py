# SPDX-License-Identifier: Apache-2.0
"""The terminal report answers in the order in which people ask, at any width."""

from __future__ import annotations

import re

import pytest
import report_samples as samples

from carnet.assess.model import Report
from carnet.report import terminal
from carnet.report.layout import display_width

CODES = re.compile(r"\x1b\[[0-9;]*m")


def position(text: str, *needles: str) -> list[int]:
    found = [text.find(needle) for needle in needles]
    assert -1 not in found, dict(zip(needles, found, strict=True))
    return found


def test_it_reads_outcome_first_then_blockers_then_questions_then_the_rest() -> None:
    text = terminal.render(samples.report(samples.bavaria()))
    order = position(
        text, "Outcome", "closed on", "What blocks", "Not known yet", "Other gaps", "Waived", "The rest", "Receipt"
    )
    assert order == sorted(order)
    assert text.rstrip().endswith("It is not legal advice.")


def test_each_market_has_one_aligned_line_with_its_outcome() -> None:
    head = terminal.render(samples.report()).split("\n\n")[1].splitlines()
    assert len(head) == 4
    column = head[0].index("Outcome")
    assert [line[column:].split("  ")[0].strip() for line in head[1:]] == ["closed", "conditional", "open"]


def test_a_blocker_shows_provision_values_line_and_remedy_and_who_has_to_act() -> None:
    text = " ".join(terminal.render(samples.report()).split())
    assert "StVG § 1d(3) [de.l4.technical-supervision], operator, ours" in text
    assert "operation.remote.supervisor_appointed (line 41): declared false, required = true" in text
    assert "(8 to 16 weeks, with " in text
    assert "owner, our partner's" in text


def test_questions_use_the_vocabulary() -> None:
    text = terminal.render(samples.report(), ask={"operation.phase": "Testing, pilot or commercial?"}.get)  # type: ignore[arg-type]
    assert "? Testing, pilot or commercial?" in text


def test_the_rest_unfolds() -> None:
    folded, unfolded = (terminal.render(samples.report(), verbose=verbose) for verbose in (False, True))
    assert "Let official convoys pass" not in folded
    assert "Let official convoys pass" in unfolded
    assert "Evidence: Letter of appointment" in unfolded


@pytest.mark.parametrize("width", [64, 80, 110])
def test_no_line_is_wider_than_the_page(width: int) -> None:
    for verbose in (False, True):
        lines = CODES.sub("", terminal.render(samples.report(), width=width, verbose=verbose, colour=True)).splitlines()
        assert max(map(display_width, lines)) <= width


def test_colour_adds_nothing_but_colour() -> None:
    plain = terminal.render(samples.report())
    assert "\x1b" not in plain
    assert CODES.sub("", terminal.render(samples.report(), colour=True)).split() == plain.split()


def test_many_markets_are_summed_up() -> None:
    report = samples.large(8, 40)
    text = terminal.render(report)
    assert len(text.splitlines()) < 130
    assert "Name fewer markets" in text
    assert len(terminal.render(report, verbose=True).splitlines()) > 1000


def test_findings_of_several_features_are_named_and_those_alike_are_one() -> None:
    gap = samples.gap("de.l3.speed", title="Too fast")
    market = samples.replace(
        samples.bavaria(),
        findings=(samples.replace(gap, feature="city"), samples.replace(gap, feature="motorway")),
    )
    assert "1. city, motorway: Too fast" in terminal.render(Report(samples.report().receipt, {"name": "x"}, (market,)))


def test_a_hostile_name_cannot_reach_the_terminal() -> None:
    report = samples.replace(samples.report(), profile={"name": "x\x1b]0;evil\x07y\n\n"})
    assert "\x1b" not in terminal.render(report)
