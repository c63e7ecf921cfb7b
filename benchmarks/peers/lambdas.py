# SPDX-License-Identifier: Apache-2.0
"""Generated Python: a lambda per rule in which everything is written out, sets as sets.

Faster than anybody would write by hand: inside a rule no function of Python is called.
"""

from __future__ import annotations

from rules import GapRule, translate

from peers.words import Language, signs


def _set(value: str) -> str:
    return "{" + value.strip("[]") + "}"


PYTHON = Language(
    known=lambda fact: f"(v := get('{fact}')) is not None",
    undeclared=lambda fact: f"get('{fact}') is None",
    words={
        **signs(lambda fact: "v", lambda fact: "len(v)"),
        "in": lambda fact, value: f"v in {_set(value)}",
        "not_in": lambda fact, value: f"v not in {_set(value)}",
        "contains_any": lambda fact, value: f"not {_set(value)}.isdisjoint(v)",
        "disjoint": lambda fact, value: f"{_set(value)}.isdisjoint(v)",
        "contains_all": lambda fact, value: f"{_set(value)} <= v",
        "lacks": lambda fact, value: f"not {_set(value)} <= v",
        "subset_of": lambda fact, value: f"v <= {_set(value)}",
        "exceeds": lambda fact, value: f"not v <= {_set(value)}",
    },
    true="True",
    false="False",
    quote=repr,
)


def by_row(rules: list[GapRule]):
    functions = [eval(f"lambda get: {PYTHON.write(rule.gap)}") for rule in rules]

    def run(profile):
        get = profile.get
        return [index for index, gap in enumerate(functions) if gap(get)]

    run.sets = True
    return run


def statuses(rules: list[GapRule]):
    """Three values as four questions of two, in the order in which they settle the status."""
    functions = [eval(f"lambda get: {_status(rule)}") for rule in rules]

    def run(profile):
        get = profile.get
        return [status(get) for status in functions]

    run.sets = True
    return run


def _status(rule: GapRule) -> str:
    def asked(condition, wanted):
        return PYTHON.write(translate(condition, wanted))

    gap = f"{asked(rule.applies, True)} and {asked(rule.requires, False)}"
    return (
        f"'not_applicable' if {asked(rule.applies, False)} else "
        f"'compliant' if {asked(rule.requires, True)} else 'gap' if {gap} else 'undetermined'"
    )
