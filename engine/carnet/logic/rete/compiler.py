# SPDX-License-Identifier: Apache-2.0
"""From a program to stages of rulesets: derived facts and parts of large conditions are chained before verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import NamedTuple

from carnet.logic.condition import (
    AllOf,
    Applied,
    AtLeast,
    Compare,
    Condition,
    Not,
)
from carnet.logic.formula import Expr
from carnet.logic.program import Derived, Program
from carnet.logic.rete.facts import Properties, Property
from carnet.logic.rete.network import Network, Rule
from carnet.logic.rete.patterns import ALWAYS, AND, NEVER, OR, Literal, Pair, join, properties

MAX_PATTERN = (24, 12, 24)
MAX_CHOICES = 6
FULL = 30
PART = "part:"


class Formula(NamedTuple):
    """A derived fact that is computed: its path, its expression and the facts it reads."""

    path: str
    expr: Expr
    reads: frozenset[str]


class Stage:
    """What is decided together: formulas, then properties, then rulesets; nothing in it waits for a later stage.

    readers: the positions of the rulesets that read a property.
    """

    def __init__(self, formulas: Sequence[Formula], properties: Iterable[int], networks: Sequence[Network]) -> None:
        self.formulas = tuple(formulas)
        self.properties = frozenset(properties)
        self.networks = tuple(networks)
        self.readers: dict[int, list[int]] = {}
        for position, network in enumerate(self.networks):
            for index in network.properties:
                self.readers.setdefault(index, []).append(position)


@dataclass(frozen=True, slots=True)
class Plan:
    """A compiled program. Truth `i` is that of condition `i`; later ones become the facts that `feeds` names.

    fixed: truths that no fact can change. readers: the properties that read a fact.
    """

    properties: Sequence[Property]
    stages: Sequence[Stage]
    truths: int
    feeds: Mapping[int, str]
    fixed: Mapping[int, bool]
    readers: Mapping[str, Sequence[int]]

    def fixed_facts(self) -> Mapping[str, bool]:
        """The derived facts that hold whatever is declared."""
        return {self.feeds[index]: truth for index, truth in self.fixed.items() if index in self.feeds}


def compile_program(program: Program) -> Plan:
    """Compile a program."""
    return _Compiler(program).plan()


class _Compiler:
    def __init__(self, program: Program) -> None:
        self._properties = Properties()
        self._pairs: dict[Condition, Pair] = {}
        self._parts: dict[Pair, str] = {}
        self._level: dict[str, int] = {}
        self._feeds: dict[int, str] = {}
        self._rules: list[tuple[int, Rule]] = []
        self._formulas: list[tuple[int, Formula]] = []
        self._truths = len(program.conditions)
        for derived in program.derived:
            self._derive(derived)
        pairs = [self._pair(condition) for condition in program.conditions]
        last = max((self._pair_level(pair) for pair in pairs), default=0)
        self._rules += [(last, Rule(index, pair)) for index, pair in enumerate(pairs)]

    def plan(self) -> Plan:
        properties = self._properties.all
        readers: dict[str, list[int]] = {}
        for index, prop in enumerate(properties):
            for path in prop.reads:
                readers.setdefault(path, []).append(index)
        fixed = {rule.index: rule.pair.true == ALWAYS for _, rule in self._rules if ALWAYS in rule.pair}
        depth = 1 + max((level for level, _ in (*self._rules, *self._formulas)), default=0)
        stages = [self._stage(level, fixed) for level in range(depth)]
        return Plan(properties, stages, self._truths, self._feeds, fixed, readers)

    def _stage(self, level: int, fixed: Mapping[int, bool]) -> Stage:
        properties = self._properties.all
        rules = [rule for at, rule in self._rules if at == level and rule.index not in fixed]
        return Stage(
            [formula for at, formula in self._formulas if at == level],
            [i for i, prop in enumerate(properties) if self._facts_level(prop.reads) == level],
            [Network(group, lambda i, constant: properties[i].place(constant)) for group in grouped(rules)],
        )

    def _facts_level(self, paths: Iterable[str]) -> int:
        return max((self._level.get(path, 0) for path in paths), default=0)

    def _pair_level(self, pair: Pair) -> int:
        return max((self._facts_level(self._properties.all[i].reads) for i in properties(pair.true)), default=0)

    def _derive(self, derived: Derived) -> None:
        if derived.expr is not None:
            reads = derived.expr.facts()
            level = self._facts_level(reads)
            self._level[derived.path] = level
            self._formulas.append((level, Formula(derived.path, derived.expr, reads)))
        elif derived.condition is not None:
            self._feed(derived.path, self._pair(derived.condition))

    def _feed(self, path: str, pair: Pair) -> None:
        level = self._pair_level(pair)
        self._level[path] = level + 1
        self._feeds[self._truths] = path
        self._rules.append((level, Rule(self._truths, pair)))
        self._truths += 1

    def _pair(self, condition: Condition) -> Pair:
        if condition not in self._pairs:
            self._pairs[condition] = self._lower(condition)
        return self._pairs[condition]

    def _lower(self, condition: Condition) -> Pair:
        if isinstance(condition, Compare):
            return self._properties.leaf(condition)
        if isinstance(condition, Not):
            return self._pair(condition.item).swapped()
        if isinstance(condition, AtLeast):
            return self._at_least(condition.n, condition.items)
        if isinstance(condition, Applied):
            raise TypeError(f"condition is not bound: {condition}")
        pairs = [self._pair(item) for item in condition.items]
        return self._all(pairs) if isinstance(condition, AllOf) else self._any(pairs)

    def _any(self, pairs: Iterable[Pair]) -> Pair:
        return self._all([pair.swapped() for pair in pairs]).swapped()

    def _all(self, pairs: Sequence[Pair]) -> Pair:
        """Conjunction; parts that would make a pattern too large are decided in an earlier stage."""
        pairs = [pair for pair in dict.fromkeys(pairs) if pair.true != ALWAYS]
        if any(pair.true == NEVER for pair in pairs):
            return Pair(NEVER, ALWAYS)
        while not _fits(whole := _conjunction(pairs)):
            largest = max(pairs, key=lambda pair: max(pair.true.size, pair.false.size))
            if not isinstance(largest.true, Literal):
                pairs[pairs.index(largest)] = self._part(largest)
            else:
                pairs = [self._part(_conjunction(pairs[i : i + 8])) for i in range(0, len(pairs), 8)]
        return whole

    def _part(self, pair: Pair) -> Pair:
        if ALWAYS in pair or isinstance(pair.true, Literal):
            return pair
        if pair not in self._parts:
            self._parts[pair] = f"{PART}{len(self._parts)}"
            self._feed(self._parts[pair], pair)
        return self._properties.truth(self._parts[pair])

    def _at_least(self, n: int, items: tuple[Condition, ...]) -> Pair:
        """Every choice of `n` items where these are few; else so many of one half and the rest of the other."""
        pairs = [self._pair(item) for item in items]
        if not 0 < n < len(items):
            return self._all(pairs) if n == len(items) else Pair(ALWAYS, NEVER) if n <= 0 else Pair(NEVER, ALWAYS)
        if comb(len(items), n) <= MAX_CHOICES and comb(len(items), n - 1) <= MAX_CHOICES:
            pair = _choices(n, pairs)
            return pair if _fits(pair) else _choices(n, [self._part(pair) for pair in pairs])
        half = len(items) // 2
        counts = range(max(0, n - len(items) + half), min(n, half) + 1)
        return self._any([self._all([self._some(i, items[:half]), self._some(n - i, items[half:])]) for i in counts])

    def _some(self, n: int, items: tuple[Condition, ...]) -> Pair:
        return self._part(self._pair(AtLeast(n, items)))


def _choices(n: int, pairs: Sequence[Pair]) -> Pair:
    """At least `n` of these: true by any `n` true ones, false by any that leave fewer."""
    true = [join(AND, chosen) for chosen in combinations([pair.true for pair in pairs], n)]
    false = [join(AND, chosen) for chosen in combinations([pair.false for pair in pairs], len(pairs) - n + 1)]
    return Pair(join(OR, true), join(OR, false))


def _conjunction(pairs: Sequence[Pair]) -> Pair:
    return Pair(join(AND, [pair.true for pair in pairs]), join(OR, [pair.false for pair in pairs]))


def _fits(pair: Pair) -> bool:
    return all(found <= limit for side in pair for found, limit in zip(side.size, MAX_PATTERN, strict=True))


def grouped(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules that read the same properties together; small rulesets, because a session runs whole ones again."""
    groups: list[list[Rule]] = []
    leaves = FULL
    for rule in sorted(rules, key=lambda rule: sorted(rule.properties)):
        if leaves + rule.leaves > FULL:
            groups.append([])
            leaves = 0
        groups[-1].append(rule)
        leaves += rule.leaves
    return groups
