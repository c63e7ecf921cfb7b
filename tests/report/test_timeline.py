# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import datetime as dt
import json
from typing import Any

import icalendar
import pytest
import report_samples as samples

import carnet
from carnet.assess.check import check
from carnet.assess.model import Outcome, Status
from carnet.report.timeline import Band, Reason, Timeline, Turn, html, ical, json as timeline_json, terminal, timeline
from carnet.report.timeline.days import profile_events
from carnet.report.timeline.words import reason_words

START, UNTIL = dt.date(2027, 1, 1), dt.date(2029, 12, 31)
PROFILE = """
name: Atlas, the saloon
vehicle: {category: M1, seats: 5, condition: new}
automation: {sae_level: 3, max_speed_kmh: 95}
operation: {phase: commercial, service: private_car, driver_on_board: true}
approvals:
  UN-R157: {held: true, valid_until: 2028-02-28}
complete: [approvals]
"""


def sample() -> Timeline:
    """Undetermined, then conditional, then closed when an approval lapses; a second market stands still."""
    turns = (
        Turn(
            dt.date(2027, 7, 1),
            Outcome.UNDETERMINED,
            Outcome.CONDITIONAL,
            (Reason("starts", "Report, yearly; in full", "de.report", "StVG § 1", None, Status.GAP, "major"),),
        ),
        Turn(dt.date(2028, 2, 29), Outcome.CONDITIONAL, Outcome.CLOSED, (Reason("approval_expires", "UN-R157"),)),
    )
    bands = (
        Band("DE-BY", "Bavaria", START, UNTIL, Outcome.UNDETERMINED, turns, ("New law",)),
        Band("JP", "Japan", START, UNTIL, Outcome.OPEN, (), ()),
    )
    return Timeline("Atlas, the saloon", START, UNTIL, bands, samples.report().receipt)


@pytest.fixture(scope="module")
def law() -> Any:
    return carnet.load_law()


@pytest.fixture(scope="module")
def real(law: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("profile") / "atlas.yaml"
    path.write_text(PROFILE, encoding="utf-8")
    profile = law.profile(path)
    return profile, timeline(law, profile, ["DE", "JP"], START, UNTIL)


def test_spans_cover_the_time_without_holes() -> None:
    assert sample().bands[0].spans() == [
        (START, dt.date(2027, 7, 1), Outcome.UNDETERMINED),
        (dt.date(2027, 7, 1), dt.date(2028, 2, 29), Outcome.CONDITIONAL),
        (dt.date(2028, 2, 29), dt.date(2030, 1, 1), Outcome.CLOSED),
    ]


def test_an_approval_that_lapses_is_named_on_the_first_day_without_it(real: Any) -> None:
    germany = real[1].bands[0]
    turn = next(turn for turn in germany.turns if turn.day == dt.date(2028, 2, 29))
    kind, title = turn.reasons[0].kind, turn.reasons[0].title
    assert kind == "approval_expires"
    assert title.startswith("UN R157")
    assert title.endswith(" (UN-R157)")
    assert any(reason.after is Status.GAP for reason in turn.reasons[1:])


def test_law_that_starts_is_named(real: Any) -> None:
    reasons = [reason for band in real[1].bands for turn in band.turns for reason in turn.reasons]
    assert any(reason.kind == "starts" and reason.rule for reason in reasons)


@pytest.mark.parametrize("day", [dt.date(2027, 3, 3), dt.date(2028, 2, 28), dt.date(2028, 2, 29), dt.date(2029, 7, 9)])
def test_the_band_says_what_a_check_of_that_day_says(law: Any, real: Any, day: dt.date) -> None:
    profile, line = real
    for band, market in zip(line.bands, check(law, profile, ["DE", "JP"], day), strict=True):
        assert next(outcome for start, end, outcome in band.spans() if start <= day < end) is market.outcome


def test_the_terminal_draws_a_letter_per_month() -> None:
    lines = terminal.render(sample(), width=80).splitlines()
    assert f"DE-BY  Bavaria  {'?' * 6}{'c' * 7}{'x' * 23}" in lines
    assert "  2028-02-29  conditional -> closed" in lines
    assert "Nothing changes in JP." in lines
    assert max(map(len, lines)) <= 80


def test_json_tells_spans_and_turns() -> None:
    data = json.loads(timeline_json.render(sample()))
    assert data["markets"][0]["spans"][1] == {"from": "2027-07-01", "until": "2028-02-28", "outcome": "conditional"}
    assert data["markets"][0]["turns"][0]["reasons"][0]["after"] == "gap"


def test_an_independent_reader_accepts_the_calendar() -> None:
    text = ical.render(sample())
    events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert [event.decoded("dtstart") for event in events] == [dt.date(2027, 7, 1), dt.date(2028, 2, 29)]
    assert str(events[0]["summary"]) == "Bavaria (DE-BY): undetermined -> conditional"
    assert str(events[0]["description"]) == "Report, yearly; in full (StVG § 1) starts; a gap, major"
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert len({str(event["uid"]) for event in events}) == 2


def test_the_page_draws_a_band_per_market() -> None:
    page = html.render(sample())
    assert page.count('class="band"') == 2
    assert "2028-02-29: Closed" in page


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason("approval_begins", "UN-R157"), "approval UN-R157 begins"),
        (Reason("waiver_expires", "de.x"), "the waiver of de.x ends"),
        (Reason("ends", "Report", "de.x", "StVG § 1", Status.UNDETERMINED), "Report (StVG § 1) ends; it was not known"),
        (Reason("ends", "Report", "de.x"), "Report ends; it was a gap"),
        (Reason("changes", "Report", "de.x", "", None, Status.COMPLIANT, "major"), "Report changes; met, major"),
    ],
)
def test_a_reason_in_words(reason: Reason, words: str) -> None:
    assert reason_words(reason) == words


