# SPDX-License-Identifier: Apache-2.0
"""Arrow's layouts as columns of facts."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest

pa = pytest.importorskip("pyarrow")

from carnet.logic.columnar.arrow import columns_of, from_arrow  # noqa: E402

DAY = dt.date(2024, 2, 29)


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array([True, None, False]), [True, None, False]),
        (pa.array([1, None, 3], pa.int16()), [1, None, 3]),
        (pa.array([1.5, None, float("nan")]), [1.5, None, None]),
        (pa.array([DAY, None], pa.date32()), [DAY, None]),
        (pa.array([DAY, None], pa.date64()), [DAY, None]),
        (pa.array([dt.datetime(2024, 2, 29, 13, 0), None]), [DAY, None]),
        (pa.array(["a", None, "b"]), ["a", None, "b"]),
        (pa.array(["a", None, "a"]).dictionary_encode(), ["a", None, "a"]),
        (pa.DictionaryArray.from_arrays([0, 1, 2], ["a", None, "a"]), ["a", None, "a"]),
        (pa.array([["a", "b"], None, []], pa.list_(pa.string())), [("a", "b"), None, ()]),
        (pa.array([["b"], ["a", "b"]], pa.large_list(pa.large_string())), [("b",), ("a", "b")]),
        (pa.nulls(2), [None, None]),
        (pa.nulls(2, pa.string()), [None, None]),
        (pa.nulls(2, pa.list_(pa.string())), [None, None]),
    ],
    ids=str,
)
def test_values_survive(array, expected):
    for offset in range(len(expected) + 1):
        assert from_arrow(array.slice(offset)).values() == expected[offset:]


def test_structs_are_facts_with_dots():
    approvals = pa.array([{"UN-R157": {"held": True, "series": 1}}, {"UN-R157": None}, None])
    columns = columns_of(pa.RecordBatch.from_pydict({"approvals": approvals}))
    assert columns["approvals.UN-R157.held"].values() == [True, None, None]
    assert columns["approvals.UN-R157.series"].values() == [1, None, None]


def test_tables_of_rows_stay_python_values():
    array = pa.array([[[1.0, 2.0]], None])
    assert from_arrow(array).values() == [((1.0, 2.0),), None]


def test_a_set_with_a_null_in_it_is_unknown():
    array = pa.array([["a", None], ["a"], None, [None]])
    assert from_arrow(array).values() == [None, ("a",), None, None]


def test_carnet_imports_nothing_heavy():
    code = "import sys, carnet.logic.program; print({'numpy', 'pyarrow', 'duckdb'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
