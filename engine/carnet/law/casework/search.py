# SPDX-License-Identifier: Apache-2.0
"""Facts that bring a rule to each of its statuses, and the near misses around them.

A witness is minimal: without any of its facts a condition would lose its truth. Its neighbours differ in one fact, and
between them they cross every threshold and leave every list of the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import combinations, islice, product
from typing import Any

from carnet.law.casework.candidates import CandidateValues, SampleValues
from carnet.law.casework.rule_under_test import RuleUnderTest
from carnet.law.casework.searchable import Facts, SearchableRule, Truths
from carnet.logic.condition import AllOf, Condition, Not, both
from carnet.logic.solve import repairs

MAX_STARTS = 40
MAX_PRODUCT = 6000
MAX_PAIRS = 3000
WAYS = 6


class Search:
    """Witnesses and candidates for one rule in one market and day, always in the same order."""

    def __init__(self, tried: RuleUnderTest, samples: SampleValues) -> None:
        self.searched = SearchableRule(tried, samples.can_be)
        self.values = CandidateValues(self.searched, samples)
        self._samples = samples

    @cached_property
    def compliant(self) -> list[dict[str, Any]]:
        """Ways to comply, one per alternative, simplest first; empty when none was found."""
        wanted = both(self.searched.applies, self.searched.requires)
        found = [facts for start in self._starts() for facts in self._solved(wanted, start, (True, True))]
        return _distinct(found)[:WAYS]

    @cached_property
    def gaps(self) -> list[dict[str, Any]]:
        """Ways to fail, near to complying where that is possible."""
        searched = self.searched
        found = [
            self.rounded(self.minimal({**facts, **changes}))
            for facts in self.compliant
            for changes in repairs(searched.requires, searched.seen(facts), self._samples, want=False, most=WAYS)
            if self._is({**facts, **changes}, (True, False))
        ]
        if not found:
            wanted = AllOf((searched.applies, Not(searched.requires)))
            found = [facts for start in self._starts() for facts in self._solved(wanted, start, (True, False))]
        return _distinct(found)[:WAYS]

    @cached_property
    def outside(self) -> list[dict[str, Any]]:
        """Ways not to be addressed."""
        searched = self.searched
        found = []
        for facts in [*(self.compliant or self.gaps), {}]:
            for changes in repairs(searched.applies, searched.seen(facts), self._samples, want=False, most=WAYS):
                changed = {**facts, **changes}
                if self._declarable(changes) and searched.truths(changed)[0] is False:
                    found.append(self.rounded(self.minimal(changed, applies_only=True)))
        return _distinct(found)[:WAYS]

    @cached_property
    def candidates(self) -> list[dict[str, Any]]:
        """Every witness, what differs from one in a single fact, and what declares one fact less."""
        bases = [*self.compliant, *self.gaps, *self.outside]
        found = [*bases, *self.silent]
        for base in bases:
            found += list(self.neighbours(base))
        return _distinct(facts for facts in found if self._can_be(facts))

    @property
    def silent(self) -> list[dict[str, Any]]:
        """Addressed by the rule without saying a word on what it requires; and nothing declared at all."""
        found = [self.minimal(facts, applies_only=True) for facts in self.compliant or self.gaps]
        return _distinct([*found, {}])

    def neighbours(self, facts: Facts) -> Iterator[dict[str, Any]]:
        for path in self.searched.paths:
            for value in self.values.around(path, facts):
                yield {**facts, path: value}
            if path in facts:
                yield {other: value for other, value in facts.items() if other != path}

    def farther(self) -> Iterator[dict[str, Any]]:
        """What differs from a witness in two facts."""
        for base in [*self.compliant[:2], *self.gaps[:2]]:
            for one, two in combinations(self.searched.paths, 2):
                for value in self.values.around(one, base):
                    changed = {**base, one: value}
                    yield from ({**changed, two: other} for other in self.values.around(two, changed))

    def every(self) -> list[dict[str, Any]] | None:
        """One set of facts of every kind that the rule can tell apart; None when there are too many to try."""
        if not self.values.is_constant:
            return None
        columns = [[None, *self.values.around(path, {})] for path in self.searched.paths]
        size = 1
        for column in columns:
            size *= len(column)
        if size > MAX_PRODUCT:
            return None
        rows = (zip(self.searched.paths, row, strict=True) for row in product(*columns))
        return list(filter(self._can_be, ({path: value for path, value in row if value is not None} for row in rows)))

    def minimal(self, facts: Facts, applies_only: bool = False) -> dict[str, Any]:
        """The same truths with as few facts as possible; with `applies_only`, only whether the rule applies stays."""
        keep = 1 if applies_only else 2
        wanted = self.searched.truths(facts)[:keep]
        left = dict(facts)
        for path in reversed(list(facts)):
            fewer = {other: value for other, value in left.items() if other != path}
            if self.searched.truths(fewer)[:keep] == wanted:
                left = fewer
        return left

    def _starts(self) -> Iterable[dict[str, Any]]:
        """What is given before anything is solved: the facts that others are computed from."""
        computed = sorted({path for item in self.searched.computed.values() for path in item.reads()})
        behind = [path for path in computed if not path.startswith(("context.", "derived."))]
        plain = {path: self._samples.plausible(path, self._day) for path in self.values.operands if path not in behind}
        columns = [self.values.around(path, plain) for path in behind]
        for row in islice(product(*columns), MAX_STARTS):
            yield {**plain, **dict(zip(behind, row, strict=True))}

    @property
    def _day(self) -> Any:
        return self.searched.tried.maker.context["context.as_of"]

    def _solved(self, wanted: Condition, start: Facts, truths: Truths) -> Iterator[dict[str, Any]]:
        for changes in repairs(wanted, self.searched.seen(start), self._samples, most=WAYS):
            facts = {**start, **changes}
            if self._declarable(changes) and self._is(facts, truths):
                yield self.rounded(self.minimal(facts))

    def rounded(self, facts: Facts) -> dict[str, Any]:
        """Numbers that a formula left broken, as whole as they can be while nothing changes."""
        found = dict(facts)
        for path, value in facts.items():
            if isinstance(value, float) and value != round(value, 3):
                for plain in (int(value) + 1, int(value), round(value, 1), round(value, 2), round(value, 3)):
                    if self.searched.truths({**found, path: plain}) == self.searched.truths(facts):
                        found[path] = plain
                        break
        return found

    def _can_be(self, facts: Facts) -> bool:
        """Whether the vocabulary allows every value."""
        return all(
            self._samples.can_be(path, item)
            for path, value in facts.items()
            for item in (value if isinstance(value, tuple) else (value,))
        )

    @staticmethod
    def _declarable(changes: Facts) -> bool:
        return not any(path.startswith(("derived.", "context.")) for path in changes)

    def _is(self, facts: Facts, truths: Truths) -> bool:
        return self.searched.truths(facts) == truths


def _distinct(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    kept: dict[frozenset[tuple[str, Any]], dict[str, Any]] = {}
    for facts in found:
        kept.setdefault(frozenset(facts.items()), facts)
    return list(kept.values())
