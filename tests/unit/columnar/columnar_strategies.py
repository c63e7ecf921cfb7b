# SPDX-License-Identifier: Apache-2.0
"""Programs, facts and tables made by Hypothesis, with values small enough to meet each other often."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

from carnet.logic.condition import (
    ORDERINGS,
    SET_OPS,
    SIZE_OPS,
    AllOf,
    AnyOf,
    AtLeast,
    Compare,
    Computed,
    Constant,
    FactRef,
    Not,
    facts_read,
)
from carnet.logic.formula import Expr
from carnet.logic.program import Derived, Program

NAMES = ("a", "b", "c", "d")
PATHS = {
    "bool": ("x.on", "x.off"),
    "number": ("x.speed_kmh", "x.mass_kg", "x.seats", "derived.number"),
    "date": ("x.day", "x.other_day", "derived.day"),
    "text": ("x.kind", "x.level"),
    "set": ("x.set", "x.other_set"),
}
DERIVED_BOOL = ("derived.first", "derived.second")
ALL_PATHS = tuple(path for paths in PATHS.values() for path in paths if not path.startswith("derived."))

numbers = st.one_of(st.integers(-3, 5), st.sampled_from((-1.5, 0.0, 0.5, 2.0, 1e9)))
days = st.dates(dt.date(2019, 12, 30), dt.date(2024, 3, 1))
names = st.sampled_from(NAMES)
sets = st.lists(names, max_size=4, unique=True).map(tuple)
VALUES = {"bool": st.booleans(), "number": numbers, "date": days, "text": names, "set": sets}
tables = st.lists(st.tuples(st.integers(-3, 6), numbers), min_size=1, max_size=4, unique_by=lambda row: row[0]).map(
    lambda rows: tuple(sorted(rows))
)


def _call(name: str, *args: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.tuples(*args).map(lambda parts: Expr(name, None, parts))


day_formulas = st.one_of(
    st.sampled_from(PATHS["date"]).map(lambda path: Expr("fact", path)), days.map(lambda day: Expr("value", day))
)
day_formulas |= _call("max", day_formulas, day_formulas)
_atoms = st.one_of(
    st.sampled_from((*PATHS["number"], *PATHS["set"], *PATHS["bool"])).map(lambda path: Expr("fact", path)),
    numbers.map(lambda number: Expr("number", number)),
    _call("days", day_formulas, day_formulas),
    _call("years", day_formulas, day_formulas),
    _call("month", day_formulas),
)


def _larger(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.one_of(
        *(_call(sign, inner, inner) for sign in "+-*/"),
        *(_call(name, inner) for name in ("neg", "sqrt", "ceil", "floor", "abs")),
        _call("min", inner, inner),
        _call("max", inner, inner, inner),
        *(_call(name, tables.map(lambda rows: Expr("value", rows)), inner) for name in ("step", "interpolate")),
    )


formulas = st.recursive(_atoms, _larger, max_leaves=6)


@st.composite
def leaves(draw: st.DrawFn) -> Compare:
    kind = draw(st.sampled_from(tuple(PATHS)))
    paths = (*PATHS["bool"], *DERIVED_BOOL) if kind == "bool" else PATHS[kind]
    path = draw(st.sampled_from(paths))
    ops = ["eq", "ne", "declared"]
    ops += ORDERINGS if kind in ("number", "date") else ()
    ops += ("in", "not_in") if kind in ("number", "date", "text") else ()
    ops += (*SET_OPS, *SIZE_OPS) if kind == "set" else ()
    op = draw(st.sampled_from(ops))
    if op == "declared":
        return Compare(path, op, Constant(draw(st.booleans())))
    if op.startswith("size_") or (kind == "number" and op in ("eq", *ORDERINGS)):
        right = st.sampled_from(PATHS["number"]).map(FactRef) | formulas.map(Computed) | numbers.map(Constant)
        return Compare(path, op, draw(right))
    if op in ("in", "not_in"):
        members = st.lists(VALUES[kind], min_size=1, max_size=3).map(tuple).map(Constant)
        return Compare(path, op, draw(members | st.sampled_from(PATHS["set"]).map(FactRef)))
    right = st.sampled_from(paths).map(FactRef) | VALUES[kind].map(Constant)
    return Compare(path, op, draw(right | day_formulas.map(Computed) if kind == "date" else right))


def _junctions(inner: st.SearchStrategy) -> st.SearchStrategy:
    several = st.lists(inner, max_size=4).map(tuple)
    return st.one_of(
        several.map(AllOf),
        several.map(AnyOf),
        inner.map(Not),
        st.tuples(st.integers(0, 5), several).map(lambda parts: AtLeast(*parts)),
    )


conditions = st.recursive(leaves(), _junctions, max_leaves=8)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Derived facts may read one another upwards only, as a loaded program has them."""
    derived = (
        Derived("derived.number", expr=draw(formulas.filter(lambda f: not _reads_derived(f.facts())))),
        Derived("derived.day", expr=draw(day_formulas.filter(lambda f: not _reads_derived(f.facts())))),
    )
    first = draw(conditions.filter(lambda c: not _mentions(c, DERIVED_BOOL)))
    second = draw(conditions.filter(lambda c: not _mentions(c, DERIVED_BOOL[1:])))
    derived += (Derived("derived.first", condition=first), Derived("derived.second", condition=second))
    return Program(derived, tuple(draw(st.lists(conditions, max_size=6))))


def _reads_derived(paths: frozenset[str]) -> bool:
    return any(path.startswith("derived.") for path in paths)


def _mentions(condition, paths) -> bool:
    return not facts_read(condition).isdisjoint(paths)


KIND_OF = {path: kind for kind, paths in PATHS.items() for path in paths if path in ALL_PATHS}
facts = st.fixed_dictionaries({}, optional={path: VALUES[kind] for path, kind in KIND_OF.items()})
