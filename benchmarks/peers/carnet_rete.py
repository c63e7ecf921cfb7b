# SPDX-License-Identifier: Apache-2.0
"""Carnet's rete evaluator, on durable-rules."""

from carnet.logic.rete import ReteEvaluator
from peers import carnet_native


def by_row(rules):
    return carnet_native.by_row(rules, ReteEvaluator)


def statuses(rules):
    return carnet_native.statuses(rules, ReteEvaluator)
