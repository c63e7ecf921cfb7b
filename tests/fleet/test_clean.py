# SPDX-License-Identifier: Apache-2.0
"""A column comes out in its fact's type; what cannot be used is unknown and said, as for a value of a profile."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from carnet.api import Law
from carnet.declare.values import Names
from carnet.fleet.arrow_types import usual
from carnet.fleet.clean import Cleaner, Faults

SPEED, LEVEL, ROADS = "automation.max_speed_kmh", "automation.sae_level", "odd.road_types"
BOARD, START, PHASE = "operation.driver_on_board", "operation.start_date", "operation.phase"
DAY = dt.date(2026, 5, 1)
NOT_BOOL = "`operation.driver_on_board` is true or false, not `{}`"


@pytest.fixture(scope="module")
def cleaner(law: Law) -> Cleaner:
    return Cleaner(Names(law.vocabulary, frozenset(law.approvals), frozenset(law.codes)))


def clean(law: Law, cleaner: Cleaner, path: str, array: pa.Array) -> tuple[list[Any], dict[int, str]]:
    """The values, and what is wrong by row."""
    faults, fact = Faults(), law.vocabulary.fact(path)
    found = cleaner.clean(fact, "the column", array, faults)
    assert len(found) == len(array)
    assert all(column == "the column" for column, _ in faults.by_row.values())
    return found.to_pylist(), {row: reason for row, (_, reason) in faults.by_row.items()}


USABLE = {
    "nothing declared": (SPEED, pa.nulls(2), [None, None]),
    "numbers": (SPEED, pa.array([95, None, 0], pa.int16()), [95.0, None, 0.0]),
    "decimals": (SPEED, pa.array([Decimal("95.50"), None]), [95.5, None]),
    "not a number": (SPEED, pa.array([float("nan"), 60.0]), [None, 60.0]),
    "numbers as text": (SPEED, pa.array([" 95 ", "0.5", None]), [95.0, 0.5, None]),
    "units": (SPEED, pa.array(["50 mph", "60"]), [80.4672, 60.0]),
    "numbers in a dictionary": (LEVEL, pa.array(["4", None, "4"]).dictionary_encode(), [4, None, 4]),
    "booleans": (BOARD, pa.array([True, None]), [True, None]),
    "zeros and ones": (BOARD, pa.array([1, 0, None]), [True, False, None]),
    "zeros and ones among fractions": (BOARD, pa.array([1.0, 0.0, None, float("nan")]), [True, False, None, None]),
    "booleans as text": (
        BOARD,
        pa.array(["TRUE", "0", " false", None, "Yes", "no"]),
        [*[True, False, False, None], True, False],
    ),
    "moments at midnight": (START, pa.array([dt.datetime(2026, 5, 1), None], pa.timestamp("ns", "UTC")), [DAY, None]),
    "moments at midnight as text": (START, pa.array(["2026-05-01 00:00:00", "2026-05-01T00:00"]), [DAY, DAY]),
    "dates": (START, pa.array([DAY, None], pa.date64()), [DAY, None]),
    "dates as text": (START, pa.array(["2026-05-01", None]), [DAY, None]),
    "lists": (ROADS, pa.array([["urban", "rural"], [], None]), [["urban", "rural"], [], None]),
    "large lists": (ROADS, pa.array([["urban"]], pa.large_list(pa.large_string())), [["urban"]]),
    "empty lists of no type": (ROADS, pa.array([[], None]), [[], None]),
    "lists as text": (
        ROADS,
        pa.array(
            ['["urban", "rural"]', "[urban, 'rural']", "urban|rural", "urban; rural;", "urban,rural", "[]", "", None]
        ),
        [["urban", "rural"]] * 5 + [[], None, None],
    ),
}


@pytest.mark.parametrize("name", USABLE)
def test_what_can_be_used(law: Law, cleaner: Cleaner, name: str) -> None:
    path, array, values = USABLE[name]
    assert clean(law, cleaner, path, array) == (values, {})


SPEED_NAME, ROADS_NAME = f"`{SPEED}`", f"`{ROADS}`"
WRONG = {
    "out of range": (
        LEVEL,
        pa.array([4, 7, None]),
        [4, None, None],
        {1: "`automation.sae_level` is `7`, outside 0 to 5"},
    ),
    "no whole number": (LEVEL, pa.array([4.0, 3.5]), [4, None], {1: f"`{LEVEL}` is a whole number, not `3.5`"}),
    "infinite": (SPEED, pa.array([float("inf"), 60.0]), [None, 60.0], {0: f"{SPEED_NAME} is a number, not `inf`"}),
    "no quantity": (
        SPEED,
        pa.array(["fast", "60", "60 kg"]),
        [None, 60.0, None],
        {0: f"{SPEED_NAME}: `fast` is not a quantity", 2: f"{SPEED_NAME}: `kg` is a unit of mass, not of speed"},
    ),
    "a truth for a number": (SPEED, pa.array([True, None]), [None, None], {0: f"{SPEED_NAME} is a number, not `true`"}),
    "a list for a number": (SPEED, pa.array([[60.0], None]), [None, None], {0: f"{SPEED_NAME} is a number, not "}),
    "neither zero nor one": (
        BOARD,
        pa.array([2, 1, None, -1]),
        [None, True, None, None],
        {0: NOT_BOOL.format(2), 3: NOT_BOOL.format(-1)},
    ),
    "no truth": (BOARD, pa.array(["perhaps", "true"]), [None, True], {0: NOT_BOOL.format("perhaps")}),
    "a date that does not exist": (
        START,
        pa.array(["2026-02-30", "2026-05-01"]),
        [None, DAY],
        {0: f"`{START}`: the date `2026-02-30` does not exist; correct the day"},
    ),
    "a time of day": (
        START,
        pa.array([dt.datetime(2026, 5, 1, 13, 30), dt.datetime(2026, 5, 1)]),
        [None, DAY],
        {0: f"`{START}` is a date, not `2026-05-01 13:30:00.000000`; write it as year-month-day"},
    ),
    "a decimal comma": (
        SPEED,
        pa.array(["1,5"]),
        [None],
        {0: f"{SPEED_NAME}: `1,5` is not a quantity; write the number with a decimal point"},
    ),
    "unknown word": (
        PHASE,
        pa.array(["comercial", "testing"]),
        [None, "testing"],
        {0: f"`{PHASE}` cannot be `comercial`; did you mean `commercial`?"},
    ),
    "a number for a word": (PHASE, pa.array([7]), [None], {0: f"`{PHASE}` is one word, not `7`"}),
    "a number for a list": (ROADS, pa.array([7]), [None], {0: f"{ROADS_NAME} is a list, not `7`"}),
    "numbers in a list": (
        ROADS,
        pa.array([[1], None]),
        [None, None],
        {0: f"{ROADS_NAME} lists `1`, which is not text"},
    ),
    "numbers in a list of text": (ROADS, pa.array(["[1]"]), [None], {0: f"{ROADS_NAME} lists `1`, which is not text"}),
    "lists in a list": (ROADS, pa.array([[["urban"]]]), [None], {0: f"{ROADS_NAME} lists "}),
    "rows in a list": (ROADS, pa.array([[{"a": 1}]]), [None], {0: f"{ROADS_NAME} lists "}),
    "twice": (ROADS, pa.array(["urban|urban"]), [None], {0: f"{ROADS_NAME} names `urban` twice; keep one of them"}),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_used_is_unknown_and_said(law: Law, cleaner: Cleaner, name: str) -> None:
    path, array, values, faults = WRONG[name]
    found, said = clean(law, cleaner, path, array)
    assert found == values
    assert said.keys() == faults.keys()
    assert all(said[row].startswith(start) for row, start in faults.items()), said


@pytest.mark.parametrize("items", [pa.string(), pa.dictionary(pa.int32(), pa.string())])
def test_a_row_with_a_wrong_item_is_told_apart_from_its_neighbours(law: Law, cleaner: Cleaner, items: Any) -> None:
    array = pa.array([["urban"], ["urban", "urbn"], None, ["rural", None], [], ["urban"]]).cast(pa.list_(items))
    said = clean(law, cleaner, ROADS, array.slice(1))[1]
    assert said == {0: f"{ROADS_NAME} cannot be `urbn`; did you mean `urban`?", 2: "a set with an empty item"}


@pytest.mark.parametrize(
    ("array", "kind"),
    [
        (pa.array(["a"], pa.string_view()), pa.string()),
        (pa.array([["a"]], pa.list_view(pa.string_view())), pa.list_(pa.string())),
        (pa.array([["a"]], pa.list_(pa.string_view())), pa.list_(pa.string())),
        (pa.array([["a", "b"]], pa.list_(pa.string(), 2)), pa.list_(pa.string())),
        (pa.array(["{}"], pa.json_(pa.string())), pa.string()),
        (pa.array([1], pa.uint64()), pa.uint64()),
    ],
)
def test_rarer_types_become_the_usual_ones(array: Any, kind: Any) -> None:
    assert (usual(array).type, usual(array).to_pylist()) == (kind, array.to_pylist())


def test_only_the_first_fault_of_a_row_is_kept() -> None:
    faults = Faults()
    faults.add([1, 2], "a", "first")
    faults.add([2, 3], "b", "second")
    assert faults.by_row == {1: ("a", "first"), 2: ("a", "first"), 3: ("b", "second")}
