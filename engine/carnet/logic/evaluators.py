# SPDX-License-Identifier: Apache-2.0
"""The evaluators by name. The default is `rete` where durable-rules can be imported, else `native`."""

from __future__ import annotations

from carnet.errors import UnknownName, expect_text, shown, suggest
from carnet.logic.program import Evaluator

NAMES = ("native", "rete")


def evaluator(name: str | None = None) -> Evaluator:
    """An evaluator.

    Raises:
        UnknownName: when there is none of that name.
        InputError: when `rete` is asked for and durable-rules cannot be imported.
    """
    from carnet.logic.native_program import NativeEvaluator
    from carnet.logic.rete import ReteEvaluator, available

    if name is not None and name not in NAMES:
        expect_text("evaluator", name)
        raise UnknownName(
            f"unknown evaluator {shown(name, 40)}", hint=suggest(name, NAMES) or f"use {' or '.join(NAMES)}"
        )
    return ReteEvaluator() if name == "rete" or (name is None and available()) else NativeEvaluator()
