# SPDX-License-Identifier: Apache-2.0
"""Truths that are decided when they are asked for."""

from __future__ import annotations

from carnet.logic.condition import Truth
from carnet.logic.native import Facts, Test
from carnet.logic.native_program import Truths


def test_a_truth_is_decided_when_first_asked_for_and_then_kept() -> None:
    asked: list[str] = []

    def named(name: str, truth: Truth) -> Test:
        def decide(_: Facts) -> Truth:
            asked.append(name)
            return truth

        return decide

    truths = Truths([named("a", True), named("b", None), named("c", False)], {})
    assert (len(truths), truths[1], truths[1], asked) == (3, None, None, ["b"])
    assert truths[1:] == [None, False]
    assert (list(truths), asked) == ([True, None, False], ["b", "c", "a"])
