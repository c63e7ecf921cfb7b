# SPDX-License-Identifier: Apache-2.0
"""What a change of the product or service sets off: which approvals rest on it, what each asks, where it may go out.

What the law asks of a change stands in the catalogues (`planning.changes`) with its provision. Where an approval rests
on what changed and no text that was read says what follows, that is said: nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from carnet.assess.model import Outcome, Receipt

if TYPE_CHECKING:
    from carnet.law.planning import Change


class Release(StrEnum):
    """Whether a change may go out in a market, the freest first.

    `not_open`: the market was closed to the product before, so there is nothing there that could be changed.
    """

    NOW = "now"
    NOTICE = "notice"
    DECISION = "decision"
    NOT_KNOWN = "not_known"
    EXTENSION = "extension"
    NOT_AT_ALL = "not_at_all"
    NOT_OPEN = "not_open"

    @property
    def rank(self) -> int:
        """How far from free; a market that was not open holds nothing up."""
        return 0 if self is Release.NOT_OPEN else list(Release).index(self)


class Unit(NamedTuple):
    """One declaration that differs; feature and jurisdiction are empty where it counts for all.

    Before and after: None where nothing was or is declared.
    """

    path: str
    before: Any
    after: Any
    feature: str = ""
    jurisdiction: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.feature, self.jurisdiction, self.path

    @property
    def where(self) -> str:
        """The feature and jurisdiction that it is declared for; empty where it counts for all."""
        return " in ".join(filter(None, (self.feature, self.jurisdiction)))


class Asked(NamedTuple):
    """What an approval asks of a change in a market.

    asks: None where no text says what follows. facts: the changed ones that it rests on. through: the rules by which it
    rests on them, where the catalogue names no facts.
    """

    approval: str
    title: str
    asks: Change | None
    facts: tuple[str, ...]
    through: tuple[str, ...] = ()

    @property
    def release(self) -> Release:
        """What this alone allows."""
        if self.asks is None:
            return Release.NOT_KNOWN
        if self.asks.asks in ("extension", "new"):
            return Release.EXTENSION
        if self.asks.asks == "notice":
            return Release.DECISION if self.asks.then else Release.NOTICE
        return Release.NOW


class Appeared(NamedTuple):
    """A rule that the change breaks, or leaves open.

    lack: the id of the lack it belongs to. grant: the approval held whose own limit it holds the change against, so
    that a wider grant mends it.
    """

    rule: str
    title: str
    status: str
    severity: str
    feature: str = ""
    lack: str = ""
    grant: str = ""

    @property
    def release(self) -> Release:
        """What this alone allows; what blocks nothing holds nothing up."""
        if self.severity != "blocking":
            return Release.NOW
        if self.status != "gap":
            return Release.NOT_KNOWN
        return Release.EXTENSION if self.grant else Release.NOT_AT_ALL


class MarketImpact(NamedTuple):
    """One market. gone: rules that were gaps and are none any more."""

    market: str
    name: str
    release: Release
    before: Outcome
    after: Outcome
    asked: tuple[Asked, ...]
    appeared: tuple[Appeared, ...]
    gone: tuple[str, ...]
    lacks: tuple[str, ...]

    @property
    def unknown(self) -> tuple[Asked, ...]:
        """The approvals that rest on the change, of which nobody here knows what follows."""
        return tuple(each for each in self.asked if each.asks is None)


class Split(NamedTuple):
    """The least that has to wait so that the rest may go out in every market under no more than `release`.

    exact: whether it is proven that less does not do.
    """

    release: Release
    waits: tuple[Unit, ...]
    goes: tuple[Unit, ...]
    exact: bool = True


class Faster(NamedTuple):
    """A domain in which the new profile drives faster than its system can: km/h of both, and where it is declared."""

    domain: float
    system: float
    feature: str = ""
    jurisdiction: str = ""

    @property
    def where(self) -> str:
        return " in ".join(filter(None, (self.feature, self.jurisdiction)))


class Impact(NamedTuple):
    """old, new: the names of the profiles. receipts: of the checks before and after. faster: what the change makes of a
    domain's speed that the system does not reach."""

    old: str
    new: str
    file: str
    day: dt.date
    units: tuple[Unit, ...]
    markets: tuple[MarketImpact, ...]
    splits: tuple[Split, ...]
    receipts: tuple[Receipt, Receipt]
    faster: tuple[Faster, ...] = ()

    @property
    def release(self) -> Release:
        """What holds everywhere: that of the market that asks for most."""
        return max((market.release for market in self.markets), key=lambda each: each.rank, default=Release.NOW)

    def asked(self) -> Mapping[Asked, tuple[str, ...]]:
        """What approvals ask, each once, with the markets in which they do."""
        found: dict[Asked, list[str]] = {}
        for market in self.markets:
            for each in market.asked:
                found.setdefault(each, []).append(market.market)
        return {each: tuple(codes) for each, codes in found.items()}

    def tally(self) -> Mapping[Release, tuple[str, ...]]:
        """The markets by what they allow."""
        found = {each: tuple(m.market for m in self.markets if m.release is each) for each in Release}
        return {release: codes for release, codes in found.items() if codes}
