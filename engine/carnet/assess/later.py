# SPDX-License-Identifier: Apache-2.0
"""What follows from an assessment and costs something: worked out when it is first looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Later(Generic[T]):
    """A value to come. Two are equal: they follow from the rest, so they are never what makes assessments differ."""

    __slots__ = ("_find", "_found")

    def __init__(self, found: T, find: Callable[[], T] | None = None) -> None:
        self._found, self._find = found, find

    @property
    def value(self) -> T:
        find = self._find
        if find is not None:
            self._found = find()
            self._find = None
        return self._found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Later)

    def __hash__(self) -> int:
        return hash(Later)

    def __repr__(self) -> str:
        return repr(self.value)

    def __reduce__(self) -> tuple[type[Later[T]], tuple[T]]:
        return Later, (self.value,)
