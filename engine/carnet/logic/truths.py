# SPDX-License-Identifier: Apache-2.0
"""Truth as two bits, generic over what a bit is: 0 or 1 for one profile, a bitmap for the rows of a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, NamedTuple, Protocol, Self, TypeVar

from carnet.logic.condition import Truth


class Bits(Protocol):
    """One bit a row."""

    def __and__(self, other: Self, /) -> Self: ...
    def __or__(self, other: Self, /) -> Self: ...
    def __xor__(self, other: Self, /) -> Self: ...
    def __invert__(self) -> Self: ...


B = TypeVar("B", bound=Bits)


class Truths(NamedTuple, Generic[B]):
    """A condition over some rows: where it is true and where it is false; it is unknown elsewhere."""

    true: B
    false: B

    def __invert__(self) -> Truths[B]:
        return Truths(self.false, self.true)


class Space(Protocol[B]):
    """The rows that bits speak of. A complement is taken within `every`, so that no bit past the last row is set."""

    @property
    def every(self) -> B: ...
    @property
    def none(self) -> B: ...

    def any(self, bits: B) -> bool:
        """Whether some row has its bit set."""

    def maybe(self, bits: B) -> bool:
        """The same where it costs nothing to find out; else yes."""

    def total(self, bits: Iterable[B]) -> tuple[B, ...]:
        """How many of these are set in each row, as binary digits, the lowest first."""


class OneProfile:
    """A single row; its bits are the integers 0 and 1."""

    every = 1
    none = 0

    def any(self, bits: int) -> bool:
        return bits != 0

    maybe = any

    def total(self, bits: Iterable[int]) -> tuple[int, ...]:
        number = sum(bits)
        return tuple(number >> weight & 1 for weight in range(number.bit_length()))


ONE = OneProfile()
TRUTHS: dict[Truth, Truths[int]] = {True: Truths(1, 0), False: Truths(0, 1), None: Truths(0, 0)}
"""The truth of one profile as bits."""


def number(digits: Iterable[int]) -> int:
    """One profile's count out of its binary digits."""
    return sum(digit << weight for weight, digit in enumerate(digits))
