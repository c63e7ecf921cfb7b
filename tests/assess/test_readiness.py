# SPDX-License-Identifier: Apache-2.0
"""Markets are ranked by what they cost; a thinly known one never above a well known one of the same verdict."""

from __future__ import annotations

from hypothesis import given, strategies as st

import carnet
from carnet.assess.lacks import Lack, Work
from carnet.assess.model import Outcome
from carnet.law.known import Known, Level
from carnet.law.model import Severity
from carnet.plan.readiness import OPEN, Readiness, outlook, ranked, readiness
from carnet.report.compare import words


def lack(work: Work, number: int) -> Lack:
    return Lack(f"{work}:{number}", work, "t", Severity.BLOCKING, (), (), (), "operator", None)


@st.composite
def rows(draw: st.DrawFn) -> list[Readiness]:
    made = []
    for place in range(draw(st.integers(1, 8))):
        outcome = draw(st.sampled_from(Outcome))
        early = draw(st.integers(0, 60))
        weeks = (0, 0) if outcome in OPEN else (early, early + draw(st.integers(0, 90)))
        known = weeks if outcome in (*OPEN, Outcome.CLOSED) else None
        lacks = tuple(lack(draw(st.sampled_from(list(Work)[1:])), n) for n in range(draw(st.integers(0, 3))))
        level = draw(st.sampled_from(Level))
        made.append(Readiness(f"M{place}", "", outcome, Known(level, {"data": "encoded"}), lacks, 0, known, 0, ()))
    return made


@given(rows())
def test_thin_law_never_ranks_above_well_known_law_of_the_same_verdict(given_rows: list[Readiness]) -> None:
    found = ranked(given_rows)
    assert sorted(row.market for row in found) == sorted(row.market for row in given_rows)
    for place, row in enumerate(found):
        for other in found[:place]:
            if other.outcome is row.outcome and row.known.level is Level.WELL:
                assert other.known.level is not Level.THINLY
            if row.weeks and other.weeks and {row.known.level, other.known.level} == {Level.WELL}:
                assert other.weeks[1] <= row.weeks[1]
    reached = [row.weeks is not None for row in found]
    assert reached == sorted(reached, reverse=True)


def test_the_bundled_law_by_distance() -> None:
    law = carnet.load_law()
    report = law.check(carnet.Profile.from_file("examples/suv-l2.yaml"), ["US", "DE", "FR", "HK", "KE", "DE-BY"])
    made = outlook(report.markets, law)
    by_market = {row.market: row for row in made.rows}
    assert by_market["US"].is_barred
    assert words.distance(by_market["US"]) == "no way in"
    assert made.rows[-1].market == "US"
    assert made.rows[0].market == "HK"
    assert ("DE", "FR", "DE-BY") in made.twins or ("DE", "DE-BY", "FR") in made.twins
    assert not {"DE", "DE-BY"} <= {row.market for row in made.next}, "one lies within the other"
    decisive = ["us.icts.in-short", "us.tariff.section-301-ev", "us.tariff.section-232-autos"]
    assert [note.id for note in by_market["US"].decisive] == decisive


def test_prerequisites_come_one_after_the_other() -> None:
    law = carnet.load_law()
    profile = carnet.Profile.from_file("examples/robotaxi-munich.yaml")
    market = law.check(profile, ["DE-BY"]).market("DE-BY")
    found = readiness(market, law)
    alone = [lack.weeks or (0, 0) for lack in found.blocking]
    assert found.weeks is not None
    assert found.weeks[1] >= max(weeks[1] for weeks in alone)
