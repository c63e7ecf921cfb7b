# SPDX-License-Identifier: Apache-2.0
"""The evaluator on durable-rules: forward chaining in a rete, the same truths as the native one."""

from carnet.logic.rete.program import ReteEvaluator, available

__all__ = ["ReteEvaluator", "available"]
