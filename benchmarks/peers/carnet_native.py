# SPDX-License-Identifier: Apache-2.0
"""Carnet's native evaluator: three-valued truths of conditions, and what they make of each rule."""

from carnet.logic.native_program import NativeEvaluator
from carnet.logic.program import Program


def _prepared(rules, evaluator):
    conditions = tuple(dict.fromkeys(c for rule in rules for c in (rule.applies, rule.requires)))
    index = {condition: at for at, condition in enumerate(conditions)}
    return evaluator().prepare(Program((), conditions)), [(index[r.applies], index[r.requires]) for r in rules]


def by_row(rules, evaluator=NativeEvaluator):
    prepared, pairs = _prepared(rules, evaluator)

    def run(facts):
        truths, _ = prepared.run(facts)
        return [at for at, (applies, requires) in enumerate(pairs) if truths[applies] and truths[requires] is False]

    run.own_facts = True
    return run


def statuses(rules, evaluator=NativeEvaluator):
    prepared, pairs = _prepared(rules, evaluator)

    def run(facts):
        truths, _ = prepared.run(facts)
        found = []
        for applies, requires in pairs:
            on = truths[applies]
            if on is False:
                found.append("not_applicable")
                continue
            met = truths[requires]
            found.append("compliant" if met else "gap" if on and met is False else "undetermined")
        return found

    run.own_facts = True
    return run