def test_a_long_list_of_reasons_is_cut_unless_all_is_asked_for() -> None:
    reasons = tuple(Reason("approval_expires", f"P-{n}") for n in range(8))
    turn = Turn(dt.date(2028, 1, 1), Outcome.CLOSED, Outcome.CLOSED, reasons)
    band = Band("JP", "Japan", START, UNTIL, Outcome.CLOSED, (turn,), ())
    line = Timeline("Atlas", START, UNTIL, (band,), samples.report().receipt)
    short, long = terminal.render(line), terminal.render(line, verbose=True)
    assert "  2028-01-01  still closed\n" in short
    assert short.count("is no longer valid") == 6
    assert "and 2 more; -v shows all" in short
    assert long.count("is no longer valid") == 8


def test_years_are_named_where_there_is_room() -> None:
    """A century on a line of 80 columns: a letter for several months, and years that would collide are left out."""
    band = Band("JP", "Japan", START, dt.date(2126, 12, 31), Outcome.OPEN, (), ())
    years, letters = terminal.render(Timeline("A", START, band.until, (band,), samples.report().receipt)).splitlines()[
        2:4
    ]
    assert len(letters) <= 80
    assert set(letters.split()[-1]) == {"o"}
    assert years.split() == []


def test_a_profiles_own_papers_and_the_days_they_change(law: Any, tmp_path: Any) -> None:
    """The first day with an approval, and the first without it; waivers too, and nothing outside the line."""
    path = tmp_path / "papers.yaml"
    path.write_text(
        """
name: Papers
operation: {start_date: 2028-05-01}
approvals:
  UN-R157: {held: true, granted_on: 2027-03-01, valid_until: 2028-02-28}
  UN-R155: {held: true, granted_on: 2020-01-01, valid_until: 2040-01-01}
waivers: [{rule: de.l3.six-capabilities, reason: soon, by: the board, until: 2027-12-31}]
""",
        encoding="utf-8",
    )
    assert profile_events(law.profile(path), START, UNTIL) == {
        dt.date(2027, 3, 1): [("approval_begins", "UN-R157", "")],
        dt.date(2028, 1, 1): [("waiver_expires", "de.l3.six-capabilities", "de.l3.six-capabilities")],
        dt.date(2028, 2, 29): [("approval_expires", "UN-R157", "")],
    }


def test_progress_is_told_day_by_day(law: Any, real: Any) -> None:
    told: list[str] = []
    until = dt.date(2027, 3, 31)
    line = timeline(law, real[0], ["JP"], START, until, progress=told.append)
    assert told[0] == str(START)
    assert told == sorted(set(told))
    assert {str(turn.day) for turn in line.bands[0].turns} <= set(told)
