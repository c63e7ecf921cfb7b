# SPDX-License-Identifier: Apache-2.0
"""rule-engine: a rule object per rule."""

from __future__ import annotations

import importlib
import json

from peers.words import Language, signs

engine = importlib.import_module("rule_engine")


def items(name, value, word):
    """`any` and `all` over a list, spelled out: the language has neither."""
    return "(" + f" {word} ".join(f"{json.dumps(item)} in {name}" for item in json.loads(value)) + ")"


def only(name, value):
    """Nothing but these: as many of them as the list is long."""
    return f"[i for i in {name} if not i in {value}].length == 0"


RULE_ENGINE = Language(
    known=lambda name: f"{name} != null",
    words={
        **signs(size=lambda name: f"{name}.length"),
        "in": lambda name, value: f"{name} in {value}",
        "not_in": lambda name, value: f"not ({name} in {value})",
        "contains_any": lambda name, value: items(name, value, "or"),
        "disjoint": lambda name, value: f"not {items(name, value, 'or')}",
        "contains_all": lambda name, value: items(name, value, "and"),
        "lacks": lambda name, value: f"not {items(name, value, 'and')}",
        "subset_of": only,
        "exceeds": lambda name, value: f"not ({only(name, value)})",
    },
)


def by_row(rules):
    context = engine.Context(default_value=None)
    matches = [engine.Rule(RULE_ENGINE.write(rule.gap), context=context).matches for rule in rules]

    def run(profile):
        return [at for at, match in enumerate(matches) if match(profile)]

    return run
