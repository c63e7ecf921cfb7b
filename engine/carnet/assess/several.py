# SPDX-License-Identifier: Apache-2.0
"""Several features of one profile in a market: what is the same for all of them is said once, naming none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import is_not

from carnet.assess.feature import FeatureAssessor
from carnet.assess.model import Finding
from carnet.logic.explain import ProfileView
from carnet.logic.formula import Expr, evaluate
from carnet.verdict.features import Features
from carnet.verdict.judge import ClauseDecision

Told = tuple[ClauseDecision[int], Finding | None]
"""A decision, with its finding where there is one."""


class ProfilePair:
    """The facts of two features side by side."""

    def __init__(self, one: ProfileView, other: ProfileView) -> None:
        self.one, self.other = one, other

    def same(self, path: str) -> int:
        return int(_same(self.one.facts.get(path), self.other.facts.get(path)))

    def same_formula(self, expr: Expr) -> int:
        return int(_same(evaluate(expr, self.one.facts), evaluate(expr, self.other.facts)))


def _same(one: object, other: object) -> bool:
    """Whether two values are; a set with the same names in another order is."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return set(one) == set(other)
    return one == other


class OnceForAll:
    """Findings of several features, told once where they are the same.

    Asked again, it compares only findings that are others than before.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[list[Finding | None], list[Finding]]] = {}

    def findings(self, assessors: Sequence[FeatureAssessor], told: Sequence[Sequence[Told]]) -> Iterator[Finding]:
        """What all features find, clause by clause.

        told: for each assessor its decisions, of the same clauses in the same order.
        """
        first, *others = assessors
        pairs = [ProfilePair(first.evidence.view, other.evidence.view) for other in others]
        compared = Features(first.answers.ready.conditions, pairs)
        for same_clause in zip(*told, strict=True):
            group = [finding for _, finding in same_clause]
            clause = same_clause[0][0].clause
            key = (clause.kind, clause.id)
            known = self._known.get(key)
            if known is None or any(map(is_not, known[0], group)):
                found = [finding for finding in group if finding is not None]
                if len(found) == len(group) and compared.same([decision for decision, _ in same_clause], 1):
                    found = [found[0]._replace(feature="")]
                known = self._known[key] = (group, found)
            yield from known[1]
