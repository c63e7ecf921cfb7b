# SPDX-License-Identifier: Apache-2.0
"""CLIPS through clipspy: a rule per rule, a fact per declared value and per item of a set."""

from __future__ import annotations

import importlib
import itertools
import json

from rules import Every, Test, facts

engine = importlib.import_module("clips")
NUMBERS = itertools.count()
SIGNS = {"eq": "=", "ne": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


def write(expression):
    if isinstance(expression, Test):
        return _test(expression)
    if not expression.parts:
        return "(test (= 1 1))" if isinstance(expression, Every) else "(test (= 1 2))"
    if len(expression.parts) == 1:
        return write(expression.parts[0])
    return f"({'and' if isinstance(expression, Every) else 'or'} {' '.join(map(write, expression.parts))})"


def _atom(value):
    return ("yes" if value else "no") if isinstance(value, bool) else json.dumps(value)


def _compared(sign, value):
    """A variable of its own, since equal names in a rule mean equal values."""
    name = f"?v{next(NUMBERS)}"
    return f"{name}&:({sign} {name} {value})"


def _test(test):
    name, op, value = test.fact, test.op, test.value
    known = f"(known {name})"
    if op in ("declared", "undeclared"):
        return known if op == "declared" else f"(not {known})"
    if (op in ("eq", "ne") and not isinstance(value, (int, float))) or isinstance(value, bool):
        return f"(is {name} {'~' if op == 'ne' else ''}{_atom(value)})"
    if op in SIGNS:
        return f"(is {name} {_compared(SIGNS[op], value)})"
    if op.startswith("size_"):
        return f"(size {name} {_compared(SIGNS[op.removeprefix('size_')], value)})"
    if op == "in":
        return f"(is {name} {'|'.join(map(_atom, value))})"
    if op == "not_in":
        return f"(is {name} {'&'.join('~' + _atom(item) for item in value)})"
    has = [f"(has {name} {_atom(item)})" for item in value]
    lacks = [f"(not {item})" for item in has]
    other = f"(has {name} {'&'.join('~' + _atom(item) for item in value)})"
    return {
        "contains_any": f"(exists (has {name} {'|'.join(map(_atom, value))}))",
        "disjoint": f"(and {known} (not (has {name} {'|'.join(map(_atom, value))})))",
        "contains_all": f"(and {known} {' '.join(has)})",
        "lacks": f"(and {known} (or {' '.join(lacks)} (test (= 1 2))))",
        "subset_of": f"(and {known} (not {other}))",
        "exceeds": f"(exists {other})",
    }[op]


def by_row(rules):
    environment = engine.Environment()
    read = facts(rules)
    for at, rule in enumerate(rules):
        environment.build(f"(defrule r{at} (go) (exists {write(rule.gap)}) => (assert (gap {at})))")

    def run(profile):
        environment.reset()
        environment.load_facts("\n".join(_facts({name: profile[name] for name in read if name in profile})))
        environment.run()
        return sorted(fact[0] for fact in environment.facts() if fact.template.name == "gap")

    return run


def _facts(profile):
    for name, value in profile.items():
        yield f"(known {name})"
        if isinstance(value, list):
            yield f"(size {name} {len(value)})"
            yield from (f"(has {name} {_atom(item)})" for item in value)
        else:
            yield f"(is {name} {_atom(value)})"
    yield "(go)"
