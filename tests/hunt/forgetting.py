# SPDX-License-Identifier: Apache-2.0
"""What is not known makes nothing better, and what could change an outcome is asked: many profiles over all markets.

Each attempt takes some profiles, forgets facts of each, and declares in every row one more: the outcomes of all rows in
all markets come from the fleet kernel, since a check of each would take hours. Where one fact changed an outcome, the
check of the row without it has to ask for that fact.

Forgotten are facts, approvals as a whole and the limits that their grants always carry. What only narrows a grant, its
dates and other limits, is the exception that docs/decisions/0013-declared.md makes, and the day that is assessed is no
fact. Grants are given limits at random, so that what is done is forgotten within, at and beyond them.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
from hunt_world import Broken, World

from carnet.fleet.compiled import compile_rulebooks
from carnet.fleet.facts import Declared
from carnet.fleet.results import Assessor
from carnet.plan.questions import questions

DAY = dt.date(2027, 1, 1)
BASES, ADDED, LOOKED_AT = 6, 60, 12
ENTRY = ("open", "conditional")
MANY = ("operation.fleet_size", 5000)
DATES = ("granted_on", "valid_until", "applied_on", "expected_on")
Row = Mapping[str, Any]
KINDS = {"bool": pa.bool_(), "int": pa.float64(), "number": pa.float64(), "date": pa.date32()}


class Step(NamedTuple):
    """One fact declared more, in a market where it changes the outcome."""

    market: str
    less: Row
    path: str
    value: Any
    before: str
    after: str

    def __str__(self) -> str:
        said = f"{self.market}: {self.before}, and {self.after} with {self.path} = {self.value!r}"
        return f"{said}; without it: {dict(self.less)}"


class Markets:
    """The outcomes of profiles in all markets of a day."""

    def __init__(self, world: World, day: dt.date) -> None:
        self._law, self._day = world.law, day
        self._books = [world.law.rulebook(code, day) for code in world.markets]

    def outcomes(self, rows: Sequence[Row]) -> Mapping[str, list[str]]:
        """By market, the outcome of each row; a row is facts by path, with `approvals.X.held` for approvals."""
        columns = {path: self._column(path, rows) for path in sorted({path for row in rows for path in row})}
        declared = Declared(len(rows), {("", ""): columns}, {})
        compiled = compile_rulebooks(self._books, granted=sorted(declared.granted()))
        assessor = Assessor(compiled, self._law.vocabulary, self._law.not_yet(self._day), frozenset())
        return {block.market.market: block.outcome.to_pylist() for block in assessor.assess(declared)}

    def _column(self, path: str, rows: Sequence[Row]) -> pa.Array:
        fact = self._law.vocabulary.fact(path)
        kind = pa.list_(pa.string()) if fact.type == "set" else KINDS.get(fact.type, pa.string())
        return pa.array([row.get(path) for row in rows], kind)


def steps(rng: random.Random, world: World, markets: Markets) -> Iterator[Step]:
    """Every market in which one fact more changes the outcome, of some profiles."""
    rows: list[Row] = []
    added: list[tuple[int, str, Any]] = []
    for _ in range(BASES):
        known = facts_of(rng, world)
        kept = rng.choice([0, 0.5, 0.9, 0.95, 0.98, 0.99, 1])
        less = whole(known, {path for path in known if rng.random() < kept}, world)
        first = len(rows)
        rows.append(less)
        for _ in range(ADDED):
            path, value = one_more(rng, world, known, less)
            added.append((first, path, value))
            rows.append({**less, path: value})
    outcomes = markets.outcomes(rows)
    more = [at for at in range(len(rows)) if at % (ADDED + 1)]
    for market, found in outcomes.items():
        for at, (first, path, value) in zip(more, added, strict=True):
            if found[at] != found[first]:
                yield Step(market, rows[first], path, value, found[first], found[at])


def whole(facts: Row, kept: Collection[str], world: World) -> Row:
    """The kept facts, and what only narrows kept approvals; a field of one that is forgotten would say it is held."""
    found: dict[str, Any] = {}
    for path, value in facts.items():
        approval, _, field = path.removeprefix("approvals.").rpartition(".")
        narrows = path.startswith("approvals.") and field != "held"
        keeps = f"approvals.{approval}.held" in kept if narrows else path in kept
        if keeps and (not narrows or path in kept or field not in world.law.approvals[approval].limits):
            found[path] = value
    return found


def limited(rng: random.Random, world: World, facts: Row) -> dict[str, Any]:
    """The facts with limits of some of the grants that are held, around what is done."""
    found = dict(facts)
    share = rng.choice([0, 0.2, 0.6])
    for path in [path for path, value in facts.items() if path.endswith(".held") and value is True]:
        approval = path.removesuffix(".held")
        for field in world.law.limits.fields:
            if rng.random() < share / 2:
                found[f"{approval}.{field}"] = limit(rng, world, field, facts)
    return found


def limit(rng: random.Random, world: World, field: str, facts: Row) -> Any:
    """A value of a limit: what is done, a little less or more, or anything."""
    fact = world.law.vocabulary.approval_fields[field]
    if fact.type == "bool":
        return rng.random() < 0.5
    path = {"area": "odd.places", "purposes": "operation.service", "months": "odd.months"}.get(field)
    if path is None:
        done = facts.get("operation.fleet_size" if field == "max_vehicles" else "automation.max_speed_kmh", 50)
        return max(0, done + rng.choice([-10, -1, 0, 0, 1, 10]))
    done = facts.get(path, ())
    done = (done,) if isinstance(done, str) else done
    some = world.places if field == "area" else sorted(fact.values)
    return tuple(dict.fromkeys([one for one in done if rng.random() < 0.7] + rng.sample(some, rng.randrange(1, 3))))


def facts_of(rng: random.Random, world: World) -> dict[str, Any]:
    """The declared facts of a profile: one that opens a market, or a random one; some of its facts otherwise."""
    if rng.random() < 0.75:
        known = dict(world.opened(rng.choice(world.markets), rng.choice(world.operations)))
        known.update(drawn(rng, world) for _ in range(rng.choice([0, 0, 1, 2, 5])))
        return limited(rng, world, {p: value for p, value in known.items() if p.rpartition(".")[2] not in DATES})
    while True:
        data = world.data(rng)
        approvals = {path.split(".")[1] for path in data if path.startswith("approvals.")}.union(
            data.get("approvals", ())
        )
        facts = {path: value for path, value in data.items() if "." in path and not path.startswith("approvals.")}
        profile = world.profile({"name": "hunted", **facts})
        if profile is not None:
            held = {f"approvals.{name}.held": rng.random() < 0.7 for name in sorted(approvals)}
            return limited(rng, world, {**profile.content.layers["", ""].values, **held})


def drawn(rng: random.Random, world: World) -> tuple[str, Any]:
    """Some fact with a value that the vocabulary takes."""
    while True:
        if rng.random() < 0.2:
            return f"approvals.{rng.choice(sorted(world.law.approvals))}.held", rng.random() < 0.5
        if rng.random() < 0.1:
            return rng.choice([("odd.places", tuple(rng.sample(world.places, rng.randrange(1, 3)))), MANY])
        path = rng.choice([path for path, values in world.values.items() if values])
        value = world.value(rng, path, world.values[path])
        profile = world.profile({"name": "hunted", path: value})
        if profile is not None and path in (values := profile.content.layers["", ""].values):
            return path, values[path]


def one_more(rng: random.Random, world: World, known: Row, less: Row) -> tuple[str, Any]:
    """A fact that is not declared, with the value that was forgotten or any other."""
    forgotten = [path for path in known if path not in less and path in whole(known, {*less, path}, world)]
    if forgotten and rng.random() < 0.5:
        path = rng.choice(forgotten)
        return path, known[path]
    silent = [one for one in always_carried(world, less) if one not in less]
    if silent and rng.random() < 0.3:
        path = rng.choice(silent)
        return path, limit(rng, world, path.rpartition(".")[2], known)
    while True:
        path, value = drawn(rng, world)
        if path not in less:
            return path, value


def always_carried(world: World, facts: Row) -> list[str]:
    """The limits that the grants of a profile always carry."""
    held = (path.removesuffix(".held") for path, value in facts.items() if path.endswith(".held") and value is True)
    return [f"{one}.{field}" for one in held for field in world.law.approvals[one.removeprefix("approvals.")].limits]


def as_data(facts: Row) -> dict[str, Any]:
    """A profile that declares these facts."""
    data: dict[str, Any] = {"name": "hunted", "approvals": {}}
    for path, value in facts.items():
        plain = list(value) if isinstance(value, tuple) else value
        if path.startswith("approvals."):
            _, name, field = path.split(".", 2)
            data["approvals"].setdefault(name, {})[field] = plain
        else:
            data[path] = plain
    return data


def better(changed: Iterable[Step]) -> Iterator[Step]:
    """Those in which a market is entered only as long as the fact is not known."""
    return (step for step in changed if step.before in ENTRY and step.after not in ENTRY)


def unasked(world: World, step: Step) -> str:
    """Why the fact of a step is not asked for without it; empty where it is."""
    profile = world.profile(as_data(step.less))
    assert profile is not None, as_data(step.less)
    market = world.law.check(profile, step.market, DAY).market(step.market)
    if market.outcome.value != step.before:
        return f"{market.outcome} by a check"
    asked = {question.fact for question in questions([market])}
    return "" if step.path in asked else f"not among the {len(asked)} facts that are asked for"


def look_at(rng: random.Random, world: World, most: int) -> list[str]:
    """What is wrong with some steps, no more than `most` of them checked one by one, of as many kinds as there are."""
    changed = list(steps(rng, world, world.markets_on(DAY)))
    wrong = [f"better for not knowing: {step}" for step in better(changed)]
    kinds: dict[tuple[str, ...], list[Step]] = {}
    for step in changed:
        path = f"approvals.{step.path.rpartition('.')[2]}" if step.path.startswith("approvals.") else step.path
        kinds.setdefault((path, step.before, step.after), []).append(step)
    chosen = [rng.choice(found) for found in kinds.values()]
    for step in rng.sample(chosen, min(most, len(chosen))):
        if why := unasked(world, step):
            wrong.append(f"{why}: {step}")
    return wrong


def forgetting(rng: random.Random, world: World) -> None:
    """Not knowing a fact never makes a market better, and a fact that decides is asked for."""
    if wrong := look_at(rng, world, LOOKED_AT):
        raise Broken("; ".join(wrong[:3]))
