# SPDX-License-Identifier: Apache-2.0
"""What a condition asks once derived facts are written out."""

from __future__ import annotations

import pytest

from carnet.logic.condition import AllOf, AnyOf, AtLeast, Compare, Condition, Constant, Not
from carnet.logic.program import Derived
from carnet.plan.expand import without_derived

LEVEL = Compare("automation.sae_level", "gte", Constant(4))
ALONE = Compare("operation.driver_on_board", "eq", Constant(False))
RAIN = Compare("odd.rain", "eq", Constant(True))
BOTH = AllOf((LEVEL, ALONE))
DRIVERLESS = Compare("derived.driverless", "eq", Constant(True))
SOURCES = {
    "derived.driverless": Derived("derived.driverless", BOTH, None),
    "derived.range_m": Derived("derived.range_m", None, None),
}


@pytest.mark.parametrize(
    ("condition", "written_out"),
    [
        (DRIVERLESS, BOTH),
        (DRIVERLESS._replace(operand=Constant(False)), Not(BOTH)),
        (DRIVERLESS._replace(op="ne"), Not(BOTH)),
        (DRIVERLESS._replace(op="declared"), DRIVERLESS._replace(op="declared")),
        (Not(DRIVERLESS), Not(BOTH)),
        (AllOf((DRIVERLESS, RAIN)), AllOf((BOTH, RAIN))),
        (AnyOf((DRIVERLESS, RAIN)), AnyOf((BOTH, RAIN))),
        (AtLeast(2, (DRIVERLESS, RAIN)), AtLeast(2, (BOTH, RAIN))),
        (Compare("derived.range_m", "gte", Constant(50)), Compare("derived.range_m", "gte", Constant(50))),
    ],
)
def test_derived_truths_are_written_out(condition: Condition, written_out: Condition) -> None:
    assert without_derived(condition, SOURCES) == written_out
