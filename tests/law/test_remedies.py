# SPDX-License-Identifier: Apache-2.0
"""A remedy is executable: what it sets closes the gap, for every curable rule of the bundled law."""

from __future__ import annotations

import pytest

import carnet
from carnet.law.rulebook import BoundRule
from carnet.logic.condition import facts_read
from carnet.logic.native import compile_condition
from carnet.logic.solve import repairs

LAW = carnet.load_law()


def bound_rules() -> dict[str, BoundRule]:
    """Every curable rule once, bound where it was enacted or else in the first market that adopts it."""
    found: dict[str, BoundRule] = {}
    for code in LAW.codes:
        for home in (False, True) if code in LAW.homes else (False,):
            book = LAW.rulebook(code, LAW.as_of, home=home)
            changing = [change.bound for change in book.changes]
            for bound in (*book.rules(), *changing, *book.guidance):
                if bound.rule.curable:
                    found.setdefault(bound.rule.id, bound)
    return found


RULES = bound_rules()


@pytest.mark.parametrize("rule", RULES)
def test_the_remedy_closes_the_gap(rule: str) -> None:
    bound = RULES[rule]
    requires = compile_condition(bound.requires)
    derived = {path: 50.0 for path in facts_read(bound.requires) if path.startswith("derived.")}
    ways = repairs(bound.requires, derived, LAW.vocabulary, want=False)
    assert ways, "no declaration leaves this rule unmet"
    for gap in ways:
        facts = {**derived, **gap}
        assert requires(facts) is False
        remedies = repairs(bound.requires, facts, LAW.vocabulary)
        assert remedies, f"nothing closes {gap}"
        for remedy in remedies:
            assert requires({**facts, **remedy}) is True
            assert all(path in LAW.vocabulary for path in remedy)
