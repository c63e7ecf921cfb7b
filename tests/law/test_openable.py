# SPDX-License-Identifier: Apache-2.0
"""All rules of a market can be obeyed together: how far each market opens for ordinary lawful operations.

`openable.yaml` holds what is reached and what then still stands. A rule there that an ordinary operation could meet, or
two that contradict each other, are a fault of the packs; a ban is the law. `make openable` writes it anew and tries
every market for what no silence may decide; here a share of the markets is tried.
"""

from __future__ import annotations

import pytest
from tests.law.opening import OPERATIONS, RESULTS, expected, losses, open_up

import carnet
from carnet.source import read_source

LAW = carnet.load_law()
KNOWN = read_source(RESULTS).data


def test_every_market_is_known() -> None:
    assert {operation: sorted(KNOWN[operation]) for operation in OPERATIONS} == dict.fromkeys(
        OPERATIONS, sorted(LAW.markets())
    )


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("market", LAW.markets())
def test_the_market_opens_as_far_as_known(market: str, operation: str) -> None:
    found, known = expected(open_up(LAW, market, operation)), KNOWN[operation][market]
    found.pop("why", None)
    assert found == {key: value for key, value in known.items() if key != "why"}


@pytest.mark.parametrize("market", LAW.markets())
def test_a_plain_car_with_driver_assistance_can_be_sold_everywhere(market: str) -> None:
    assert KNOWN["l2-export"][market] == {"outcome": "open"}


@pytest.mark.parametrize("at", range(len(OPERATIONS)))
def test_silence_decides_nothing(at: int) -> None:
    for market in LAW.markets()[at :: 3 * len(OPERATIONS)]:
        opened = open_up(LAW, market, OPERATIONS[at])
        assert list(losses(LAW, market, opened)) == [], market
