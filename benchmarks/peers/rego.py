# SPDX-License-Identifier: Apache-2.0
"""OPA's language Rego, run by regopy: a module with a set of gaps, each disjunction a helper rule."""

from __future__ import annotations

import json

import regopy
from rules import Every, Test

SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


class Module:
    """The text of a module; helpers hold what a body cannot."""

    def __init__(self):
        self.lines = ["package law", "import rego.v1"]
        self._helpers = 0

    def helper(self, bodies):
        self._helpers += 1
        name = f"h{self._helpers}"
        self.lines += [f"{name} if {{ {'; '.join(body)} }}" for body in bodies]
        return name

    def body(self, expression):
        """A conjunction as statements."""
        if isinstance(expression, Test):
            return self._test(expression)
        if isinstance(expression, Every):
            return [statement for part in expression.parts for statement in self.body(part)] or ["true"]
        bodies = [self.body(part) for part in expression.parts]
        return [self.helper(bodies)] if bodies else ["false"]

    def _test(self, test):
        fact, value = f"input.{test.fact}", json.dumps(test.value)
        items = "{" + value.strip("[]") + "}"
        if test.op in SIGNS:
            return [f"{fact} {SIGNS[test.op]} {value}"]
        if test.op.startswith("size_"):
            return [f"count({fact}) {SIGNS[test.op.removeprefix('size_')]} {value}"]
        held = f"{{i | some i in {fact}}}"
        words = {
            "declared": [f"is_present({fact})"],
            "undeclared": [f"not {self._present(fact)}"] if test.op == "undeclared" else [],
            "in": [f"{fact} in {items}"],
            "not_in": [f"not {self._inside(fact, items)}", fact + " != null"] if test.op == "not_in" else [],
            "contains_any": [f"count({held} & {items}) > 0"],
            "disjoint": [f"count({fact}) >= 0", f"count({held} & {items}) == 0"],
            "contains_all": [f"count({fact}) >= 0", f"count({items} - {held}) == 0"],
            "lacks": [f"count({fact}) >= 0", f"count({items} - {held}) > 0"],
            "subset_of": [f"count({fact}) >= 0", f"count({held} - {items}) == 0"],
            "exceeds": [f"count({held} - {items}) > 0"],
        }
        return words[test.op] if test.op != "declared" else [self._present(fact)]

    def _present(self, fact):
        return self.helper([[f"{fact} == {fact}"]])

    def _inside(self, fact, items):
        return self.helper([[f"{fact} in {items}"]])


def by_row(rules):
    module = Module()
    for at, rule in enumerate(rules):
        module.lines.append(f"gap contains {at} if {{ {'; '.join(module.body(rule.gap))} }}")
    interpreter = regopy.Interpreter()
    interpreter.add_module("law", "\n".join(module.lines))

    def run(profile):
        interpreter.set_input(profile)
        found = json.loads(str(interpreter.query("data.law.gap")))
        return sorted(found["expressions"][0])

    return run
