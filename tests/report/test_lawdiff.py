# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
import report_samples as samples

import carnet
from carnet.assess.model import Outcome
from carnet.law.model import InForce, LegalStatus, Severity
from carnet.logic.condition import Compare, Constant
from carnet.report.lawdiff import Effect, Entry, LawDiff, Side, json as lawdiff_json, law_diff, markdown, terminal


def at_least(path: str, least: int) -> Compare:
    return Compare(path, "gte", Constant(least))


OLD, NEW = dt.date(2026, 1, 1), dt.date(2028, 1, 1)
PROFILE = """
name: Atlas
vehicle: {category: M1, seats: 5}
automation: {sae_level: 3, max_speed_kmh: 95}
operation: {phase: commercial, service: private_car, driver_on_board: true}
"""


class Release:
    """The real law with one jurisdiction rewritten, as a later release would have it."""

    def __init__(self, law: Any, jurisdiction: Any) -> None:
        self._law, self._changed = law, jurisdiction
        self.version, self.sha256, self.codes = "next", "f" * 64, law.codes

    def jurisdiction(self, code: str) -> Any:
        return self._changed if code == self._changed.id else self._law.jurisdiction(code)

    def sources(self, market: str) -> tuple[Any, ...]:
        return (self.jurisdiction(market),)

    def instrument(self, name: str) -> Any:
        return self._law.instrument(name)

    def markets(self) -> tuple[str, ...]:
        return ("JP",)


@pytest.fixture(scope="module")
def law() -> Any:
    return carnet.load_law()


def rewritten(law: Any, **changes: Any) -> tuple[Entry, ...]:
    """What law-diff says of Japan's first rule with a start, rewritten."""
    japan = law.jurisdiction("JP")
    rule = next(rule for rule in japan.rules if rule.in_force.start and rule.in_force.start <= OLD)
    rules = tuple(samples.replace(r, **changes) if r.id == rule.id else r for r in japan.rules)
    release = Release(law, samples.replace(japan, rules=rules))
    return law_diff(Side(law, OLD), Side(release, OLD), ["JP"]).entries  # type: ignore[arg-type]


def test_one_law_on_one_day_does_not_differ(law: Any) -> None:
    assert law_diff(Side(law, OLD), Side(law, OLD)).entries == ()


def test_every_rule_that_starts_in_between_is_listed(law: Any) -> None:
    found = law_diff(Side(law, OLD), Side(law, NEW), ["DE"]).entries
    assert any(entry.kind == "starts" for entry in found)
    for entry in found:
        if entry.kind == "starts":
            assert entry.date is not None
            assert OLD < entry.date <= NEW
            assert entry.provision


def test_forward_and_back_mirror_each_other(law: Any) -> None:
    forward = law_diff(Side(law, OLD), Side(law, NEW)).entries
    back = law_diff(Side(law, NEW), Side(law, OLD)).entries
    assert {e.id for e in forward if e.kind == "starts"} == {e.id for e in back if e.kind == "ends"}


def test_a_release_that_rewrites_a_rule_says_what(law: Any) -> None:
    (entry,) = rewritten(law, severity=Severity.ADVISORY)
    assert entry.kind == "changes"
    assert entry.detail.startswith("severity: ")


def test_a_release_that_ends_a_rule_says_so(law: Any) -> None:
    (entry,) = rewritten(law, in_force=InForce(start=dt.date(2020, 1, 1), until=dt.date(2025, 1, 1)))
    assert (entry.kind, entry.date, entry.detail) == ("ends", None, "no longer in force in this release")


def dated(law: Any, span: InForce) -> list[tuple[str, dt.date | None, str]]:
    """What law-diff says between two days of a law in which Japan's first rule has these dates."""
    japan = law.jurisdiction("JP")
    rules = (samples.replace(japan.rules[0], in_force=span, legal_status=LegalStatus.IN_FORCE), *japan.rules[1:])
    release = Release(law, samples.replace(japan, rules=rules))
    found = law_diff(Side(release, OLD), Side(release, NEW), ["JP"]).entries  # type: ignore[arg-type]
    return [(entry.kind, entry.date, entry.detail) for entry in found if entry.id == rules[0].id]


def test_what_ends_bears_the_first_day_without_it_as_in_a_check(law: Any) -> None:
    last = dt.date(2026, 12, 31)
    assert dated(law, InForce(until=last)) == [("ends", dt.date(2027, 1, 1), "")]
    assert dated(law, InForce(until=OLD)) == [("ends", dt.date(2026, 1, 2), "")]
    assert dated(law, InForce(until=NEW)) == []


def test_a_rule_that_starts_and_reaches_all_vehicles_in_between_is_told_for_both(law: Any) -> None:
    new_types, every = dt.date(2026, 7, 1), dt.date(2027, 7, 1)
    assert dated(law, InForce(start=every, new_types=new_types)) == [("starts", new_types, ""), ("reaches", every, "")]
    assert dated(law, InForce(start=every, new_types=dt.date(2020, 1, 1))) == [("reaches", every, "")]


def test_a_rule_that_lives_only_in_between_is_told(law: Any) -> None:
    first, last = dt.date(2026, 7, 1), dt.date(2027, 6, 30)
    assert dated(law, InForce(start=first, until=last)) == [("starts", first, ""), ("ends", dt.date(2027, 7, 1), "")]


