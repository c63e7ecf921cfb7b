# SPDX-License-Identifier: Apache-2.0
"""Which values of a fact are worth trying: those at, below and above every threshold, in and outside every list.

What is tried here ends up in cases that people read, so open lists offer real codes and undetermined quantities
plausible amounts.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import Any

from carnet.declare.codes import item_fault
from carnet.declare.vocabulary import Fact, Vocabulary
from carnet.law.casework.mutants import DAY, moved
from carnet.law.casework.searchable import SearchableRule
from carnet.logic.condition import Compare, Constant, operand_facts
from carnet.logic.native import operand_value

MAX_SUBSETS = 6
SAMPLES: Mapping[str, tuple[str, ...]] = {
    "country": ("DE", "CN", "US", "JP", "BR", "AE", "NZ"),
    "language": ("en", "de", "ar", "zh", "fr", "pt"),
    "place": ("DE-BY", "AE-DU", "US-CA", "SG", "BR"),
    "": ("other", "another"),
    "text": ("other", "another"),
}
PLAUSIBLE: Mapping[str, float] = {
    "km/h": 60,
    "m": 50,
    "s": 5,
    "kg": 2000,
    "h": 24,
    "days": 30,
    "months": 12,
    "years": 5,
    "%": 50,
    "min": 10,
    "m/s2": 3,
}


class SampleValues:
    """The vocabulary with something to choose from where a fact is open; what `solve.repairs` draws values from."""

    def __init__(self, vocabulary: Vocabulary, approvals: Collection[str], jurisdictions: Collection[str]) -> None:
        self._vocabulary = vocabulary
        self._approvals = approvals
        self._jurisdictions = jurisdictions
        self.fact = cache(self._fact)
        self.can_be = cache(self._can_be)

    def _fact(self, path: str) -> Fact:
        fact = self._vocabulary.fact(path.partition("@")[0] if path.startswith("derived.") else path)
        if fact.values or fact.type not in ("text", "set", "choice"):
            return fact
        names = tuple(self._approvals)[:4] if fact.items == "approval" else SAMPLES.get(fact.items, SAMPLES[""])
        return replace(fact, values=dict.fromkeys(names, ""))

    def _can_be(self, path: str, value: Any) -> bool:
        """Whether a fact can have this value, or contain it: a group of jurisdictions may name what is no country."""
        fact = self.fact(path)
        return not fact.items or item_fault(fact.items, value, self._jurisdictions, self._approvals) is None

    def plausible(self, path: str, day: dt.date) -> Any:
        """A value that is as good as any other, for a fact that something else is computed from."""
        fact = self.fact(path)
        if fact.type == "bool":
            return True
        if fact.type == "date":
            return dt.date(day.year - 1, 1, 1)
        if fact.values:
            first = next(iter(fact.values))
            return (first,) if fact.type == "set" else first
        low, high = fact.range or (0, math.inf)
        return int(max(low, min(high, PLAUSIBLE.get(fact.unit, 10))))


class CandidateValues:
    """The values worth trying for each fact that a rule reads."""

    def __init__(self, searched: SearchableRule, samples: SampleValues) -> None:
        self._searched = searched
        self._samples = samples
        self._by_path: dict[str, list[Compare]] = {}
        self._right: set[str] = set()
        for leaf in searched.leaves:
            self._by_path.setdefault(leaf.path, []).append(leaf)
            self._right |= operand_facts(leaf.operand)
        for item in searched.computed.values():
            self._right |= item.reads()

    @property
    def operands(self) -> list[str]:
        """The declared facts that something is compared with or computed from."""
        return sorted(path for path in self._right if not path.startswith(("context.", "derived.")))

    @property
    def is_constant(self) -> bool:
        """Whether every comparison is with a constant, so that candidates hold one value of every kind there is."""
        return not self._right and not any(len(self._named(leaf, {})) > MAX_SUBSETS for leaf in self._searched.leaves)

    def around(self, path: str, facts: Mapping[str, Any]) -> list[Any]:
        """Values worth trying for one fact while the others are as they are."""
        fact = self._samples.fact(path)
        seen = self._searched.seen(facts)
        bounds = [self._named(leaf, seen) for leaf in self._by_path.get(path, ())]
        named = [value for values in bounds for value in values]
        if path in self._right:
            named += [facts[path]] if path in facts else [self._samples.plausible(path, seen["context.as_of"])]
            named += list(self._shifted(path, seen))
        found = self._values(fact, path, named, bounds)
        return [value for value in dict.fromkeys(found) if _in_range(value, fact)]

    def _values(self, fact: Fact, path: str, named: list[Any], bounds: list[tuple[Any, ...]]) -> Iterator[Any]:
        if fact.type == "bool":
            yield from (True, False)
        elif fact.type == "set":
            yield from self._sets(fact, path, bounds)
        elif fact.type in ("int", "number"):
            for value in named:
                yield from _numbers(value, whole=fact.type == "int")
            yield from fact.range or ()
        elif fact.type == "date":
            for value in named:
                yield from (value - DAY, value, value + DAY)
        else:
            yield from named
            yield from [value for value in fact.values if value not in named][:1]

    def _named(self, leaf: Compare, seen: Mapping[str, Any]) -> tuple[Any, ...]:
        """The values a comparison names, as far as they are known."""
        if leaf.op == "declared":
            return ()
        value = leaf.operand.value if isinstance(leaf.operand, Constant) else operand_value(leaf.operand, seen)
        if value is None:
            return ()
        return value if isinstance(value, tuple) else (value,)

    def _sets(self, fact: Fact, path: str, bounds: list[tuple[Any, ...]]) -> Iterator[tuple[str, ...]]:
        leaves = self._by_path.get(path, ())
        pairs = list(zip(leaves, bounds, strict=True))
        lists = [tuple(map(str, names)) for leaf, names in pairs if not leaf.op.startswith("size_") and names]
        named = tuple(dict.fromkeys(name for names in lists for name in names))
        outside = tuple(value for value in fact.values if value not in named)[:1]
        yield from lists
        for names in lists:
            if len(names) > 1:
                yield from (tuple(n for n in names if n != name) for name in names)
        for leaf, names in pairs:
            if leaf.op == "ranks":
                yield from ((*names[:i], *names[i + 1 :], names[i]) for i in range(len(names) - 1))
                yield from ((*names[1:2], names[0], *names[2:]), (names[-1], *names[:-1]))
        yield from ((name,) for name in named)
        yield from (outside, (), (*named, *outside), named, tuple(reversed(named)))
        yield from (names + outside for names in lists)
        spare = [*named, *(value for value in fact.values if value not in named)]
        for leaf, sizes in pairs:
            if leaf.op.startswith("size_") and sizes:
                yield from (tuple(spare[:n]) for n in range(max(0, sizes[0] - 1), sizes[0] + 2) if n <= len(spare))
        if len(named) <= MAX_SUBSETS:
            for size in range(len(named) + 1):
                for chosen in combinations(named, size):
                    yield chosen
                    yield chosen + outside

    def _shifted(self, path: str, seen: Mapping[str, Any]) -> Iterator[Any]:
        """For a fact behind a computed number on the left: dates that lie as many days or years back as it names."""
        for name, item in self._searched.computed.items():
            if path in item.reads() and self._samples.fact(path).type == "date":
                day: dt.date = seen["context.as_of"]
                for leaf in self._by_path[name]:
                    for value in self._named(leaf, seen):
                        yield from (day - dt.timedelta(days=int(value)), *_years_back(day, int(value)))


def _years_back(day: dt.date, years: int) -> Iterator[dt.date]:
    for year in (years - 1, years, years + 1):
        if 1 < day.year - year < 9999:
            yield day.replace(year=day.year - year, day=min(day.day, 28))
            if day.day < 29:
                yield day.replace(year=day.year - year)


def _numbers(value: float, whole: bool) -> Iterator[float]:
    """A threshold and one step on either side; around one that came out broken, the whole numbers next to it."""
    if value != round(value, 6) or (whole and value != int(value)):
        yield from (math.ceil(value), math.floor(value))
        return
    yield from (value, moved(value, 1), moved(value, -1))


def _in_range(value: Any, fact: Fact) -> bool:
    if fact.range is None or isinstance(value, (bool, str, tuple, dt.date)):
        return True
    return bool(fact.range[0] <= value <= fact.range[1])
