# SPDX-License-Identifier: Apache-2.0
"""A fleet counts what is expected as a check does, row by row."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from carnet.assess.check import check
from carnet.declare.profile import Profile
from carnet.fleet.block import Kernel
from carnet.fleet.layout import Layout

DAY = dt.date(2027, 3, 1)
ROWS = [
    {"state": "applied", "expected_on": DAY, "granted_on": None},
    {"state": "applied", "expected_on": DAY + dt.timedelta(days=1), "granted_on": None},
    {"state": "planned", "expected_on": DAY, "granted_on": None},
    {"state": "refused", "expected_on": DAY, "granted_on": None},
    {"state": "held", "expected_on": None, "granted_on": DAY},
    {"state": "applied", "expected_on": None, "granted_on": None},
    {"state": None, "expected_on": None, "granted_on": None},
]


@pytest.mark.parametrize("expecting", [False, True])
def test_as_in_a_check(law, expecting):
    car = {"automation.sae_level": 2, "vehicle.category": "M1", "operation.phase": "commercial"}
    car |= {"operation.service": "private_car", "operation.driver_on_board": True}
    rows = [{**car, **{f"approvals.EU-WVTA.{name}": value for name, value in row.items()}} for row in ROWS]
    kinds = {"state": pa.string(), "expected_on": pa.date32(), "granted_on": pa.date32()}
    columns = {name: pa.array([row[name] for row in rows]) for name in car}
    columns |= {
        f"approvals.EU-WVTA.{name}": pa.array([row[name] for row in ROWS], kind) for name, kind in kinds.items()
    }
    table = pa.table({"profile": [str(number) for number in range(len(rows))], **columns})
    [batch] = table.combine_chunks().to_batches()
    kernel = Kernel(law, Layout(table.schema, law, ("DE",), ("approvals",)), ("DE",), (DAY,), DAY, expecting=expecting)
    outcome = kernel.run(batch, 1)
    assert not outcome.rejects
    found = [row for part in outcome.results for row in part.to_pylist()]
    known = {"approvals": law.approvals, "jurisdictions": law.codes}
    for row, result in zip(rows, found, strict=True):
        said = {name: value for name, value in row.items() if value is not None}
        declared = Profile.from_dict({**said, "complete": ["approvals"]}, law.vocabulary, **known)
        own = check(law, declared.with_expected() if expecting else declared, ("DE",), DAY, "native").market("DE")
        assert (result["outcome"], result["gap"]) == (str(own.outcome), own.counts["gap"])
    missing = ["eu.wvta.route" in result["blocking"] for result in found]
    assert missing == [
        not (row["state"] == "held" or (expecting and number in (0, 2))) for number, row in enumerate(ROWS)
    ]
