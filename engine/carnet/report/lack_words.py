# SPDX-License-Identifier: Apache-2.0
"""Lacks in words: how many of each kind, what each one is, what is to be changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from carnet.assess.apart import Apart
from carnet.assess.lacks import Change, Lack, Work
from carnet.assess.model import MarketAssessment
from carnet.logic.wording import value_text
from carnet.plan.first import Step
from carnet.plan.questions import deciding
from carnet.report import digest, text
from carnet.spoken import N_, _

HEADS: Mapping[Work, str] = {
    Work.BAR: N_("Bars that no action lifts"),
    Work.APPROVAL: N_("Approvals to obtain"),
    Work.PRODUCT: N_("Product changes"),
    Work.SET_UP: N_("Things to set up"),
    Work.DOCUMENT: N_("Documents to make or file"),
}
ONE: Mapping[Work, str] = {
    Work.BAR: N_("A bar"),
    Work.APPROVAL: N_("Approval"),
    Work.PRODUCT: N_("Product change"),
    Work.SET_UP: N_("Set-up"),
    Work.DOCUMENT: N_("Document"),
}
MANY = 6
"""So many markets of a group are named, the rest is counted."""
PROVISIONS = 3
"""Named of what bars something."""
ORDER: Mapping[Work, int] = {work: place for place, work in enumerate(Work)}
_COUNTS: Mapping[Work, tuple[str, str]] = {
    Work.BAR: (N_("1 bar that nothing lifts"), N_("{n} bars that nothing lifts")),
    Work.APPROVAL: (N_("1 approval to obtain"), N_("{n} approvals to obtain")),
    Work.PRODUCT: (N_("1 product change"), N_("{n} product changes")),
    Work.SET_UP: (N_("1 thing to set up"), N_("{n} things to set up")),
    Work.DOCUMENT: (N_("1 document to make"), N_("{n} documents to make")),
}
_PARTS: Mapping[tuple[str, bool], str] = {
    ("software", False): N_("1 product change (software)"),
    ("software", True): N_("{n} product changes (software)"),
    ("hardware", False): N_("1 product change (hardware)"),
    ("hardware", True): N_("{n} product changes (hardware)"),
}
_CAUSES: Mapping[str, str] = {
    "planned": N_("planned, not applied for yet"),
    "applied": N_("applied for, not decided yet"),
    "refused": N_("refused by the authority"),
    "suspended": N_("suspended by the authority"),
    "withdrawn": N_("withdrawn by the authority"),
    "expired": N_("expired"),
    "ban": N_("a ban"),
}


def counted(lacks: Iterable[Lack]) -> str:
    """How many there are of each kind: `2 approvals to obtain, 1 product change`."""
    found = list(lacks)
    return ", ".join(filter(None, (_of_kind(work, [lack for lack in found if lack.work is work]) for work in Work)))


def _of_kind(work: Work, lacks: Sequence[Lack]) -> str:
    several = len(lacks) > 1
    if not lacks:
        return ""
    if work is Work.BAR:
        return _bars(lacks)
    parts = {lack.part for lack in lacks}
    messages = _PARTS.get((next(iter(parts)), several)) if len(parts) == 1 else None
    return _(messages or _COUNTS[work][several]).format(n=len(lacks))


def _bars(lacks: Sequence[Lack]) -> str:
    """A ban reads differently from a jurisdiction that has no way in for the product."""
    bans = sum(any(finding.kind != "closure" for finding in lack.findings) for lack in lacks)
    words = [_("1 ban") if bans == 1 else _("{n} bans").format(n=bans)] if bans else []
    return ", ".join((*words, *([_("no way in")] if bans < len(lacks) else ())))


def outcome_line(market: MarketAssessment, outcome: str) -> str:
    """The outcome with what stands in the way of a better one: `closed: 2 approvals to obtain, 1 product change`.

    What is to declare are the answers that can still change it.
    """
    blocking = counted(lack for lack in market.lacks if lack.blocking)
    lesser = sum(not lack.blocking and not lack.waived for lack in market.lacks)
    waiting = deciding(market)
    more = []
    if lesser:
        more.append(_("1 lesser lack") if lesser == 1 else _("{n} lesser lacks").format(n=lesser))
    if waiting:
        more.append(_("{n} to declare").format(n=waiting))
    said = f"{outcome}: {blocking}" if blocking else outcome
    return f"{said}; {', '.join(more)}" if more and blocking else f"{said}, {', '.join(more)}" if more else said


def blocks(market: MarketAssessment) -> tuple[Lack, ...]:
    return tuple(lack for lack in market.lacks if lack.blocking)


def lesser(market: MarketAssessment) -> tuple[Lack, ...]:
    return tuple(lack for lack in market.lacks if not lack.blocking and not lack.waived)


def waived(market: MarketAssessment) -> tuple[Lack, ...]:
    return tuple(lack for lack in market.lacks if lack.waived)


def title(lack: Lack) -> str:
    """What is lacking; of a fact, with what is to be changed."""
    feature = ", ".join(dict.fromkeys(finding.feature for finding in lack.findings if finding.feature))
    named = f"{feature}: {lack.title}" if feature else lack.title
    if not lack.id.startswith("fact:") or not lack.changes:
        return named
    words = "; ".join(dict.fromkeys(map(change_words, lack.changes)))
    return f"{named[:1].upper()}{named[1:]}: {words}"


def change_words(change: Change) -> str:
    """A change as an order: what to add to a set, which value instead of which."""
    if isinstance(change.value, tuple):
        before = change.before or ()
        more = [item for item in change.value if item not in before]
        less = [item for item in before if item not in change.value]
        parts = [_("add {items}").format(items=", ".join(more))] if more else []
        parts += [_("drop {items}").format(items=", ".join(less))] if less else []
        return "; ".join(parts) or value_text(change.value)
    if change.value is None:
        return _("leave it undeclared")
    if change.before is None or isinstance(change.value, bool):
        return value_text(change.value)
    return _("{new} instead of {old}").format(new=value_text(change.value), old=value_text(change.before))


def instead(lack: Lack) -> str:
    """What would do as well, one after the other."""
    found = []
    for other in lack.alternatives:
        papers = [change.path.split(".")[1] for change in other if change.path.startswith("approvals.")]
        facts = [f"{c.path}: {change_words(c)}" for c in other if not c.path.startswith("approvals.")]
        found.append(_(" and ").join(dict.fromkeys((*papers, *facts))))
    return _(" or ").join(found)


def cause(lack: Lack) -> str:
    return cause_words(lack.cause)


def cause_words(cause: str) -> str:
    """Why an approval does not count; nothing of what has no name."""
    return _(_CAUSES[cause]) if cause in _CAUSES else ""


def who(lack: Lack) -> str:
    """Who acts and whether that is us, with whom, how long it takes; of a bar, the law that bars it: nobody can act."""
    if lack.work is Work.BAR:
        closed = any(finding.kind == "closure" for finding in lack.findings)
        law = "; ".join(map(str, lack.provisions[:PROVISIONS])) if closed else ""  # others stand with their provisions
        return _("barred by {law}").format(law=law) if law else _("the law bars it, whoever acts")
    whose = {True: _("{who}, ours"), False: _("{who}, our partner's"), None: "{who}"}[lack.ours]
    names = [whose.format(who=text.duty_holder_words(lack.who))] if lack.who else []
    names += [_("with {names}").format(names=", ".join(lack.with_))] if lack.with_ else []
    return "; ".join(filter(None, (*names, text.weeks_words(lack.weeks))))


def apart(one: Apart) -> str:
    """What a market makes of a feature, and of the vehicle while it stays locked."""
    words = {
        "feature": one.feature,
        "declared": digest.outcome_name(one.declared),
        "locked": digest.outcome_name(one.locked),
    }
    if one.lacks:
        return _("{feature}: {declared} as declared; {locked} while it stays locked ({lacks})").format(
            **words, lacks=counted(one.lacks)
        )
    return _("{feature}: {declared} as declared; {locked} while it stays locked").format(**words)


def named(codes: Iterable[str]) -> str:
    """Some codes, those beyond a few only counted."""
    found = list(codes)
    if len(found) <= MANY:
        return ", ".join(found)
    return _("{names} and {n} more").format(names=", ".join(found[:MANY]), n=len(found) - MANY)


def step(step: Step | None) -> str:
    """What does most over several markets."""
    if step is None:
        return ""
    first = step.action.first
    name = f"{title(first)} ({who(first)})"
    if step.opens and step.helps:
        return _("The step that does most: {step}; it opens {markets} by itself and is needed in {n} more.").format(
            step=name, markets=named(step.opens), n=len(step.helps)
        )
    if step.opens:
        return _("The step that does most: {step}; it opens {markets} by itself.").format(
            step=name, markets=named(step.opens)
        )
    return _("The step that does most: {step}; it is needed in {markets}, beside others.").format(
        step=name, markets=named(step.helps)
    )
