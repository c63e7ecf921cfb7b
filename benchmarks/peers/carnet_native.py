# SPDX-License-Identifier: Apache-2.0
"""Carnet's native evaluator: three-valued truths of all conditions, then the rules that are gaps."""

from carnet.logic.native_program import NativeEvaluator
from carnet.logic.program import Program

EVALUATOR = NativeEvaluator


def by_row(rules, evaluator=NativeEvaluator):
    conditions = tuple(dict.fromkeys(c for rule in rules for c in (rule.applies, rule.requires)))
    index = {condition: at for at, condition in enumerate(conditions)}
    pairs = [(index[rule.applies], index[rule.requires]) for rule in rules]
    prepared = evaluator().prepare(Program((), conditions))

    def run(facts):
        truths, _ = prepared.run(facts)
        return [at for at, (applies, requires) in enumerate(pairs) if truths[applies] and truths[requires] is False]

    run.own_facts = True
    return run
