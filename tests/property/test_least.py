# SPDX-License-Identifier: Apache-2.0
"""The least set of changes is the least: no smaller set of approvals does, in any order, and what is left stays."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from hypothesis import given, settings, strategies as st

import carnet
from carnet.logic.condition import AllOf, AnyOf, AtLeast, Condition, held
from carnet.logic.explain import truth_of
from carnet.logic.least import Asked, least

PAPERS = ("A", "B", "C", "D", "E")
NAMES = carnet.load_law().vocabulary
leaves = st.sampled_from(PAPERS).map(held)
groups = st.lists(leaves, min_size=1, max_size=3, unique=True).map(tuple)
conditions: st.SearchStrategy[Condition] = st.one_of(
    leaves,
    groups.map(AnyOf),
    groups.map(AllOf),
    st.lists(leaves, min_size=2, max_size=4, unique=True).map(lambda items: AtLeast(2, tuple(items))),
    st.tuples(groups.map(AllOf), groups.map(AnyOf)).map(AnyOf),
)
asked = st.lists(conditions, min_size=1, max_size=5)


def rank(unit: str) -> tuple[Any, ...]:
    return 0, unit


def found(wanted: list[Condition], facts: dict[str, Any]) -> frozenset[str]:
    answer = least([Asked(one) for one in wanted], [facts], NAMES, rank)
    assert answer.exact
    return answer.units


def facts(held_now: frozenset[str] = frozenset()) -> dict[str, Any]:
    return {f"approvals.{name}.held": f"approvals.{name}" in held_now for name in PAPERS}


def does(wanted: list[Condition], units: frozenset[str]) -> bool:
    return all(truth_of(one, facts(units)) is True for one in wanted)


@settings(max_examples=150, deadline=None)
@given(asked)
def test_it_closes_everything_and_nothing_smaller_does(wanted: list[Condition]) -> None:
    units = found(wanted, facts())
    assert does(wanted, units)
    every = [f"approvals.{name}" for name in PAPERS]
    smaller = (frozenset(few) for size in range(len(units)) for few in combinations(every, size))
    assert not any(does(wanted, few) for few in smaller)
    same = [frozenset(few) for few in combinations(every, len(units)) if does(wanted, frozenset(few))]
    assert sorted(units) == min(map(sorted, same)), "of equals the first"


@settings(max_examples=100, deadline=None)
@given(asked, st.randoms(use_true_random=False))
def test_the_order_does_not_matter_and_what_is_left_stays(wanted: list[Condition], random: Any) -> None:
    units = found(wanted, facts())
    shuffled = random.sample(wanted, len(wanted))
    assert found(shuffled, facts()) == units
    for gone in units:
        assert found(wanted, facts(frozenset({gone}))) == units - {gone}
