# SPDX-License-Identifier: Apache-2.0
"""One thing that the law asks, with its conditions known by their numbers in a program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from carnet.law.model import Severity

Ref: TypeAlias = int
"""The number of a condition in the program."""


class Covering:
    """The number of what makes a limit not matter, None where nothing does: laid out when it is looked at, since of
    most limits nobody asks."""

    def __init__(self, find: Callable[[], Ref | None]) -> None:
        self._find = find

    @cached_property
    def ref(self) -> Ref | None:
        return self._find()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Covering) and (self is other or self.ref == other.ref)

    def __hash__(self) -> int:
        return hash(self.ref)


class Clause(NamedTuple):
    """A rule, the need of a route, the limits of a grant, or a closure, which asks for some way in at all.

    routes: those on which alone it is asked. overridden_by: rules that take its place, each with the condition on which
    it does. stated_by: conditions on which a rule says the same, so that it is not asked again. proven_by: those on
    which an approval proves that it is met. advice: it rests on practice or inference and counts for nothing. unread:
    it is known from memory, so that it cannot close a market.

    Of a limit of a grant, asked: that the grant is held and has it. covering: what makes it not matter. grant: the
    approval and the field.
    """

    id: str
    kind: Literal["rule", "need", "limit", "closure"]
    applies: Ref
    requires: Ref
    severity: Severity
    curable: bool = True
    routes: tuple[str, ...] = ()
    overridden_by: tuple[tuple[str, Ref], ...] = ()
    stated_by: tuple[Ref, ...] = ()
    proven_by: tuple[Ref, ...] = ()
    advice: bool = False
    unread: bool = False
    asked: Ref | None = None
    covering: Covering | None = None
    grant: tuple[str, str] = ("", "")

    @property
    def covered(self) -> Ref | None:
        """What makes a limit not matter, where something can."""
        return self.covering.ref if self.covering else None

    def refs(self) -> Iterator[Ref]:
        """The conditions that it is decided by."""
        yield from (self.applies, self.requires, *self.stated_by, *self.proven_by)
        yield from (ref for ref in (self.asked, self.covered) if ref is not None)
        yield from (ref for _, ref in self.overridden_by)
