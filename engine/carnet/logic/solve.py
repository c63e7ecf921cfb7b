# SPDX-License-Identifier: Apache-2.0
"""The least changes to some facts that give a condition the truth one wants: remedies, witnesses, proposed tests.

A condition is read as alternatives, each a list of comparisons that must hold together; per alternative and fact a
value is sought that satisfies them all, starting from what is declared. Every answer is checked against the reference
evaluator before it is returned, so a wrong guess costs an alternative and never a wrong remedy.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, islice, product
from typing import Any, NamedTuple, Protocol

from carnet.logic.condition import (
    AllOf,
    AreaRef,
    AtLeast,
    Compare,
    Condition,
    Constant,
    FactRef,
    Not,
    children,
    operand_facts,
)
from carnet.logic.native import RELATIONS, compile_condition, operand_value
from carnet.logic.numbers import rounded_down, rounded_up
from carnet.logic.places import Area

MAX_ALTERNATIVES = 24
_UNSET = object()
# Valid values that law hardly ever names, for facts whose values are open.
_OPEN: Mapping[str, tuple[str, ...]] = {
    "country": ("AQ", "BV", "HM", "TF"),
    "place": ("AQ", "BV", "HM", "TF"),
    "language": ("la", "eo", "io", "ia"),
}


class Domain(Protocol):
    """What a fact may be: its type, allowed values (empty: open), inclusive range, and the kind of open items."""

    @property
    def type(self) -> str: ...
    @property
    def values(self) -> Mapping[str, str]: ...
    @property
    def range(self) -> tuple[float, float] | None: ...
    @property
    def items(self) -> str: ...


class Domains(Protocol):
    def fact(self, path: str) -> Domain: ...


class Wanted(NamedTuple):
    """One comparison that must come out as `holds`."""

    leaf: Compare
    holds: bool

    def accepts(self, value: Any, other: Any) -> bool:
        return RELATIONS[self.leaf.op](value, other) is self.holds


def repairs(
    condition: Condition, facts: Mapping[str, Any], domains: Domains, want: bool = True, most: int = 3
) -> list[dict[str, Any]]:
    """Sets of facts to declare so that the condition gets the wanted truth, fewest changes first, none needless.

    An empty dict means that it already has it; an empty list that no way was found. A value of None takes a
    declaration back.
    """
    test = compile_condition(condition)
    if test(facts) is want:
        return [{}]
    found: list[dict[str, Any]] = []
    for wanted in islice(_alternatives(condition, want, facts), MAX_ALTERNATIVES):
        changes = settle(wanted, facts, domains)
        if changes is not None and changes not in found and test({**facts, **changes}) is want:
            found.append(changes)
    ways = sorted(found, key=len)
    needless = (any(less.items() <= way.items() for less in ways[:at]) for at, way in enumerate(ways))
    return [way for way, more in zip(ways, needless, strict=True) if not more][:most]


def _alternatives(condition: Condition, want: bool, facts: Mapping[str, Any]) -> Iterator[list[Wanted]]:
    """Ways to give the condition the wanted truth; those that start from what already holds come first."""
    if isinstance(condition, Compare):
        yield [Wanted(condition, want)]
    elif isinstance(condition, Not):
        yield from _alternatives(condition.item, not want, facts)
    else:
        items = children(condition)
        need = len(items) if isinstance(condition, AllOf) else condition.n if isinstance(condition, AtLeast) else 1
        if not want:
            need = len(items) - need + 1
        ordered = sorted(items, key=lambda item: compile_condition(item)(facts) is not want)
        for chosen in islice(combinations(ordered, need), MAX_ALTERNATIVES):
            ways = [list(islice(_alternatives(item, want, facts), 6)) for item in chosen]
            for combined in islice(product(*ways), MAX_ALTERNATIVES):
                yield [wanted for part in combined for wanted in part]


def settle(wanted: list[Wanted], facts: Mapping[str, Any], domains: Domains) -> dict[str, Any] | None:
    """One value per fact that satisfies everything wanted of it, left as declared where that already does."""
    changes: dict[str, Any] = {}
    by_path: dict[str, list[Wanted]] = {}
    for item in wanted:
        by_path.setdefault(item.leaf.path, []).append(item)
    for path, items in by_path.items():
        now = {**facts, **changes}
        presence = {item.leaf.operand == Constant(item.holds) for item in items if item.leaf.op == "declared"}
        pairs = [(item, _other(item, now, changes, domains)) for item in items if item.leaf.op != "declared"]
        if len(presence) > 1 or any(other is None for _, other in pairs) or (False in presence and pairs):
            return None
        current = now.get(path)
        if presence == {False}:
            if current is not None:
                changes[path] = None
        elif current is None or not all(item.accepts(current, other) for item, other in pairs):
            value = _value(domains.fact(path), current, pairs)
            if value is _UNSET:
                return None
            changes[path] = value
    return changes


def _other(item: Wanted, now: Mapping[str, Any], changes: dict[str, Any], domains: Domains) -> Any:
    """The right-hand side; an undeclared fact there is declared equal to the left, or with a plain value."""
    operand = item.leaf.operand
    value = operand_value(operand, now)
    if value is not None or isinstance(operand, Constant):
        return value
    for path in sorted(operand_facts(operand)):
        if path in now or path.startswith("derived."):
            continue
        same = now.get(item.leaf.path) if isinstance(operand, (AreaRef, FactRef)) else None
        one_of = item.leaf.op in ("in", "not_in") and same is not None
        changes[path] = _plain(domains.fact(path)) if same is None else (same,) if one_of else same
    return operand_value(operand, {**now, **changes})


def _plain(domain: Domain) -> Any:
    """Some value of the domain, away from its ends."""
    if domain.values:
        first = next(iter(domain.values))
        return (first,) if domain.type == "set" else first
    if domain.type in ("int", "number"):
        low, high = domain.range or (0, 100)
        return min(max(50, low), high)
    first = _spare(domain)[0]
    return {"bool": True, "date": dt.date(2026, 1, 1), "set": (first,)}.get(domain.type, first)


def _spare(domain: Domain) -> tuple[str, ...]:
    """Values to fill up with."""
    return tuple(domain.values) or _OPEN.get(domain.items, ("other", "another", "a third", "a fourth"))


def _value(domain: Domain, current: Any, pairs: list[tuple[Wanted, Any]]) -> Any:
    if not pairs:
        return _plain(domain) if current is None else current
    candidates = _sets(domain, current, pairs) if domain.type == "set" else _scalars(domain, current, pairs)
    for candidate in candidates:
        if _in_range(candidate, domain) and all(item.accepts(candidate, other) for item, other in pairs):
            return candidate
    return _UNSET


def _in_range(value: Any, domain: Domain) -> bool:
    if domain.range is None or isinstance(value, (bool, str, tuple, dt.date)):
        return True
    return bool(domain.range[0] <= value <= domain.range[1])


def _scalars(domain: Domain, current: Any, pairs: list[tuple[Wanted, Any]]) -> Iterator[Any]:
    if current is not None:
        yield current
    if domain.type == "bool":
        yield from (True, False)
        return
    named = [value for _, other in pairs for value in (other if isinstance(other, tuple) else (other,))]
    for value in named:
        if isinstance(value, float):
            yield from (rounded_up(value), rounded_down(value))
    yield from named
    if domain.type == "date":
        yield from (day + dt.timedelta(days=step) for day in named for step in (-1, 1))
    elif domain.type in ("int", "number"):
        yield from _around(named, whole=domain.type == "int")
    if domain.type in ("text", "choice"):
        yield from _spare(domain)
    if domain.range and domain.type in ("int", "number"):
        yield from domain.range


def _around(bounds: Iterable[float], whole: bool) -> Iterator[float]:
    for step in (1, 0.1, 0.01) if not whole else (1,):
        for bound in bounds:
            yield bound - step
            yield bound + step


def _sets(domain: Domain, current: Any, pairs: list[tuple[Wanted, Any]]) -> Iterator[tuple[str, ...]]:
    """Start from what is declared: drop what must not be there, add what must."""
    spare = list(_spare(domain))
    for base in (current, ()) if current else ((),):
        items = list(base)
        for item, other in pairs:
            _adjust(items, item, _allowed(domain, item, other), spare)
        for item, other in pairs:
            if item.leaf.op == "ranks" and item.holds:
                items = [*other, *(name for name in items if name not in other)]
        yield tuple(dict.fromkeys(items))
    for size in (1, 2):
        yield from islice(combinations(spare, size), 60)


def _allowed(domain: Domain, item: Wanted, other: Any) -> Any:
    """Of names one of which is enough, those that the fact may hold: a chain names a part of a country first."""
    if domain.items == "country" and item.leaf.op == "contains_any" and item.holds and isinstance(other, tuple):
        return tuple(name for name in other if "-" not in name) or other
    return other


def _adjust(items: list[str], item: Wanted, other: Any, spare: list[str]) -> None:
    op, holds = item.leaf.op, item.holds
    if isinstance(other, Area):
        if holds:
            outside = other.outside(tuple(items))
            items[:] = [name for name in items if name not in outside] if len(outside) < len(items) else other.granted
        return
    names = other if isinstance(other, tuple) else (other,)
    if op in ("contains_all", "ranks", "eq") and holds:
        items += [name for name in names if name not in items]
    elif op in ("contains_any", "disjoint") and holds is (op == "contains_any"):
        if not set(items) & set(names):
            items += names[:1]
    elif op in ("contains_any", "disjoint"):
        items[:] = [name for name in items if name not in names]
    elif op in ("contains_all", "ranks"):
        items[:] = [name for name in items if name not in names[-1:]]
    if (op == "subset_of" and holds) or (op == "eq" and holds):
        items[:] = [name for name in items if name in names]
    elif op in ("subset_of", "eq", "ne") and holds is (op == "ne"):
        items.append(next((name for name in spare if name not in names), spare[0]))
    elif op == "ne":
        items[:] = list(names)
    elif op.startswith("size_"):
        _resize(items, item, other, spare)


def _resize(items: list[str], item: Wanted, size: int, spare: list[str]) -> None:
    for wanted in (len(items), size, size + 1, max(size - 1, 0)):
        if item.accepts(tuple(str(i) for i in range(wanted)), size):
            del items[wanted:]
            items += [name for name in spare if name not in items][: wanted - len(items)]
            return
