# SPDX-License-Identifier: Apache-2.0
"""ZEN: one decision with an expression node that holds every rule."""

import json

import zen as engine

from peers.words import Language, signs

ZEN = Language(
    known=lambda fact: f"{fact} != null",
    words={
        **signs(size=lambda fact: f"len({fact})"),
        "in": lambda fact, value: f"{fact} in {value}",
        "not_in": lambda fact, value: f"{fact} not in {value}",
        "contains_any": lambda fact, value: f"some({value}, # in {fact})",
        "disjoint": lambda fact, value: f"none({value}, # in {fact})",
        "contains_all": lambda fact, value: f"all({value}, # in {fact})",
        "lacks": lambda fact, value: f"not all({value}, # in {fact})",
        "subset_of": lambda fact, value: f"all({fact}, # in {value})",
        "exceeds": lambda fact, value: f"some({fact}, # not in {value})",
    },
)


def by_row(rules):
    expressions = [{"id": f"e{at}", "key": f"r{at}", "value": ZEN.write(rule.gap)} for at, rule in enumerate(rules)]
    decision = {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in"},
            {"id": "rules", "type": "expressionNode", "name": "rules", "content": {"expressions": expressions}},
            {"id": "out", "type": "outputNode", "name": "out"},
        ],
        "edges": [
            {"id": "1", "type": "edge", "sourceId": "in", "targetId": "rules"},
            {"id": "2", "type": "edge", "sourceId": "rules", "targetId": "out"},
        ],
    }
    ready = engine.ZenEngine().create_decision(json.dumps(decision))

    def run(profile):
        result = ready.evaluate(profile)["result"]
        return [at for at in range(len(rules)) if result[f"r{at}"]]

    return run
