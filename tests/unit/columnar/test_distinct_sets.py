# SPDX-License-Identifier: Apache-2.0
"""The sets that occur in a column, and each row's by its number."""

from __future__ import annotations

from hypothesis import given, strategies as st

from carnet.logic.columnar.columns import SetColumn, from_python

NAMES = [f"n{number}" for number in range(150)]  # of three words
ROWS = st.lists(st.none() | st.lists(st.sampled_from(NAMES), unique=True).map(tuple), min_size=1, max_size=20)


@given(ROWS.filter(any))
def test_each_row_has_its_set(rows: list[tuple[str, ...] | None]) -> None:
    column = from_python(rows)
    assert isinstance(column, SetColumn)
    codes, sets = column.distinct
    assert [set(sets[code]) for code in codes] == [set(row or ()) for row in rows]
    assert len({frozenset(one) for one in sets}) == len(sets) == len(set(codes.tolist()))