def test_wording_that_decides_nothing_is_no_change(law: Any) -> None:
    assert rewritten(law, note="checked again", title="The same under another title") == ()


def test_the_effect_on_a_profile_names_new_gaps(law: Any, tmp_path: Any) -> None:
    path = tmp_path / "atlas.yaml"
    path.write_text(PROFILE, encoding="utf-8")
    found = law_diff(Side(law, OLD), Side(law, NEW), ["DE", "JP"], [law.profile(path)])
    assert found.profiles == ("Atlas",)
    assert all(effect.market in ("DE", "JP") for effect in found.effects)
    assert "Effect on Atlas" in terminal.render(found)


@pytest.mark.parametrize("render", [terminal.render, markdown.render, lawdiff_json.render])
def test_every_form_names_rule_day_and_provision(render: Any) -> None:
    entry = Entry("starts", "DE", "de.new", "Report every year", dt.date(2027, 7, 1), "major", "", "StVG § 1")
    text = render(LawDiff("2026-01-01", "2028-01-01", (entry,), (), ()))
    for part in ("de.new", "2027-07-01", "StVG § 1", "Report every year"):
        assert part in text


def test_json_is_plain_data() -> None:
    assert json.loads(lawdiff_json.render(LawDiff("a", "b", (), (), ())))["entries"] == []


def effects() -> LawDiff:
    entries = tuple(
        Entry("value", "DE", f"limit_{n}", f"limit {n}", None, "", "80 km/h to 100 km/h") for n in range(20)
    )
    turned = Effect("Atlas", "DE", "Germany", Outcome.OPEN, Outcome.CLOSED, ("A new | gap",), ())
    same = Effect("Atlas", "JP", "Japan", Outcome.CLOSED, Outcome.CLOSED, (), ("An old gap",))
    return LawDiff("2026-01-01", "2028-01-01", entries, ("Atlas", "Borealis"), (turned, same))


def test_the_terminal_tells_what_turns_and_counts_the_rest() -> None:
    text = terminal.render(effects())
    assert "DE  Germany: open -> closed" in text
    assert "new gap: A new | gap" in text
    assert "in 1 market: JP" in text
    assert "and 5 more; -v shows them" in text
    assert "gap closed: An old gap" in terminal.render(effects(), verbose=True)


def test_a_profile_without_change_is_told_so() -> None:
    assert "Effect on Borealis\n  No market's outcome changes." in terminal.render(effects())


def test_markdown_keeps_its_table() -> None:
    assert "| Germany | open | closed | A new \\| gap |  |" in markdown.render(effects())


def test_a_value_that_changes_names_both(law: Any) -> None:
    found = law_diff(Side(law, dt.date(2000, 1, 1)), Side(law, NEW)).entries
    values = [entry for entry in found if entry.kind == "value"]
    assert values
    assert all(" to " in entry.detail for entry in values)


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        (
            {"requires": at_least("a.x", 2)},
            "requires a.x is at least 2, before ",
        ),
        ({"applies_when": at_least("a.y", 3)}, "applies when a.y is at least 3, before "),
        ({"in_force": InForce(start=dt.date(2001, 1, 1))}, "its dates changed"),
        ({"duty_holder": "somebody"}, "duty holder: "),
    ],
)
def test_a_release_that_rewrites_a_condition_says_how(law: Any, changes: dict[str, Any], detail: str) -> None:
    (entry,) = rewritten(law, **changes)
    assert entry.kind == "changes"
    assert entry.detail.startswith(detail)


def test_instruments_that_a_jurisdiction_begins_or_ceases_to_apply(law: Any) -> None:
    japan = law.jurisdiction("JP")
    applies = dict(japan.applies)
    name, adoption = next((n, a) for n, a in applies.items() if a.span.holds(OLD))
    del applies[name]
    without = Release(law, samples.replace(japan, applies=applies))
    ceased = law_diff(Side(law, OLD), Side(without, OLD), ["JP"]).entries  # type: ignore[arg-type]
    began = law_diff(Side(without, OLD), Side(law, OLD), ["JP"]).entries  # type: ignore[arg-type]
    title = law.instrument(name).title
    assert ceased == (Entry("applies_not", "JP", name, title),)
    assert began == (Entry("applies", "JP", name, title, adoption.span.start),)


def test_routes_that_open_and_close(law: Any) -> None:
    japan = law.jurisdiction("JP")
    route = next(route for route in japan.routes if route.id in opened(law, OLD))
    without = Release(law, samples.replace(japan, routes=tuple(r for r in japan.routes if r.id != route.id)))
    place = ("JP", route.id, route.title)
    provision = "; ".join(str(cite) for cite in route.cites)
    closed = law_diff(Side(law, OLD), Side(without, OLD), ["JP"]).entries  # type: ignore[arg-type]
    opens = law_diff(Side(without, OLD), Side(law, OLD), ["JP"]).entries  # type: ignore[arg-type]
    assert closed == (Entry("route_closes", *place, None, provision=provision),)
    assert route.span.until is None
    assert opens == (Entry("route_opens", *place, route.span.start, provision=provision),)


def opened(law: Any, day: dt.date) -> set[str]:
    return {route.route.id for layer in law.rulebook("JP", day).layers for route in layer.routes}


@pytest.mark.parametrize("render", [terminal.render, markdown.render])
def test_no_difference_is_said(render: Any) -> None:
    assert "Nothing changes." in render(LawDiff("2026-01-01", "2026-01-01", (), (), ()))
