# SPDX-License-Identifier: Apache-2.0
"""The content of one application: every paper, proof, declaration and person that the rules behind an approval ask for.

A line is done when what is declared keeps the rule and a file shows it; nobody can tick it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from carnet.assess.model import Because, Receipt
from carnet.law.grounds import Cite
from carnet.law.model import Severity

if TYPE_CHECKING:
    from carnet.law.model import Approval
    from carnet.law.planning import Document, Planning

WORDS = 5
"""Of a paper's title in the name by which it is attached."""


class Done(StrEnum):
    """How a line stands, what is furthest from done first."""

    CHANGE = "change"
    OBTAIN = "obtain"
    DECLARE = "declare"
    ATTACH = "attach"
    DONE = "done"


class Why(StrEnum):
    """What puts a line into the dossier."""

    FIRST = "first"
    APPLICATION = "application"
    ASKS = "asks"
    PROVEN = "proven"
    INSTRUMENT = "instrument"


class Kind(StrEnum):
    """What is to be handed in, taken from the facts that a rule reads."""

    APPROVAL = "approval"
    DOCUMENT = "document"
    PROOF = "proof"
    SET_UP = "set_up"


class Attached(NamedTuple):
    """A file that shows what is declared; `found`: whether it is there, None where that cannot be looked up."""

    file: str
    by: str
    on: dt.date
    found: bool | None


class Line(NamedTuple):
    """One thing to show.

    id: what an attachment names. wanted: the evidence that is asked for. declared: what decides it. unknown: facts that
    are to be declared. change: what would keep the rule. owes: the duty holder; partner: its name where declared.
    estimate: whether no text names the paper.
    """

    id: str
    why: Why
    kind: Kind
    state: Done
    title: str
    wanted: str
    cites: tuple[Cite, ...]
    owes: str
    ours: bool | None
    partner: str = ""
    severity: Severity | None = None
    declared: tuple[Because, ...] = ()
    unknown: tuple[str, ...] = ()
    change: Mapping[str, Any] = {}
    attached: tuple[Attached, ...] = ()
    feature: str = ""
    estimate: bool = False


class Dossier(NamedTuple):
    """state: how the approval itself is declared; empty where nothing is. role: of whom alone its lines are."""

    profile: str
    approval: Approval
    planning: Planning
    market: str
    name: str
    day: dt.date
    state: str
    lines: tuple[Line, ...]
    receipt: Receipt
    role: str = ""

    def part(self, why: Why) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.why is why)

    def counts(self) -> dict[Done, int]:
        found = Counter(line.state for line in self.lines)
        return {state: found[state] for state in Done if found[state]}

    def owed(self) -> dict[str, int]:
        """By duty holder, how many lines are not done."""
        return dict(Counter(line.owes for line in self.lines if line.state is not Done.DONE).most_common())


def paper_id(document: Document) -> str:
    """The name of a paper below its approval, the same in every language: the first words of its English title."""
    words = re.findall(r"[a-z0-9]+", (document.english or document.what).lower())
    return "-".join(words[:WORDS])
