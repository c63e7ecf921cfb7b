# SPDX-License-Identifier: Apache-2.0
"""Which place lies in which: countries, their parts by ISO 3166-2, towns by UN/LOCODE, and groups of countries.

Three-valued like every comparison: what the table and the codes themselves do not tell apart is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from carnet.logic.condition import Truth

_REGION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,6}\Z")
_COUNTRY = re.compile(r"[A-Z]{2}\Z")
_TOWN = re.compile(r"[A-Z]{2} [A-Z0-9]{3}\Z")  # without the blank it could be any name


class Places:
    """What is known of places beyond what their codes say; compared by identity, since a law has one.

    within: by place, the places that it lies in directly. flat: countries whose parts by ISO 3166-2 lie beside each
    other, none within another. groups: by the code of a union, its members.
    """

    def __init__(
        self,
        within: Mapping[str, Collection[str]] | None = None,
        flat: Iterable[str] = (),
        groups: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self._within = {place: tuple(wider) for place, wider in (within or {}).items()}
        self._flat = frozenset(flat)
        self._groups: dict[str, list[str]] = {}
        self._unions = frozenset(groups or ())
        for union, members in (groups or {}).items():
            for member in members:
                if member != union:
                    self._groups.setdefault(member, []).append(union)
        self._found: dict[tuple[str, str], Truth] = {}

    def knows(self, jurisdiction: str) -> bool:
        """Whether it can be said of some place that it lies in a jurisdiction or not."""
        return jurisdiction in self._unions or bool(self._country(jurisdiction, self._around(jurisdiction)))

    def inside(self, place: str, area: str) -> Truth:
        """Whether all of a place lies in an area."""
        key = (place, area)
        if key not in self._found:
            self._found[key] = self._inside(self._code(place), self._code(area))
        return self._found[key]

    def _inside(self, place: str, area: str) -> Truth:
        if place.casefold() == area.casefold():
            return True
        around, beyond = self._around(place), self._around(area)
        if area in around:
            return True
        if place in beyond:
            return False
        return False if self._apart(place, area, around, beyond) else None

    def _around(self, place: str) -> frozenset[str]:
        """Every place that it lies in."""
        found: set[str] = set()
        waiting = [place]
        while waiting:
            here = waiting.pop()
            wider = [*self._within.get(here, ()), *self._groups.get(here, ())]
            if _REGION.match(here) or _TOWN.match(here):
                wider.append(here[:2])
            waiting += [one for one in wider if one not in found]
            found.update(wider)
        return frozenset(found)

    def _apart(self, one: str, other: str, around: frozenset[str], beyond: frozenset[str]) -> bool:
        """Whether two places, neither of which is known to lie in the other, are known to have nothing in common."""
        first, second = self._country(one, around), self._country(other, beyond)
        if not first or first != second:
            return bool(first and second)
        if all(place in self._within for place in (one, other)):
            return True
        parts = [set(filter(_REGION.match, (own, *wider))) for own, wider in ((one, around), (other, beyond))]
        return first in self._flat and all(parts) and parts[0].isdisjoint(parts[1])

    def _country(self, place: str, around: frozenset[str]) -> str:
        codes = (code for code in (place, *around) if _COUNTRY.match(code) and code not in self._unions)
        return next(codes, "")

    def _code(self, place: str) -> str:
        """A place as it is looked up: UN/LOCODE may be written with a blank."""
        joined = place.replace(" ", "", 1)
        return joined if joined in self._within else place


class Area(NamedTuple):
    """Where a grant reaches: its places, and the jurisdiction within which it is relied upon."""

    granted: tuple[str, ...]
    jurisdiction: str
    places: Places

    def holds(self, where: tuple[str, ...]) -> Truth:
        """Whether all places of an operation lie in the area, as far as they lie in the jurisdiction.

        Unknown where no place is named that is known to lie in the jurisdiction: then the operation does not say where
        it takes place there.
        """
        within = [truth for place in where if (truth := self._place(place)) is not _ELSEWHERE]
        if False in within:
            return False
        return None if None in within or not within else True

    def outside(self, where: tuple[str, ...]) -> tuple[str, ...]:
        """The places of an operation that do not lie in the area."""
        return tuple(place for place in where if self._place(place) is False)

    def _place(self, place: str) -> object:
        inside = self.places.inside
        here = inside(place, self.jurisdiction) if self.jurisdiction else True
        if here is False and inside(self.jurisdiction, place):
            place, here = self.jurisdiction, True  # of a wider place, the part that counts
        if here is False:
            return _ELSEWHERE
        truths = [inside(place, granted) for granted in self.granted]
        if True in truths:
            return True
        return False if here and None not in truths else None


_ELSEWHERE = object()
