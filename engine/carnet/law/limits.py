# SPDX-License-Identifier: Apache-2.0
"""What limits a grant: fields of an approval, each with the condition that the operation keeps within it.

The vocabulary says them once for every approval, with `approval.<field>` for the approval's own fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from carnet.logic.bind import Binding, bind
from carnet.logic.condition import Condition
from carnet.logic.places import Places

OWN = "approval."


class Limits(NamedTuple):
    """The condition of each field that limits a grant, and which places lie in which.

    permits: the kinds of approval that say what a test may carry. in_tests: the fields in which they say it.
    """

    fields: Mapping[str, Condition]
    places: Places
    permits: frozenset[str] = frozenset()
    in_tests: tuple[str, ...] = ()

    def of(self, name: str, approval: str, jurisdiction: str = "") -> Condition:
        """The condition of one field for an approval."""
        own = {f"{OWN}{field}": f"approvals.{approval}.{field}" for field in self.fields}
        return bind(self.fields[name], Binding(rename=own, area=(self._where(jurisdiction), self.places)))

    def _where(self, jurisdiction: str) -> str:
        """The jurisdiction to which places are held; empty for one of which no place is known."""
        return jurisdiction if self.places.knows(jurisdiction) else ""


NO_LIMITS = Limits({}, Places())
