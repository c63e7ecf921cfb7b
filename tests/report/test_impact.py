# SPDX-License-Identifier: Apache-2.0
"""What a change sets off: what rests on it, what each text asks, where it may go out, what could wait."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

import carnet
from carnet.assess.model import Outcome
from carnet.cli.main import run
from carnet.plan.impact import Faster, Impact, MarketImpact, Release
from carnet.plan.impact_release import units_between, without
from carnet.report.impact import html, junit, sarif, terminal, words
from carnet.report.impact.csv import COLUMNS
from carnet.report.impact.json import render as to_json, schema

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DAY = dt.date(2026, 11, 30)
CAR: dict[str, Any] = {
    "automation.sae_level": 2,
    "automation.max_speed_kmh": 100,
    "vehicle.category": "M1",
    "vehicle.kerb_mass_kg": 2000,
    "operation.service": "private_car",
    "operation.driver_on_board": True,
    "operation.phase": "commercial",
    "operation.fleet_size": 10,
    "hmi.languages": ["de", "en"],
    "software.over_the_air": True,
    "commercial.annual_units": 5000,
    "complete": ["approvals"],
}
PAPERS: dict[str, Any] = dict.fromkeys(("EU-WVTA", "UN-R155", "UN-R156", "UN-CSMS", "UN-SUMS", "UN-R79"), "held")


@pytest.fixture(scope="module")
def law() -> carnet.Law:
    return carnet.load_law()


def profile(law: carnet.Law, **more: Any) -> carnet.Profile:
    known = {"approvals": law.approvals, "jurisdictions": law.codes}
    return carnet.Profile.from_dict({**CAR, "approvals": PAPERS, **more}, law.vocabulary, **known)


def change(law: carnet.Law, markets: Iterable[str] = ("DE",), old: Mapping[str, Any] = {}, **new: Any) -> Impact:
    before = profile(law, **old)
    return law.impact(before, before.with_set(new), markets, DAY)


def asked(market: MarketImpact) -> dict[str, str | None]:
    return {each.approval: each.asks.asks if each.asks else None for each in market.asked}


def test_what_the_texts_ask_of_a_change(law: carnet.Law) -> None:
    """Regulation (EU) 2018/858 Art. 33(1): without delay, of any change in the package; the authority decides."""
    [market] = change(law, **{"automation.max_speed_kmh": 110}).markets
    found = {each.approval: each for each in market.asked}
    wvta = found["EU-WVTA"].asks
    assert wvta is not None
    assert (wvta.asks, wvta.then, str(wvta.cites[0])) == (
        "notice",
        ("nothing", "extension", "new"),
        "(EU) 2018/858 Art. 33(1), 34(1)-(2)",
    )
    assert found["EU-WVTA"].facts == ("automation.max_speed_kmh",)
    assert (asked(market)["UN-R155"], asked(market)["UN-R156"]) == ("notice", "rxswin")
    assert "UN-CSMS" not in found


def test_what_no_text_says_is_not_guessed(law: carnet.Law) -> None:
    old = {"approvals": {**PAPERS, "UN-R157": {"held": True, "series": 1}}, "automation.sae_level": 3}
    [market] = change(law, old=old, **{"automation.max_speed_kmh": 110}).markets
    unknown = {each.approval: each for each in market.unknown}
    assert unknown["UN-R157"].asks is None
    assert "unece.r157.series-speed" in unknown["UN-R157"].through
    assert "no text that was read says what follows" in words.asked(unknown["UN-R157"])


@pytest.mark.parametrize(
    ("new", "approvals"),
    [
        ({"commercial.annual_units": 6000}, {}),
        ({"approvals.UN-R171": "held"}, {}),
        ({"cyber.monitoring": False}, {"EU-WVTA": "notice", "UN-CSMS": "notice", "UN-R155": "notice"}),
        ({"software.update_records_years": 12}, {"EU-WVTA": "notice", "UN-R155": "notice", "UN-R156": "notice"}),
    ],
)
def test_only_what_rests_on_the_change_is_asked(
    law: carnet.Law, new: dict[str, Any], approvals: dict[str, str]
) -> None:
    [market] = change(law, **new).markets
    found = asked(market)
    assert {name: asks for name, asks in found.items() if name in PAPERS and name != "UN-SUMS"} == approvals


def test_only_what_is_held_is_asked(law: carnet.Law) -> None:
    [market] = change(law, old={"approvals": {"EU-WVTA": "applied"}}, **{"automation.max_speed_kmh": 110}).markets
    assert market.asked == ()


@pytest.mark.parametrize(
    ("path", "value", "release", "to"),
    [
        ("software.update_records_years", 12, "extension", "KBA"),
        ("odd.area", "defined_area", "extension", "the authority that approved the area"),
        ("operation.fleet_size", 20, "notice", "the authority that approved the area"),
    ],
)
def test_the_more_exact_provision_counts(law: carnet.Law, path: str, value: Any, release: str, to: str) -> None:
    """AFGBV § 9(7) asks a notice of changes in the operation, § 7 a new approval of another area."""
    old = {
        "automation.sae_level": 4,
        "operation.driver_on_board": False,
        "operation.service": "robotaxi",
        "odd.area": "defined_routes",
        "approvals": {**PAPERS, "DE-KBA-OPERATING-PERMIT": "held", "DE-OPERATING-AREA": "held"},
    }
    [market] = change(law, old=old, **{path: value}).markets
    german = [each for each in market.asked if each.approval.startswith("DE-") and each.asks and each.asks.to == to]
    assert german
    assert {each.release.value for each in german} == {release}


def test_a_market_that_was_closed_holds_nothing_up(law: carnet.Law) -> None:
    found = change(law, ("DE", "US-CA"), **{"automation.max_speed_kmh": 110})
    assert {market.release for market in found.markets if market.before is Outcome.CLOSED} <= {Release.NOT_OPEN}
    assert Release.NOT_OPEN.rank == Release.NOW.rank == 0


@pytest.fixture(scope="module")
def suv(law: carnet.Law) -> carnet.Profile:
    return law.profile(EXAMPLES / "suv-l2.yaml")


def test_a_rule_that_breaks_stops_it(law: carnet.Law, suv: carnet.Profile) -> None:
    """Without cover nobody drives in Brunei: it may not go out there, and the rule is named."""
    assert law.check(suv, "BN", DAY).market("BN").outcome is Outcome.OPEN
    after = suv.with_set({"insurance.third_party": False})
    [market] = law.impact(suv, after, "BN", DAY).markets
    assert (market.release, market.before, market.after) == (Release.NOT_AT_ALL, Outcome.OPEN, Outcome.CLOSED)
    assert [each.status for each in market.appeared if each.severity == "blocking"]
    assert market.lacks
    back = law.impact(after, suv, "BN", DAY).markets[0]
    assert back.release is Release.NOT_OPEN
    assert set(back.gone) >= {each.rule for each in market.appeared if each.status == "gap"}


def test_what_a_grant_stops_at_asks_for_an_extension(law: carnet.Law) -> None:
    """The certificate of UN R157 stops at 95 km/h, so the feature may go no faster before it is extended."""
    sedan = law.profile(EXAMPLES / "sedan-l3.yaml")
    faster = sedan.with_set({"automation.max_speed_kmh": 110}, feature="motorway-pilot")
    [market] = law.impact(sedan, faster, "DE", DAY).markets
    assert (market.release, market.after) == (Release.EXTENSION, Outcome.CLOSED)
    broken = [(each.rule, each.grant) for each in market.appeared if each.severity == "blocking"]
    assert broken == [("unece.r157.series-speed.certified-speed", "UN-R157")]
    slower = sedan.with_set({"automation.max_speed_kmh": 90}, feature="motorway-pilot")
    assert law.impact(sedan, slower, "DE", DAY).release is Release.NOT_KNOWN


def test_the_least_that_waits_lets_the_rest_go(law: carnet.Law, suv: carnet.Profile) -> None:
    changes = {"insurance.third_party": False, "commercial.annual_units": 7000, "hmi.languages": ["en"]}
    after = suv.with_set(changes)
    found = law.impact(suv, after, ("BN", "DE", "KH"), DAY)
    assert found.release is Release.NOT_AT_ALL
    assert {market.market: market.release for market in found.markets}["DE"] is Release.NOT_OPEN
    split = next(each for each in found.splits if each.release is Release.NOW)
    assert [unit.path for unit in split.waits] == ["insurance.third_party"]
    assert split.exact
    rest = law.impact(suv, without(after, suv, split.waits), ("BN", "KH"), DAY)
    assert rest.release is Release.NOW
    assert [unit.path for unit in rest.units] == [unit.path for unit in split.goes]


def test_units_are_declarations_that_say_something_else(law: carnet.Law) -> None:
    old = profile(law, **{"in": {"FR": {"hmi.languages": ["fr"]}}})
    again = profile(law, **{"hmi.languages": ["en", "de"], "in": {"FR": {"hmi.languages": ["fr"]}}})
    assert units_between(old, again) == ()
    new = profile(law, **{"vehicle.kerb_mass_kg": 2100, "in": {"FR": {"hmi.languages": ["fr", "en"]}}})
    found = units_between(old, new)
    assert [(unit.path, unit.where, unit.before, unit.after) for unit in found] == [
        ("vehicle.kerb_mass_kg", "", 2000, 2100),
        ("hmi.languages", "FR", ("fr",), ("fr", "en")),
    ]
    assert units_between(old, without(new, old, found)) == ()


def test_an_overlay_concerns_its_own_market_alone(law: carnet.Law) -> None:
    old = profile(law)
    new = profile(law, **{"in": {"FR": {"automation.max_speed_kmh": 90}}})
    germany, france = law.impact(old, new, ("DE", "FR"), DAY).markets
    assert (asked(germany), asked(france)["EU-WVTA"]) == ({}, "notice")


@pytest.fixture(scope="module")
def sample(law: carnet.Law, suv: carnet.Profile) -> Impact:
    after = suv.with_set({"insurance.third_party": False, "automation.max_speed_kmh": 120})
    return law.impact(suv, after, ("BN", "DE", "KH"), DAY)


def test_json_follows_its_schema(sample: Impact) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    data = json.loads(to_json(sample))
    jsonschema.Draft202012Validator(schema()).validate(data)
    assert [market["release"] for market in data["markets"]] == [market.release for market in sample.markets]
    assert data["release"] == "not_at_all"


def test_sarif_fails_what_holds_it_up(sample: Impact) -> None:
    run = json.loads(sarif.render(sample))["runs"][0]
    levels = {(each["properties"]["market"], each["level"]) for each in run["results"]}
    assert ("BN", "error") in levels
    assert "none" not in {level for _, level in levels}
    run = json.loads(sarif.render(sample, include=["open"]))["runs"][0]
    levels = {(each["properties"]["market"], each["level"]) for each in run["results"]}
    assert {level for market, level in levels if market == "DE"} == {"none"}
    assert all(run["tool"]["driver"]["rules"][each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"])
    prints = [each["partialFingerprints"]["carnetImpact/v1"] for each in run["results"]]
    assert len(prints) == len(set(prints))


@pytest.mark.parametrize(("allow", "failing"), [("now", ["BN"]), ("not_at_all", [])])
def test_junit_fails_beyond_what_is_allowed(sample: Impact, allow: str, failing: list[str]) -> None:
    root = ET.fromstring(junit.render(sample, allow=allow))
    found = [str(suite.get("name"))[:2] for suite in root if suite.get("failures") != "0"]
    assert found == failing
    assert root.get("failures") == str(len(failing))
    germany = next(suite for suite in root if str(suite.get("name")).startswith("DE"))
    assert int(germany.get("skipped", "0")) >= 1


def test_the_terminal_tells_it_all(sample: Impact) -> None:
    text = " ".join(terminal.render(sample).split())
    assert "What changed (2)" in text
    assert "automation.max_speed_kmh: 130 becomes 120" in text
    assert "BN Brunei: Not at all as it is" in text.replace("Brunei Darussalam", "Brunei")
    assert "These wait, and the rest may go out everywhere" in text


def test_the_page_holds_every_market(sample: Impact) -> None:
    pytest.importorskip("jinja2")
    page = html.render(sample)
    for market in sample.markets:
        assert words.release(market.release) in page
        assert market.name in page


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"odd.max_speed_kmh": 140}, [Faster(140, 130)]),
        ({"automation.max_speed_kmh": 60}, [Faster(120, 60)]),
        ({"odd.max_speed_kmh": 130}, []),
        ({"vehicle.seats": 4}, []),
    ],
)
def test_a_domain_faster_than_its_system_is_told_when_a_change_makes_it_so(
    law: carnet.Law, changes: dict[str, Any], found: list[Faster]
) -> None:
    old = profile(law, **{"automation.max_speed_kmh": 130, "odd.max_speed_kmh": 120})
    one = law.impact(old, old.with_set(changes), "DE", DAY)
    assert [*one.faster] == found
    assert all("the system to" in words.faster(each) for each in one.faster)
    assert ("The domain goes up to" in terminal.render(one)) is bool(found)


TABLE = """\
profile,release,automation.max_speed_kmh,insurance.third_party
sedan,1,,
van,1,100,
sedan,2,120,
van,2,100,false
sedan,3,120,false
"""


def test_a_fleet_of_variants_tells_each_release_against_the_one_before(tmp_path: Path, capsys: Any) -> None:
    table, out = tmp_path / "releases.csv", tmp_path / "out.csv"
    table.write_text(TABLE, encoding="utf-8")
    args = ["fleet", str(table), "--impact", "--base", str(EXAMPLES / "suv-l2.yaml"), "-m", "BN", "-o", str(out)]
    assert run([*args, "--as-of", str(DAY)]) == 0
    assert "3 releases of 2 profiles in 1 market" in " ".join(capsys.readouterr().err.split())
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"))))
    told = [(row["profile"], row["since"], row["release"], row["may_go_out"]) for row in rows]
    assert [each[:3] for each in told] == [("sedan", "1", "2"), ("van", "1", "2"), ("sedan", "2", "3")]
    assert [each[3] for each in told[1:]] == ["not_at_all", "not_at_all"]
    assert tuple(rows[0])[2:] == COLUMNS
    out.unlink()
    assert run([*args[:-1], str(tmp_path / "out.parquet")]) == 2
    assert "with `--impact`, OUT ends in .csv" in " ".join(capsys.readouterr().err.split())
    table.write_text("release\n1\n", encoding="utf-8")
    assert run(args) == 2
    assert "has no column `profile`" in " ".join(capsys.readouterr().err.split())
    assert not out.exists()
