# SPDX-License-Identifier: Apache-2.0
"""What every line of law carries: where it stands, what it rests on, how its text was read, and when it holds."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import NamedTuple


class Confidence(StrEnum):
    """How the text behind a line was read, best first."""

    PRIMARY = "primary"
    OFFICIAL = "official"
    SECONDARY = "secondary"
    MEMORY = "memory"


class Basis(StrEnum):
    """What a line of law rests on, strongest first: practice and inference never count."""

    TEXT = "text"
    DERIVED = "derived"
    PRACTICE = "practice"
    INFERENCE = "inference"
    UNREVIEWED = "unreviewed"


class LegalStatus(StrEnum):
    """Only law in force or adopted ever counts, each from its first day."""

    IN_FORCE = "in_force"
    ADOPTED = "adopted"
    PROPOSED = "proposed"
    GUIDANCE = "guidance"


_NUMBERED = re.compile(r"\S*\d|\S+ \S*\d|(annex|anexo|appendix|chapter|part|schedule|title)\b", re.IGNORECASE)


class Cite(NamedTuple):
    """A place in an instrument. `short` is the instrument's usual name, filled in when the law is linked."""

    instrument: str
    provision: str
    url: str = ""
    short: str = ""

    def __str__(self) -> str:
        """`StVG § 1d(3)`; words that are no number stand apart: `LTA practice, statement to the press`."""
        joint = " " if _NUMBERED.match(self.provision) else ", " if self.provision else ""
        return f"{self.short or self.instrument}{joint}{self.provision}"


class Reading(NamedTuple):
    """When a text was read, which one, and where."""

    on: dt.date
    what: str
    at: str = ""


class Ground(NamedTuple):
    """What a line of law rests on and how its text was read; without a reading nothing is recorded."""

    basis: Basis = Basis.UNREVIEWED
    confidence: Confidence | None = None
    read: Reading | None = None


UNREVIEWED = Ground()


class Span(NamedTuple):
    """First and last day on which something holds, both included; None is open."""

    start: dt.date | None = None
    until: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        return (self.start is None or self.start <= day) and (self.until is None or day <= self.until)


class InForce(NamedTuple):
    """When a duty counts. With `new_types` it starts twice: first for types approved from that day on.

    Without a start the first day is not known; `before` then says before which year it was.
    """

    start: dt.date | None = None
    until: dt.date | None = None
    new_types: dt.date | None = None
    before: int | None = None

    @property
    def first_day(self) -> dt.date | None:
        return self.new_types or self.start


class Place(NamedTuple):
    """Where law stands in its pack, for the linter and for errors; relative to the law folder."""

    file: str
    line: int
    column: int = 1


class Support(NamedTuple):
    """A text that an outcome rests on: `kind` is rule, route, approval, adoption, parameter or explanation.

    id: of the rule, route, approval, instrument, parameter or jurisdiction; title: in words, of an adoption or
    parameter the jurisdiction that says it.
    """

    kind: str
    id: str
    title: str
    cites: tuple[Cite, ...]
    ground: Ground
