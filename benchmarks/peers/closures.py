# SPDX-License-Identifier: Apache-2.0
"""Plain Python closures, as one would write the rules by hand: a function per comparison, three values by Kleene.

Sets are sets, days numbers. A rule asks what it requires only where it applies.
"""

from __future__ import annotations

from rules import OPERATORS, GapRule, name_of, plain

from carnet.logic.condition import AllOf, Compare, Not


def compared(name, test):
    def leaf(profile):
        value = profile.get(name)
        return None if value is None else test(value)

    return leaf


def declared(name, wanted):
    return lambda profile: (name in profile) is wanted


def sign(compare, other):
    return lambda value: compare(value, other)


def size(compare, other):
    return lambda value: compare(len(value), other)


WORDS = {
    "in": lambda items: lambda value: value in items,
    "not_in": lambda items: lambda value: value not in items,
    "contains_any": lambda items: lambda value: not items.isdisjoint(value),
    "disjoint": lambda items: items.isdisjoint,
    "contains_all": lambda items: items.issubset,
    "subset_of": lambda items: items.issuperset,
}


def all_of(*tests):
    def conjunction(profile):
        unknown = False
        for test in tests:
            truth = test(profile)
            if truth is False:
                return False
            unknown |= truth is None
        return None if unknown else True

    return conjunction


def any_of(*tests):
    def disjunction(profile):
        unknown = False
        for test in tests:
            truth = test(profile)
            if truth:
                return True
            unknown |= truth is None
        return None if unknown else False

    return disjunction


def opposite(test):
    def negation(profile):
        truth = test(profile)
        return None if truth is None else not truth

    return negation


def rule(applies, requires):
    def status(profile):
        on = applies(profile)
        if on is False:
            return "not_applicable"
        met = requires(profile)
        if met:
            return "compliant"
        return "gap" if on and met is False else "undetermined"

    return status


def written(condition):
    """What one would write for a condition."""
    if isinstance(condition, Compare):
        return _leaf(name_of(condition.path), condition.op, plain(condition.operand.value))
    if isinstance(condition, Not):
        return opposite(written(condition.item))
    items = [written(item) for item in condition.items]
    return items[0] if len(items) == 1 else (all_of if isinstance(condition, AllOf) else any_of)(*items)


def _leaf(name, op, value):
    if op == "declared":
        return declared(name, value)
    if op in OPERATORS:
        return compared(name, sign(OPERATORS[op], value))
    if op.startswith("size_"):
        return compared(name, size(OPERATORS[op.removeprefix("size_")], value))
    return compared(name, WORDS[op](frozenset(value)))


def statuses(rules: list[GapRule]):
    functions = [rule(written(item.applies), written(item.requires)) for item in rules]

    def run(profile):
        return [status(profile) for status in functions]

    run.sets = True
    return run


def by_row(rules: list[GapRule]):
    asked = statuses(rules)

    def run(profile):
        return [at for at, status in enumerate(asked(profile)) if status == "gap"]

    run.sets = True
    return run
