# SPDX-License-Identifier: Apache-2.0
"""The terminal report answers in the order in which people ask, at any width."""

from __future__ import annotations

import re

import pytest
import report_samples as samples

from carnet.assess.model import Because, Outcome, Report, Status, Waived
from carnet.law.known import Known, Level
from carnet.law.model import Severity
from carnet.report import compare, html, markdown, terminal
from carnet.report.layout import display_width

CODES = re.compile(r"\x1b\[[0-9;]*m")


def position(text: str, *needles: str) -> list[int]:
    found = [text.find(needle) for needle in needles]
    assert -1 not in found, dict(zip(needles, found, strict=True))
    return found


def test_it_reads_outcome_first_then_blockers_then_questions_then_the_rest() -> None:
    text = terminal.render(samples.report(samples.bavaria()))
    order = position(
        text,
        "Astra robotaxi may not go to Bavaria as it stands.",
        "closed:",
        "closed on",
        "What stands in the way",
        "Not known yet",
        "Lacks that block nothing",
        "Waived",
        "The rest",
        "Receipt",
    )
    assert order == sorted(order)
    assert text.rstrip().endswith("It is not legal advice.")


def test_each_market_has_one_aligned_line_with_its_outcome() -> None:
    head = terminal.render(samples.report(), width=120).split("\n\n")[2].splitlines()
    column = head[0].index("closed")
    assert [line[column:] for line in head] == [
        "closed: 1 approval to obtain, 1 thing to set up; 1 lesser lack, 4 to declare",
        "conditional, 1 lesser lack",
        "open",
    ]


def test_a_blocker_shows_provision_values_line_and_remedy_and_who_has_to_act() -> None:
    text = " ".join(terminal.render(samples.report()).split())
    assert "StVG § 1d(3) [de.l4.technical-supervision]" in text
    assert "operator, ours; with Federal Motor Transport Authority; 8 to 16 weeks" in text
    assert "operation.remote.supervisor_appointed (line 41): declared false, required = true" in text
    assert "owner, our partner's" in text


@pytest.mark.parametrize("level", Level)
def test_a_market_of_which_little_law_is_known_says_so_first(level: Level) -> None:
    warned = level is Level.THINLY
    market = samples.bavaria()._replace(known=Known(level, {"data": "encoded", "testing": "not_researched"}))
    for many in (1, 5):
        text = " ".join(terminal.render(samples.report(*[market] * many)).split())
        assert text.count("little of this market's law (1 of its 2 areas") == (many if warned else 0)
    page = html.render(samples.report(market))
    assert ("knows little" in page) is warned
    assert compare.matrix([samples.report(market)]).first_looks == (("DE-BY",) if warned else ())


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("level", Level)
def test_a_thinly_known_market_is_open_only_as_far_as_known(level: Level, outcome: Outcome) -> None:
    market = samples.bavaria()._replace(known=Known(level, {"data": "encoded"}), outcome=outcome)
    said = level is Level.THINLY and outcome in (Outcome.OPEN, Outcome.CONDITIONAL)
    report = samples.report(market)
    for page in (terminal.render(report), markdown.render(report), html.render(report)):
        assert ("as far as known" in page) is said


def test_a_remedy_says_the_action_and_how_it_is_done_here() -> None:
    text = " ".join(terminal.render(samples.report()).split())
    assert "-> Appoint a natural person" in text
    assert "Appoint a technical supervisor: Appoint a natural person" in " ".join(
        terminal.render(samples.report(), verbose=True).split()
    )


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


def full() -> Report:
    """A market with everything a report can show."""
    base = samples.bavaria()
    expired = Waived("Was fine once", "the board", samples.DAY.replace(year=2026), True)
    findings = (
        samples.gap("de.ban", title="Forbidden", curable=False, conflicts_with=("xx.other",), note="Doubtful"),
        samples.gap("de.old-waiver", title="Waived once", waived=expired),
        samples.gap("de.replaced", title="Replaced", superseded_by="de.ban"),
        samples.gap("de.elsewhere", title="On another route", on_route=False),
        samples.gap(
            "de.number", title="A number", severity=Severity.MAJOR, because=(Because("odd.x_m", 3.0, ">= 5", 7),)
        ),
    )
    home = (
        samples.gap("cn.export", title="Export licence", layer="home"),
        samples.gap("cn.small", title="Small duty", layer="home", severity=Severity.ADVISORY),
        samples.finding("cn.unknown", Status.UNDETERMINED, layer="home", unknown=("supply_chain.dual_use_items",)),
    )
    silent = base.routes[1]._replace(id="de.silent", title="Silent law", on_offer=True, silent=True, feature="city")
    layers = (*base.layers, base.layers[2]._replace(why="left to the members", members=("DE-BE", "DE-HH")))
    market = base._replace(
        findings=findings,
        home="CN",
        home_outcome=Outcome.CLOSED,
        home_findings=home,
        guidance=(samples.gap("de.draft", title="A draft"),),
        routes=(*base.routes, silent),
        layers=layers,
    )
    return Report(samples.report().receipt, {"name": "Full"}, (market,))


@pytest.mark.parametrize("verbose", [False, True])
def test_everything_a_report_can_hold_is_said(verbose: bool) -> None:
    text = " ".join(terminal.render(full(), verbose=verbose).split())
    for needle in (
        "The law leaves no way to cure this.",
        "Cannot be obeyed together with xx.other.",
        "Waiver expired until 2026-01-01 by the board",
        "Silent law [city] (testing, undetermined, the law is silent)",
        "Check one of its members: DE-BE, DE-HH.",
        "export duties of CN: closed",
        "! Export licence",
        "1 duty not decided",
    ):
        assert needle in text, needle
    assert ("Replaced" in text) is verbose
    assert ("A draft" in text) is verbose
    assert ("odd.x_m (line 7): declared 3, required >= 5" in text) is True


@pytest.mark.parametrize(
    ("ways", "said"),
    [(2, "None of its 2 routes is on offer for this product"), (1, "Its only route is not on offer for this product")],
)
def test_a_market_without_a_way_in_says_so(ways: int, said: str) -> None:
    base = samples.bavaria()
    routes = tuple(route._replace(on_offer=False) for route in base.routes)[:ways]
    market = base._replace(routes=routes, findings=(), layers=(base.layers[2],), confidence_share={}, upcoming=())
    text = terminal.render(Report(samples.report().receipt, {"name": "x"}, (market,)))
    assert said in text
    assert "rest on primary" not in text


def test_many_rules_of_one_law_that_change_on_one_day_are_one_line() -> None:
    base = samples.bavaria()
    change = base.upcoming[0]
    many = tuple(change._replace(rule=f"eu.rule-{n}") for n in range(5))
    text = terminal.render(Report(samples.report().receipt, {"name": "x"}, (base._replace(upcoming=many),)))
    assert "5 rules of (EU) 2027/1 start" in text


def test_a_gap_without_a_remedy_and_a_home_that_waits_for_nothing() -> None:
    market = samples.bavaria()._replace(
        findings=(samples.gap("de.x", remedy=None),),
        home="CN",
        home_outcome=Outcome.OPEN,
        home_findings=(samples.finding("cn.export", layer="home"),),
    )
    text = terminal.render(samples.report(market))
    blocks = text.split("What stands in the way (1)")[1].split("Leaving home")[0]
    assert "Title of de.x" in blocks
    assert "->" not in blocks
    assert "no way to cure" not in blocks
    assert "Leaving home, export duties of CN: open\n" in text
    assert "not decided" not in text
