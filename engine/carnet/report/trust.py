# SPDX-License-Identifier: Apache-2.0
"""How far an outcome can be trusted: how well the market's law is known, and the weakest text that decides it."""

from __future__ import annotations

from carnet.assess.model import MarketAssessment
from carnet.law.known import RESEARCHED, Level
from carnet.law.model import Confidence
from carnet.report.words import said
from carnet.spoken import _


def first_look(market: MarketAssessment) -> bool:
    """Whether so little of a market's law is known that its outcome is good only as far as that goes."""
    return market.known.level is Level.THINLY


def confidence(market: MarketAssessment) -> str:
    """How well the market's law is known and how it was read, in one sentence."""
    share = market.confidence_share
    total, good = sum(share.values()), share.get("primary", 0) + share.get("official", 0)
    areas = market.known.areas
    researched = sum(state in RESEARCHED for state in areas.values())
    of_areas = _("{n} of its {all} areas are researched").format(n=researched, all=len(areas))
    share_read = round(100 * good / total) if total else 0
    read = _(", {n} % of its rules rest on primary or official text").format(n=share_read) if total else ""
    told = {"areas": of_areas, "read": read}
    if first_look(market):
        return _("Carnet knows little of this market's law ({areas}{read}): take the outcome as a first look.").format(
            **told
        )
    if market.known.level is Level.WELL:
        return _("This market's law is well known: {areas}{read}.").format(**told)
    return _("This market's law is fairly known: {areas}{read}.").format(**told)


def weakest(market: MarketAssessment) -> str:
    """The weakest text that the outcome rests on, in one sentence; nothing where none decides."""
    support = market.weakest
    if support is None:
        return ""
    ground = support.ground
    read = _("read on {day}").format(day=ground.read.on) if ground.read else _("no reading recorded")
    return _(
        "The outcome is no surer than the weakest text that decides it, {kind} {id}: {confidence}, {read}."
    ).format(
        kind=said("support", support.kind),
        id=support.id,
        confidence=said("confidence", (ground.confidence or Confidence.SECONDARY).value),
        read=read,
    )
