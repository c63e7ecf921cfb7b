# SPDX-License-Identifier: Apache-2.0
"""The fleet run gives every profile the outcome, route, counts and blocking rules that `carnet check` gives it."""

from __future__ import annotations

import datetime as dt
import shutil
from itertools import product
from pathlib import Path

import pytest
from native_results import compare, own_result, read_rows
from random_profiles import random_table

from carnet.api import Law
from carnet.fleet.block import Kernel
from carnet.fleet.facts import Declared, FactColumns
from carnet.fleet.layout import Layout

TODAY = dt.date(2026, 11, 22)
SPEED = "automation.max_speed_kmh"


def assess(law, table, markets, **options):
    layout = Layout(table.schema, law, markets, options.get("complete", ()))
    [batch] = table.combine_chunks().to_batches()
    as_of = (options["as_of"],) if "as_of" in options else ()
    outcome = Kernel(law, layout, markets, as_of, TODAY).run(batch, 1)
    assert not outcome.rejects
    return [row for part in outcome.results for row in part.to_pylist()]


def test_random_profiles_on_every_market(law):
    books = [law.rulebook(code, TODAY) for code in law.markets()]
    table = random_table(law, books, 4, seed=1)
    results = assess(law, table, law.markets(), as_of=TODAY)
    assert len(results) == 4 * len(law.markets())
    assert compare(law, read_rows(law, table), results) == []


@pytest.mark.parametrize("rows", [0, 1, 7, 8, 9, 64, 65])
def test_any_number_of_rows(law, rows):
    books = [law.rulebook("DE", TODAY)]
    table = random_table(law, books, rows, seed=rows)
    results = assess(law, table, ("DE",), as_of=TODAY) if rows else []
    assert compare(law, read_rows(law, table), results) == []


def test_days_by_row(law):
    """Each row has its own day: the column `as_of`, else when its operation starts, else today."""
    import pyarrow as pa

    books = [law.rulebook(code, TODAY) for code in ("DE", "JP")]
    table = random_table(law, books, 30, seed=4)
    own = pa.array([dt.date(2022, 1, 1), None, None] * 10)
    start = pa.array([dt.date(2028, 1, 1), dt.date(2024, 5, 1), None] * 10)
    table = table.append_column("as_of", own).append_column("operation.start_date", start)
    results = assess(law, table, ("DE", "JP"))
    assert {row["as_of"] for row in results} == {dt.date(2022, 1, 1), dt.date(2024, 5, 1), TODAY}
    assert compare(law, read_rows(law, table), results) == []


def test_nothing_declared(law):
    import pyarrow as pa

    results = assess(law, pa.table({"profile": ["bare"]}), law.markets(), as_of=TODAY)
    assert compare(law, {"bare": {}}, results) == []


@pytest.mark.parametrize("complete", [("hmi", "approvals", "behaviour"), ("operation", "cyber")])
def test_nothing_declared_in_complete_sections(law, complete):
    """What is no, or none, because its section is complete, although the table has no column for it."""
    import pyarrow as pa

    results = assess(law, pa.table({"profile": ["bare"]}), law.markets(), as_of=TODAY, complete=complete)
    assert compare(law, {"bare": {"complete": list(complete)}}, results) == []


RECOGNISED = """\
derivations:
  - {fact: derived.permitted, type: bool, title: Permitted, when: {approvals.CC-PERMIT.held: true}}
  - {fact: derived.faster, type: bool, title: F, when: {derived.permitted: true, automation.max_speed_kmh: {gt: 60}}}
"""
RULE = """\
rules:
  - id: cc.slow
    title: Nobody with a permit drives fast
    topic: traffic_law
    cites: [{instrument: cc.act, provision: § 1}]
    confidence: primary
    duty_holder: operator
    severity: blocking
    requires: {not: {derived.faster: true}, derived.permitted: true}
"""


def test_approvals_recognised_behind_derived_facts(tmp_path):
    import pyarrow as pa

    small = Path(__file__).parents[1] / "assess" / "law"
    shutil.copytree(small, tmp_path / "law")
    (tmp_path / "law/rules/more.yaml").write_text(RECOGNISED)
    (tmp_path / "law/jurisdictions/CC/more.yaml").write_text(RULE)
    law = Law.open([tmp_path / "law"])
    held = [True, False, None]
    rows = [
        {"profile": f"{a} {b} {v}", "approvals.CC-PERMIT.held": a, "approvals.DD-PERMIT.held": b, SPEED: v}
        for a, b, v in product(held, held, (50.0, 70.0, None))
    ]
    table = pa.Table.from_pylist(rows)
    results = assess(law, table, ("CC", "CC-X", "DD"), as_of=law.as_of)
    assert compare(law, read_rows(law, table), results) == []
    assert {row["profile"] for row in results if "cc.slow" in row["blocking"] and row["market"] == "CC"} == {
        row["profile"] for row in rows if _breaks(*list(row.values())[1:])
    }


def _breaks(own, other, speed):
    """The rule above, by hand: while one of the two is not known, it may be held."""
    return speed == 70.0 if own or other else own is False and other is False


def test_columns_are_a_mapping_of_what_is_declared(law):
    import pyarrow as pa

    arrays = {"automation.sae_level": pa.array([4]), "odd.rain": pa.array([True])}
    columns = FactColumns(Declared(1, {("", ""): arrays}, {}), [("", "")], TODAY, law.vocabulary)
    assert (len(columns), list(columns)) == (2, list(arrays))


def test_complete_sections_and_overlays(law):
    import pyarrow as pa

    books = [law.rulebook(code, TODAY) for code in ("DE", "FR", "AT")]
    table = random_table(law, books, 25, seed=9)
    held = next(name for name in table.column_names if name.endswith(".held"))
    overlays = {
        "in.DE.odd.max_speed_kmh": pa.array([None, 130.0] * 13)[:25],
        "in.EU.hmi.languages": pa.array([None, ["de"], []] * 9)[:25],
        f"in.FR.{held}": pa.array([True, False, None] * 9)[:25],
        "complete": pa.array([["approvals"], None, ["behaviour", "operation.remote"]] * 9)[:25],
    }
    for name, column in overlays.items():
        table = table.append_column(name, column)
    results = assess(law, table, ("DE", "FR", "AT"), as_of=TODAY, complete=("cyber",))
    assert compare(law, read_rows(law, table, complete=("cyber",)), results) == []


def test_approvals_lapse_and_are_implied(law):
    import pyarrow as pa

    table = pa.table(
        {
            "profile": ["lapsed", "future", "valid", "implied", "none"],
            "approvals.UN-R157.held": pa.array([True, True, True, None, False]),
            "approvals.UN-R157.valid_until": pa.array([dt.date(2026, 1, 1), None, dt.date(2027, 1, 1), None, None]),
            "approvals.UN-R157.granted_on": pa.array([None, dt.date(2027, 1, 1), TODAY, None, None]),
            "approvals.UN-R157.series": pa.array([None, None, None, 1, None], pa.int64()),
        }
    )
    results = assess(law, table, ("DE",), as_of=TODAY)
    assert compare(law, read_rows(law, table), results) == []


def test_the_comparison_can_fail(law):
    """A guard on the guard."""
    result = own_result(law, {}, "DE", TODAY) | {"profile": "x"}
    assert compare(law, {"x": {}}, [result]) == []
    assert compare(law, {"x": {}}, [result | {"gap": 99}])
