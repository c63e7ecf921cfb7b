# SPDX-License-Identifier: Apache-2.0
"""Sets and texts with more names than fit a word or a byte."""

from __future__ import annotations

import random

import pytest

np = pytest.importorskip("numpy")
pa = pytest.importorskip("pyarrow")

from carnet.logic.columnar import ColumnarEvaluator  # noqa: E402
from carnet.logic.columnar.arrow import columns_of  # noqa: E402
from carnet.logic.columnar.bitmaps import unpack  # noqa: E402
from carnet.logic.columnar.setwords import set_words  # noqa: E402
from carnet.logic.condition import Compare, Computed, Constant, FactRef  # noqa: E402
from carnet.logic.formula import parse_formula  # noqa: E402
from carnet.logic.native_program import NativeEvaluator  # noqa: E402
from carnet.logic.program import Program  # noqa: E402

SET_OPS = ("eq", "ne", "contains_any", "contains_all", "subset_of", "disjoint", "ranks")


@pytest.mark.parametrize("size", [1, 8, 9, 63, 64, 65, 128, 129, 300])
def test_any_number_of_names(size):
    rng = random.Random(size)
    names = [f"n{number}" for number in range(size)]
    pick = lambda: rng.sample(names, rng.randint(0, min(size, 90)))  # noqa: E731
    rows = [{"x.set": tuple(pick()), "x.other": tuple(pick()), "x.kind": rng.choice(names)} for _ in range(60)]
    rows += [{"x.set": tuple(names), "x.other": (), "x.kind": names[-1]}, {}]
    wanted = [(), (names[-1],), tuple(names[:2]), tuple(names), tuple(names[size // 2 :]), ("absent",)]
    conditions = [Compare("x.set", op, Constant(value)) for op in SET_OPS for value in wanted]
    conditions += [Compare("x.set", op, FactRef("x.other")) for op in SET_OPS]
    conditions += [Compare("x.kind", "in", FactRef("x.set")), Compare("x.kind", "eq", Constant(names[-1]))]
    conditions += [Compare("x.set", "size_gte", Constant(size // 2))]
    conditions += [Compare("x.set", "size_lt", Computed(parse_formula("x.other + 1")))]
    program = Program((), tuple(conditions))
    kinds = {"x.set": pa.list_(pa.string()), "x.other": pa.list_(pa.string()), "x.kind": pa.string()}
    table = pa.RecordBatch.from_pydict({path: pa.array([row.get(path) for row in rows], kinds[path]) for path in kinds})
    native = [NativeEvaluator().prepare(program).run(row)[0] for row in rows]
    batch = ColumnarEvaluator().prepare(program).over(columns_of(table), len(rows))
    for index, condition in enumerate(conditions):
        truths = batch.condition(index)
        assert unpack(truths.true, len(rows)).tolist() == [row[index] is True for row in native], condition
        assert unpack(truths.false, len(rows)).tolist() == [row[index] is False for row in native], condition


@pytest.mark.parametrize("size", [3, 100])
def test_a_name_that_stands_twice_counts_once(size):
    array = pa.array([[f"n{number}" for number in range(size)] + ["n0"]])
    assert columns_of(pa.RecordBatch.from_pydict({"x.set": array}))["x.set"].lengths.tolist() == [size]


@pytest.mark.parametrize("names", [1, 5, 8, 12, 16, 40, 70])
@pytest.mark.parametrize("repeated", [False, True])
@pytest.mark.parametrize("rows", [1, 7, 700])
def test_words_have_the_bits_of_each_row(names, repeated, rows):
    rng = random.Random(names)
    pick = rng.choices if repeated else rng.sample
    lists = [pick(range(names), k=rng.choice([0, names // 2, names])) for _ in range(rows)]
    codes = np.array([code for codes in lists for code in codes], np.int32)
    offsets = np.cumsum([0, *map(len, lists)])
    found = [0] * rows
    for at, word in enumerate(set_words(codes, offsets, names)):
        assert not word[rows:].any()
        found = [bits | int(more) << 64 * at for bits, more in zip(found, word, strict=False)]
    assert found == [sum(1 << code for code in set(codes)) for codes in lists]
