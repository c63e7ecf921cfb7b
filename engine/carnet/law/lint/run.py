# SPDX-License-Identifier: Apache-2.0
"""Running every lint rule over a law."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from carnet.errors import UnknownName, suggest
from carnet.law.casework.scope import Scope
from carnet.law.link import LinkedLaw
from carnet.law.lint import cases, citations, conditions, grounds, markets, routes, translations, unused
from carnet.law.lint.model import LINT_RULES, Level, Lint, Linted, LintRule
from carnet.law.locate import bundled_law

__all__ = ["LINT_RULES", "modules", "run_lint"]

modules = (citations, grounds, cases, conditions, unused, markets, routes, translations)
FOR_BUNDLED_LAW = ("cases-missing", "dates-untested")


def run_lint(linked: LinkedLaw, scope: Scope, only: tuple[str, ...] = ()) -> list[Lint]:
    """Everything found in scope, in the order of files and lines.

    only: the lint rules to run; all of them when empty.

    Raises:
        UnknownName: for a lint rule that does not exist.
    """
    for name in only:
        if name not in LINT_RULES:
            raise UnknownName(f"unknown lint rule `{name[:40]}`", hint=suggest(name, LINT_RULES) or "see docs/lint")
    law = Linted(linked, scope)
    rules = [rule for rule in LINT_RULES.values() if not only or rule.name in only]
    found = [lint for rule in rules for lint in _found(rule, law, scope)]
    return sorted(dict.fromkeys(found), key=lambda lint: (lint.place.file, lint.place.line, lint.rule, lint.message))


def _found(rule: LintRule, law: Linted, scope: Scope) -> Iterator[Lint]:
    for place, message, hint in rule.check(law):
        if scope.holds(place.file) and _meant(place.file, scope):
            yield Lint(rule.name, _level(rule, place.file), place, message, hint)


def _meant(file: str, scope: Scope) -> bool:
    return not scope.jurisdictions or Path(file).parent.name in scope.jurisdictions


def _level(rule: LintRule, file: str) -> Level:
    """A company's own packs need not prove every rule by cases; the bundled law does."""
    if rule.name in FOR_BUNDLED_LAW and not Path(file).resolve().is_relative_to(bundled_law().resolve()):
        return Level.WARNING
    return rule.level
