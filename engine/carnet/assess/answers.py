# SPDX-License-Identifier: Apache-2.0
"""What a program answers for one set of facts, and the layers decided by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import cached_property
from typing import Any

from carnet.assess.ready import ReadyLaw
from carnet.logic.condition import Truth
from carnet.logic.truths import ONE, TRUTHS, Truths
from carnet.verdict.clause import Clause, Ref
from carnet.verdict.judge import LayerDecision, LayerJudge


class Answers:
    """Truths of a program's conditions, the known derived facts, and layers decided when they are asked for.

    values: the facts. granted: the approvals whose limits are asked, the same for all features of a profile.
    """

    def __init__(
        self,
        ready: ReadyLaw,
        truths: Sequence[Truth],
        values: Mapping[str, Any],
        derived: Mapping[str, Any],
        granted: Sequence[str] = (),
        confirmed: frozenset[str] = frozenset(),
    ) -> None:
        self.ready, self.derived, self.granted = ready, derived, granted
        self._truths, self._values = truths, values
        self._later = len(ready.program.conditions)
        self._asked: dict[Ref, Truth] = {}
        self._asking: dict[int, Sequence[Clause]] = {}
        self._judge = LayerJudge(ready.plan, self._bits, ONE, confirmed, self._limits)
        self._confirmed = confirmed

    def truth(self, ref: Ref) -> Truth:
        """The answer to a condition by its number; the limits of grants are asked when they are looked at."""
        if not self.ready.asks_later(ref):
            return self._truths[ref]
        if ref not in self._asked:
            self._asked[ref] = self.ready.test(ref)(self._known)
        return self._asked[ref]

    @cached_property
    def _known(self) -> Mapping[str, Any]:
        return {**self._values, **self.derived}

    def _bits(self, ref: Ref) -> Truths[int]:
        return TRUTHS[self._truths[ref] if ref < self._later else self.truth(ref)]

    def _limits(self, layer: int) -> tuple[Clause, ...]:
        return self.ready.limits(layer, self.granted)

    @property
    def judge(self) -> LayerJudge[int]:
        return self._judge

    def layer(self, layer: int) -> LayerDecision[int]:
        """The layer of that number, decided."""
        return self._judge.decide(layer)

    def later(
        self,
        truths: Sequence[Truth],
        values: Mapping[str, Any],
        derived: Mapping[str, Any],
        granted: Sequence[str],
        moved: Set[Ref],
        changed: Set[str],
    ) -> Answers:
        """The answers when some facts changed, and with them some truths; layers that ask for no other truth stay
        decided."""
        after = Answers(self.ready, truths, values, derived, granted, self._confirmed)
        refs = self.ready.layer_refs
        same = (number for number in range(len(refs)) if refs[number].isdisjoint(moved))
        after._judge.keep(self._judge, (number for number in same if self._same_limits(number, after, changed)))
        return after

    def _same_limits(self, layer: int, after: Answers, changed: Set[str]) -> bool:
        """Whether a layer asks the same of the same grants, with the same answers."""
        limits = self._limits(layer)
        if limits != after._limits(layer):
            return False
        readers = self.ready.limit_readers(layer, self.granted)
        known = {ref for path in readers.keys() & changed for ref in readers[path]}
        if not all(self.truth(ref) is after.truth(ref) for ref in known):
            return False
        asking = after._asking[layer] = self._asked_in(layer)
        refs = {ref for limit in asking for ref in limit.refs()}
        return all(self.truth(ref) is after.truth(ref) for ref in refs)

    def _asked_in(self, layer: int) -> Sequence[Clause]:
        """The limits that are asked in a layer, or may be; most are not, and what else they read does not matter."""
        if layer not in self._asking:
            limits = self._limits(layer)
            self._asking[layer] = [
                one for one in limits if one.asked is not None and self.truth(one.asked) is not False
            ]
        return self._asking[layer]
