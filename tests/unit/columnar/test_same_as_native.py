# SPDX-License-Identifier: Apache-2.0
"""Whatever the program and the table, each row has the truths that the native evaluator gives it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings, strategies as st

pa = pytest.importorskip("pyarrow")

from columnar_strategies import ALL_PATHS, facts, programs  # noqa: E402

from carnet.logic.columnar import ColumnarEvaluator  # noqa: E402
from carnet.logic.columnar.arrow import columns_of  # noqa: E402
from carnet.logic.columnar.bitmaps import unpack  # noqa: E402
from carnet.logic.columnar.columns import from_python  # noqa: E402
from carnet.logic.native_program import NativeEvaluator  # noqa: E402

TYPES = {bool: pa.bool_(), int: pa.float64(), float: pa.float64(), dt.date: pa.date32(), str: pa.string()}


def truths_of(batch, index):
    truths = batch.condition(index)
    pairs = zip(unpack(truths.true, batch.rows).tolist(), unpack(truths.false, batch.rows).tolist(), strict=True)
    return [True if true else False if false else None for true, false in pairs]


def arrow_table(rows, encoded, offset):
    """The rows as Arrow, with `offset` rows in front that a slice takes off again."""
    arrays = {}
    for path in ALL_PATHS:
        values = [None] * offset + [row.get(path) for row in rows]
        kinds = {type(value) for value in values if value is not None}
        if not kinds:
            continue
        kind = pa.list_(pa.string()) if kinds == {tuple} else TYPES[kinds.pop()]
        array = pa.array(values, kind)
        arrays[path] = array.dictionary_encode() if encoded and kind == pa.string() else array
    height = offset + len(rows)
    if not arrays:
        arrays["profile"] = pa.nulls(height)
    return pa.RecordBatch.from_pydict(arrays).slice(offset)


def same(value, expected):
    if isinstance(value, float) and isinstance(expected, (int, float)):
        return value == pytest.approx(float(expected), rel=1e-12, nan_ok=True)
    return value == expected


@settings(max_examples=400, deadline=None)
@given(programs(), st.lists(facts, max_size=12), st.booleans(), st.integers(0, 9))
def test_every_row_of_a_table(program, rows, encoded, offset):
    native = NativeEvaluator().prepare(program)
    expected = [native.run(row) for row in rows]
    batch = ColumnarEvaluator().prepare(program).over(columns_of(arrow_table(rows, encoded, offset)), len(rows))
    for index in range(len(program.conditions)):
        assert truths_of(batch, index) == [truths[index] for truths, _ in expected]
    for derived in program.derived:
        values = batch.column(derived.path).values()
        assert all(same(value, known.get(derived.path)) for value, (_, known) in zip(values, expected, strict=True))


@settings(max_examples=200, deadline=None)
@given(programs(), facts)
def test_one_profile(program, row):
    truths, derived = NativeEvaluator().prepare(program).run(row)
    own_truths, own_derived = ColumnarEvaluator().prepare(program).run(row)
    assert list(own_truths) == list(truths)
    assert own_derived.keys() == derived.keys()
    assert all(same(own_derived[path], derived[path]) for path in derived)


@settings(max_examples=20, deadline=None)
@given(programs(), st.lists(facts, min_size=1, max_size=6), st.sampled_from((0, 1, 7, 8, 9, 63, 64, 65, 200)))
def test_sizes_around_bytes_and_words(program, some, size):
    rows = [some[i % len(some)] for i in range(size)]
    native = NativeEvaluator().prepare(program)
    batch = (
        ColumnarEvaluator()
        .prepare(program)
        .over({path: from_python([row.get(path) for row in rows]) for path in ALL_PATHS}, size)
    )
    for index in range(len(program.conditions)):
        assert truths_of(batch, index) == [native.run(row)[0][index] for row in rows]


def test_session_says_what_changed():
    from carnet.logic.condition import Compare, Constant
    from carnet.logic.program import Program

    program = Program((), (Compare("x.on", "eq", Constant(True)), Compare("x.off", "eq", Constant(True))))
    session = ColumnarEvaluator().prepare(program).session({"x.on": False})
    assert session.truths() == (False, None)
    assert session.declare({"x.on": True}) == {0}
    assert session.retract(["x.on"]) == {0}
    assert session.truths() == (None, None)
