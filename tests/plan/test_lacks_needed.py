# SPDX-License-Identifier: Apache-2.0
"""Of a market's lacks none can be left out: without what closes one, some rule that it closes stays unmet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import pytest

import carnet
from carnet.assess.lacks import Lack, Work
from carnet.assess.model import MarketAssessment, Status

DAY = dt.date(2027, 1, 1)
LAW = carnet.load_law()
ROBOTAXI = LAW.profile(Path(__file__).resolve().parents[2] / "examples" / "robotaxi-munich.yaml")


def closed_by(lacks: Iterable[Lack], market: str) -> MarketAssessment:
    """The market with these lacks closed; a change of None takes a declaration back."""
    profile = ROBOTAXI
    for lack in lacks:
        for change in lack.changes:
            profile = profile.with_set({change.path: change.value}, market=market, feature=change.feature or None)
    return LAW.check(profile, market, DAY, "native").market(market)


@pytest.mark.parametrize("market", ["DE-BY", "GB"])
def test_each_lack_is_needed_and_all_together_close_every_gap(market: str) -> None:
    lacks = [lack for lack in LAW.check(ROBOTAXI, market, DAY, "native").market(market).lacks if lack.changes]
    assert lacks
    done = closed_by(lacks, market)
    assert not [lack.id for lack in done.lacks if lack.work is not Work.BAR and lack.blocking]
    for left_out in lacks:
        after = closed_by((lack for lack in lacks if lack is not left_out), market)
        unmet = {f.rule for f in after.findings if f.status in (Status.GAP, Status.UNDETERMINED)}
        assert unmet & set(left_out.closes), left_out.id
