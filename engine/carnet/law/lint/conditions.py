# SPDX-License-Identifier: Apache-2.0
"""Whether the conditions of a rule say something."""

from __future__ import annotations

from collections.abc import Hashable

from carnet.law.casework.search import Search
from carnet.law.lint.model import Found, Level, Linted, lint_rule
from carnet.law.model import Rule, Span
from carnet.logic.condition import Compare, Condition, leaves


@lint_rule("constant-condition", Level.ERROR)
def constant_condition(law: Linted) -> Found:
    """For every instance of a duty too: whether a compliant and a gap profile exist."""
    for rule in law.rules():
        search = law.search(rule)
        if search is not None and (fault := _fault(rule, search)):
            what, hint = fault
            yield rule.place, f"rule `{rule.id}` {what}", hint


def _fault(rule: Rule, search: Search) -> tuple[str, str] | None:
    if search.compliant and search.gaps:
        return None
    if search.compliant:
        hint = "its `requires` repeats `applies_when`, or is empty"
        return "is met by every profile that it addresses", hint
    if not search.gaps:
        return "addresses no profile", "its `applies_when` contradicts itself"
    hint = "move what it forbids from `applies_when` to `requires`, or say `curable: false` of a ban"
    return ("can be met by no profile that it addresses", hint) if rule.curable else None


@lint_rule("duplicate-rule", Level.ERROR)
def duplicate_rule(law: Linted) -> Found:
    """Rules that follow one another in time may ask the same."""
    seen: dict[Hashable, list[Rule]] = {}
    for rule in law.every_rule:
        same = seen.setdefault((rule.jurisdiction, *_asked(rule)), [])
        earlier = next((other for other in same if _overlap(rule, other)), None)
        if earlier is not None:
            at = f"{earlier.place.line}"
            what = f"rule `{rule.id}` asks the same as `{earlier.id}` (line {at} of {_short(earlier.place.file)})"
            yield (
                rule.place,
                what,
                "merge them: name both provisions in one `cites:`, the other record in `not_covered:`",
            )
        same.append(rule)


def _asked(rule: Rule) -> tuple[Hashable, ...]:
    conditions: tuple[Condition, ...] = (rule.applies_when, rule.requires)
    return (*conditions, frozenset(rule.routes), rule.layer, rule.legal_status, rule.duty_holder)


def _overlap(one: Rule, other: Rule) -> bool:
    spans = [Span(rule.in_force.first_day, rule.in_force.until) for rule in (one, other)]
    first, second = spans
    apart = (first.until and second.start and first.until < second.start) or (
        second.until and first.start and second.until < first.start
    )
    return not apart


def _short(file: str) -> str:
    return file.partition("jurisdictions/")[2] or file


@lint_rule("derived-required", Level.ERROR)
def derived_required(law: Linted) -> Found:
    for rule in law.rules():
        for leaf in leaves(rule.requires):
            if isinstance(leaf, Compare) and leaf.path.startswith("derived."):
                hint = "compare a declared fact, so that the gap has a remedy; derived facts belong on the right"
                yield rule.place, f"rule `{rule.id}` requires something of `{leaf.path}`", hint
