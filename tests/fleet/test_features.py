# SPDX-License-Identifier: Apache-2.0
"""Features, waivers and the home layer in a table: the results are those of `carnet check`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from native_results import compare, own_report, read_rows
from random_profiles import random_table

from carnet.declare.profile import Profile
from carnet.fleet.block import Kernel
from carnet.fleet.layout import Layout

EXAMPLES = Path(__file__).parents[2] / "examples"
TODAY = dt.date(2026, 11, 22)
COMPANY = ("profile", "organisation.home_country", "organisation.roles", "commercial.entry_mode")
PILOT, CITY = "motorway-pilot", "city-assist"


def run(law, table, markets, as_of=(TODAY,), findings=False, base=None):
    layout = Layout(table.schema, law, markets, base=base)
    [batch] = table.combine_chunks().to_batches()
    outcome = Kernel(law, layout, markets, as_of, TODAY, findings).run(batch, 1)
    assert not outcome.rejects
    return outcome


def rows_of(batches):
    return [row for batch in batches for row in batch.to_pylist()]


def with_features(law, markets, rows, seed, share):
    """A random table in which each feature overrides some of the facts, each in some of the rows."""
    books = [law.rulebook(code, TODAY) for code in markets]
    table = random_table(law, books, rows, seed=seed)
    rng = np.random.default_rng(seed)
    names = [name for name in table.column_names if name not in COMPANY]
    for number, feature in enumerate((PILOT, CITY)):
        other = random_table(law, books, rows, seed=seed + 100 + number)
        has = pa.array(rng.random(rows) < 0.75)
        for name in rng.permutation(names)[: int(share * len(names))]:
            column = other[name].combine_chunks()
            place = f"features.{feature}." + ("in.EU." if rng.random() < 0.2 else "") + name
            table = table.append_column(place, pa.compute.if_else(has, column, pa.scalar(None, column.type)))
    return table


@pytest.mark.parametrize(("seed", "share"), [(21, 0.02), (22, 0.3)])
def test_features_of_random_profiles(law, seed, share):
    markets = ("DE", "JP", "AE-DU", "US-CA", "CN")
    table = with_features(law, markets, 24, seed, share)
    outcome = run(law, table, markets)
    assert compare(law, read_rows(law, table), rows_of(outcome.results)) == []


def test_findings_name_the_feature_only_where_features_differ(law):
    table = with_features(law, ("DE", "AE-DU"), 12, 7, 0.05)
    rows = read_rows(law, table)
    found = rows_of(run(law, table, ("DE", "AE-DU"), findings=True).findings)
    for market in ("DE", "AE-DU"):
        for name, data in rows.items():
            report = own_report(law, data, market, TODAY)
            wanted = {(f.rule, str(f.status), f.feature or None) for f in (*report.gaps, *report.undetermined)}
            mine = [row for row in found if (row["profile"], row["market"]) == (name, market)]
            assert {(row["rule"], row["status"], row["feature"]) for row in mine} == wanted
            assert len(mine) == len(wanted)


def test_duties_of_the_home_country(law):
    markets = ("DE", "CN", "CN-SH", "JP")
    table = random_table(law, [law.rulebook("CN", TODAY, home=True), law.rulebook("DE", TODAY)], 20, seed=5)
    at = table.column_names.index("organisation.home_country")
    table = table.set_column(at, "organisation.home_country", pa.array(["CN", "DE", None, "JP"] * 5))
    overlay = pa.array([None, "CN"] * 10)
    table = table.append_column("in.DE.organisation.home_country", overlay)
    outcome = run(law, table, markets, findings=True)
    results = rows_of(outcome.results)
    assert compare(law, read_rows(law, table), results) == []
    assert {(row["market"], row["home"]) for row in results} >= {("DE", "CN"), ("CN", None), ("JP", None)}
    home = [row for row in rows_of(outcome.findings) if row["layer"] == "home"]
    blocking = [row for row in home if (row["status"], row["severity"]) == ("gap", "blocking")]
    assert blocking
    assert len(blocking) == sum(len(row["home_blocking"] or ()) for row in results)


def test_waivers(law):
    table = random_table(law, [law.rulebook("DE", TODAY)], 8, seed=3)
    plain = rows_of(run(law, table, ("DE",)).results)
    gaps = [row["blocking"] for row in plain]
    said = {"reason": "exempted for the trial", "by": "head of homologation"}
    until = [{gaps[row][0]: TODAY + dt.timedelta(days=row % 3 - 1)} | {gaps[row][-1]: TODAY} for row in range(8)]
    waivers = [[{"rule": rule, "until": day, **said} for rule, day in row.items()] for row in until]
    table = table.append_column("waivers", pa.array(waivers))
    outcome = run(law, table, ("DE",), findings=True)
    results = rows_of(outcome.results)
    assert compare(law, read_rows(law, table), results) == []
    assert [row["blocking"] for row in results] == gaps
    assert {len(row["waived"]) for row in results} >= {1, 2}
    found = rows_of(outcome.findings)
    assert sum(row["is_waived"] for row in found) == sum(len(row["waived"]) for row in results)


def test_days_where_operation_starts(law):
    """Operation may start on different days in different markets."""
    table = random_table(law, [law.rulebook(code, TODAY) for code in ("DE", "FR")], 9, seed=4)
    starts = {
        "operation.start_date": [dt.date(2024, 5, 1), None, dt.date(2028, 1, 1)] * 3,
        "in.DE.operation.start_date": [None, None, dt.date(2027, 1, 1)] * 3,
        "in.EU.operation.start_date": [None, dt.date(2025, 1, 1), None] * 3,
    }
    table = table.drop_columns([name for name in starts if name in table.column_names])
    for name, days in starts.items():
        table = table.append_column(name, pa.array(days))
    rows = read_rows(law, table)
    results = rows_of(run(law, table, ("DE", "FR", "JP"), as_of=()).results)
    assert len(results) == 27
    for row in results:
        assert row["as_of"] == own_report(law, rows[row["profile"]], row["market"], None).as_of or TODAY
    assert compare(law, rows, results) == []


def test_several_days(law):
    table = random_table(law, [law.rulebook("DE", TODAY)], 5, seed=4)
    days = (dt.date(2025, 1, 1), TODAY)
    results = rows_of(run(law, table, ("DE", "JP"), as_of=days).results)
    assert {(row["market"], row["as_of"]) for row in results} == {(code, day) for code in ("DE", "JP") for day in days}
    assert compare(law, read_rows(law, table), results) == []


def laid_over(base, row):
    """A profile's data with a row's over it."""
    both = {**base, **row}
    for key in ("features", "in"):
        mine, other = base.get(key, {}), row.get(key, {})
        layers = {name: laid_over(mine.get(name, {}), other.get(name, {})) for name in (*mine, *other)}
        both |= {key: layers} if layers else {}
    if "complete" in both:
        both["complete"] = [*dict.fromkeys((*base.get("complete", ()), *row.get("complete", ())))]
    return both


def test_a_profile_under_the_rows(law):
    base = Profile.from_file(EXAMPLES / "sedan-l3.yaml", law.vocabulary)
    waiver = {"rule": "fr.liability.insurance", "reason": "under way", "by": "me", "until": TODAY}
    base = Profile.from_dict({**base.to_dict(), "waivers": [waiver]}, law.vocabulary)
    markets = ("DE", "FR", "JP", "AE-DU")
    table = pa.table(
        {
            "profile": ["as it is", "fast", "for Japan", "with a third"],
            "odd.road_types": pa.array([None, ["motorway"], None, []]),
            "organisation.home_country": [None, "CN", None, None],
            "operation.phase": pa.array([None, None, "pilot", "testing"]).dictionary_encode(),
            "features.motorway-pilot.automation.max_speed_kmh": [None, 130.0, None, None],
            "features.motorway-pilot.approvals.UN-R157.series": [None, None, 1, None],
            "features.third.automation.sae_level": [None, None, None, 4],
            "in.AE.hmi.languages": [None, None, None, ["ar"]],
            "in.JP.odd.max_speed_kmh": [None, None, 100, None],
            "complete": pa.array([None, ["cyber"], None, None]),
            "waivers": pa.array([None, None, [{**waiver, "until": dt.date(2020, 1, 1)}], None]),
        }
    )
    alone = rows_of(run(law, table.select(["profile"]), ("FR",), base=base).results)
    assert {tuple(row["waived"]) for row in alone} == {("fr.liability.insurance",)}
    results = rows_of(run(law, table, markets, base=base).results)
    data = base.to_dict()
    rows = {name: laid_over(data, row) for name, row in read_rows(law, table).items()}
    assert compare(law, rows, results) == []
    assert {row["home"] for row in results} == {"CN", None}
    waived = [row["profile"] for row in results if row["waived"]]
    assert waived == ["as it is", "fast", "with a third"]


def test_what_nearer_layers_take_back(law):
    """`none` takes back the fields of an approval that a wider layer declares; so does an empty fact of the base."""
    data = {
        "approvals": {"UN-R157": {"held": True, "series": 1, "max_speed_kmh": 95}, "UN-R155": "none"},
        "odd.max_speed_kmh": 95,
        "in": {"JP": {"approvals": {"UN-R157": "none"}, "odd.max_speed_kmh": None}},
    }
    known = {"approvals": frozenset(law.approvals), "jurisdictions": frozenset(law.codes)}
    base = Profile.from_dict(data, law.vocabulary, **known)
    table = pa.table(
        {
            "profile": ["plain", "not in DE"],
            "automation.sae_level": [3, 3],
            "in.DE.approvals.UN-R157": [None, "none"],
            "in.FR.approvals.UN-R157": [None, True],
        }
    )
    layout = Layout(table.schema, law, ("DE",), base=base)
    declared = layout.read(table.to_batches()[0], 1).declared
    series = "approvals.UN-R157.series"
    by_market = {
        code: declared.laid_out(declared.overlaid(law.chain(code)))[series].to_pylist() for code in ("DE", "FR", "JP")
    }
    assert by_market == {"DE": [1, None], "FR": [1, 1], "JP": [None, None]}
    results = rows_of(run(law, table, ("DE", "FR", "JP"), base=base).results)
    rows = {"plain": {**data, "automation.sae_level": 3}}
    away = {"approvals": {"UN-R157": "none"}}
    rows["not in DE"] = {**rows["plain"], "in": {**data["in"], "DE": away, "FR": {"approvals": {"UN-R157": "held"}}}}
    assert compare(law, rows, results) == []


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("soon", 'is no JSON; write `[{"rule": ..., "reason": ..., "by": ..., "until": ...}]`'),
        ('[{"rule": "de.nothing", "reason": "x", "by": "y", "until": "2027-01-01"}]', "waiver of an unknown rule"),
        ('[{"rule": "fr.liability.insurance", "reason": "x", "by": "y"}]', "a waiver has no `until`; add `until:`"),
        ('{"rule": "fr.liability.insurance"}', "`waivers` is not a list"),
    ],
)
def test_waivers_that_cannot_be_used(law, written, says):
    table = pa.table({"profile": ["a", "b", "c"], "waivers": [written, None, "[]"]})
    block = Layout(table.schema, law, ("DE",)).read(table.to_batches()[0], 1)
    [reject] = block.rejects
    assert (reject.row, reject.profile, reject.column) == (1, "a", "waivers")
    assert reject.reason.startswith(says)
    assert block.profiles.to_pylist() == ["b", "c"]
