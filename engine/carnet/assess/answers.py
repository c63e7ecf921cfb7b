# SPDX-License-Identifier: Apache-2.0
"""What a program answers for one set of facts, and the layers decided by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from carnet.assess.ready import ReadyLaw
from carnet.logic.condition import Truth
from carnet.logic.truths import ONE, TRUTHS, Truths
from carnet.verdict.judge import LayerDecision, LayerJudge
from carnet.verdict.plan import Ref


class Answers:
    """Truths of a program's conditions, the known derived facts, and layers decided when they are asked for."""

    def __init__(
        self,
        ready: ReadyLaw,
        truths: Sequence[Truth],
        derived: Mapping[str, Any],
        confirmed: frozenset[str] = frozenset(),
    ) -> None:
        self.ready = ready
        self.derived = derived
        self._truths = truths
        self._judge = LayerJudge(ready.plan, self._bits, ONE, confirmed)
        self._confirmed = confirmed

    def truth(self, ref: Ref) -> Truth:
        """The answer to a condition of the program by its number."""
        return self._truths[ref]

    def _bits(self, ref: Ref) -> Truths[int]:
        return TRUTHS[self._truths[ref]]

    @property
    def judge(self) -> LayerJudge[int]:
        return self._judge

    def layer(self, layer: int) -> LayerDecision[int]:
        """The layer of that number, decided."""
        return self._judge.decide(layer)

    def later(self, truths: Sequence[Truth], derived: Mapping[str, Any], changed: Set[Ref]) -> Answers:
        """The answers when some facts changed; layers that ask for no other truth stay decided."""
        after = Answers(self.ready, truths, derived, self._confirmed)
        refs = self.ready.layer_refs
        after._judge.keep(self._judge, (number for number in range(len(refs)) if refs[number].isdisjoint(changed)))
        return after
