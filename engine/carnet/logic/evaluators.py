# SPDX-License-Identifier: Apache-2.0
"""The evaluators by name. The default is `rete` where durable-rules can be imported, else `native`."""

from __future__ import annotations

from carnet.errors import InputError, UnknownName, suggest
from carnet.logic.program import Evaluator

NAMES = ("native", "rete")


def evaluator(name: str | None = None) -> Evaluator:
    """An evaluator.

    Raises:
        UnknownName: when there is none of that name.
        InputError: when `rete` is asked for and durable-rules cannot be imported.
    """
    if name is not None and name not in NAMES:
        raise UnknownName(f"unknown evaluator `{name[:40]}`", hint=suggest(name, NAMES) or f"use {' or '.join(NAMES)}")
    if name != "native":
        try:
            from carnet.logic.rete import ReteEvaluator
        except ImportError:
            if name == "rete":
                hint = "use `native`: it gives the same answers"
                raise InputError(
                    "evaluator `rete` needs durable-rules, which cannot be imported here", None, hint
                ) from None
        else:
            rete: Evaluator = ReteEvaluator()
            return rete
    from carnet.logic.native_program import NativeEvaluator

    return NativeEvaluator()
