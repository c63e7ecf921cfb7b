# SPDX-License-Identifier: Apache-2.0
"""No market is barred without a reason that every format can show."""

from __future__ import annotations

from pathlib import Path

import pytest

from carnet import Profile, load_law
from carnet.assess.model import Outcome, Status
from carnet.law.model import Severity
from carnet.report import select

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_a_barred_market_has_a_blocking_gap_or_a_closure_in_words(file: Path) -> None:
    law = load_law()
    for market in law.check(Profile.from_file(file), law.markets()):
        if market.outcome in (Outcome.CLOSED, Outcome.PROHIBITED):
            gaps = [f for f in select.counted(market, Status.GAP) if f.severity is Severity.BLOCKING]
            closures = select.closures(market)
            assert gaps or closures, market.market
            assert all(closure.text for closure in closures), market.market
