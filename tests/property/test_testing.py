# SPDX-License-Identifier: Apache-2.0
"""`test_only` is what the same profile gets that says it tests: of one profile and of a table."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import pytest

pytest.importorskip("pyarrow")
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import pyarrow as pa
from native_results import read_rows
from random_profiles import random_table

import carnet
from carnet.fleet.block import Kernel
from carnet.fleet.layout import Layout

DAY = dt.date(2026, 11, 22)
MARKETS = ("DE-BY", "JP", "US-CA", "AE-DU", "SG")
PHASE = "operation.phase"
LAWFUL = {"open", "conditional", "test_only"}


@pytest.fixture(scope="module")
def law():
    return carnet.load_law()


def outcomes(law, table):
    [batch] = table.combine_chunks().to_batches()
    found = Kernel(law, Layout(table.schema, law, MARKETS), MARKETS, (DAY,), DAY).run(batch, 1)
    rows = (row for part in found.results for row in part.to_pylist())
    return {(row["profile"], row["market"]): row["outcome"] for row in rows}


@pytest.mark.parametrize("seed", [1, 2])
def test_test_only_is_what_a_test_gets(law, seed):
    table = random_table(law, [law.rulebook(code, DAY) for code in MARKETS], 12, seed=seed)
    at = table.schema.get_field_index(PHASE)
    phases = pa.array(["commercial"] * table.num_rows), pa.array(["testing"] * table.num_rows)
    if at >= 0:
        served, tested = (table.set_column(at, PHASE, phase) for phase in phases)
    else:
        served, tested = (table.append_column(PHASE, phase) for phase in phases)
    declared, testing = outcomes(law, served), outcomes(law, tested)
    for key, outcome in declared.items():
        assert (outcome == "test_only") <= (testing[key] in LAWFUL), key
        assert (outcome in ("closed", "prohibited")) <= (testing[key] not in LAWFUL), key
    known = {"approvals": law.approvals, "jurisdictions": law.codes}
    rows = list(read_rows(law, served).items())[:4]
    for name, facts in rows:
        for market in MARKETS[:2]:
            profiles = (
                carnet.Profile.from_dict({**facts, PHASE: phase}, law.vocabulary, name=name, **known)
                for phase in ("commercial", "testing")
            )
            one, other = (law.check(profile, [market], DAY, "native").market(market).outcome for profile in profiles)
            assert (one, other) == (declared[name, market], testing[name, market])
