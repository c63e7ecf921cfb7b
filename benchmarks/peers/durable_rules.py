# SPDX-License-Identifier: Apache-2.0
"""durable-rules as its manual uses it: one ruleset with a `when_all` per rule, one assert per profile.

It has no words for most comparisons of sets and for absence, so these enter as properties that are true or false. Each
profile is a session of its own.
"""

from __future__ import annotations

import importlib
import itertools
import operator
from contextlib import suppress
from functools import reduce

from rules import OPERATORS, Every, Test, tests

from peers.lambdas import PYTHON

lang = importlib.import_module("durable.lang")
engine = importlib.import_module("durable.engine")


class Writer:
    """Expressions of the language, and the comparisons that enter decided."""

    def __init__(self):
        self.decided = {}

    def write(self, expression):
        if isinstance(expression, Test):
            return self._test(expression)
        joined = operator.and_ if isinstance(expression, Every) else operator.or_
        return reduce(joined, [self.write(part) for part in expression.parts if any(tests(part))])

    def _test(self, test):
        fact = getattr(lang.m, test.fact)
        if test.op in OPERATORS:
            return OPERATORS[test.op](fact, test.value)
        if test.op == "in":
            return reduce(operator.or_, (fact == value for value in test.value))
        name = self.decided.setdefault(PYTHON.write(test), f"d{len(self.decided)}")
        return getattr(lang.m, name) == True  # noqa: E712


def by_row(rules):
    writer, fired, sessions = Writer(), set(), itertools.count()
    with lang.ruleset("law"):
        for at, rule in enumerate(rules):
            lang.when_all(writer.write(rule.gap))(_action(fired, at))
    read = {test.fact for rule in rules for test in tests(rule.gap) if test.op in OPERATORS or test.op == "in"}
    decided = [(name, eval(f"lambda get: {text}")) for text, name in writer.decided.items()]
    lang.get_host()

    def run(profile):
        fired.clear()
        fact = {name: value for name, value in profile.items() if name in read}
        fact |= {name: bool(holds(profile.get)) for name, holds in decided}
        with suppress(engine.MessageNotHandledException):  # what it says where no rule matches
            lang.assert_fact("law", {"sid": next(sessions), **fact})
        return sorted(fired)

    run.sets = True
    return run


def _action(fired, at):
    return lambda c: fired.add(at)
