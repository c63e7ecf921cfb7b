# SPDX-License-Identifier: Apache-2.0
"""What planning knows of an approval, in words: each part with the text that says it, or marked as our estimate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from carnet.law.grounds import Cite
from carnet.law.planning import Change, Local, Period, Planning
from carnet.plan.register import Entry, Register, State
from carnet.report.digest import counted
from carnet.report.words import label
from carnet.spoken import N_, _, lowered

ASKS = {
    "nothing": N_("nothing"),
    "notice": N_("a notice"),
    "extension": N_("an extension"),
    "new": N_("a new approval"),
    "rxswin": N_("a new RXSWIN where it leads to an extension"),
}
LOCAL = {
    "applicant": N_("the applicant is established there"),
    "entity": N_("a company there"),
    "representative": N_("a representative there"),
    "importer": N_("an importer there"),
}


def made_for(register: Register) -> tuple[str, ...]:
    """Whose duties it is about, and how much of them is not shown; nothing where it is the whole company's."""
    if not register.role:
        return ()
    own = _("Only duties of") + " " + _(label("duty_holder", register.role))
    hidden = _("Not shown, as confidential: {n}.").format(n=register.withheld) if register.withheld else ""
    return tuple(filter(None, (own, hidden)))


def source(cites: Iterable[Cite]) -> str:
    """Where it is said, or that it is our estimate."""
    return "; ".join(map(str, cites)) or _("our estimate")


def weeks(span: tuple[int, int]) -> str:
    """A span of weeks, as people say it."""
    if span[0] == span[1]:
        return _("{n} weeks").format(n=span[0])
    return _("{first} to {last} weeks").format(first=span[0], last=span[1])


def facts(record: Planning) -> dict[str, str]:
    """The record as labelled lines; what is not known is left out."""
    cost = record.cost
    return {
        _("Takes"): f"{weeks(record.weeks)} ({source(record.cites)}){_note(record.note)}",
        _("Decision"): _period(record.decision),
        _("Applies"): _(label("duty_holder", record.applicant)),
        _("In the market"): local(record.local),
        _("Made with"): "; ".join(f"{each.what} ({source(each.cites)})" for each in record.documents),
        _("Lasts"): _period(record.validity),
        _("Renew"): _("{time} before the end").format(time=_period(record.renewal)) if record.renewal else "",
        _("Cost"): _("{level}, some {low} to {high} thousand euros ({source})").format(
            level=_(COSTS.get(cost.level, cost.level.replace("_", " "))),
            low=cost.thousands_eur[0],
            high=cost.thousands_eur[1],
            source=source(cost.cites),
        )
        + _note(cost.note),
        _("Changes"): " ".join(change(each) for each in record.changes),
    }


def local(needed: Local) -> str:
    """What must be in the market."""
    parts = [_(LOCAL[each]) for each in needed.needs]
    if needed.languages:
        parts.append(_("written in {languages}").format(languages=", ".join(needed.languages)))
    return f"{', '.join(parts)} ({source(needed.cites)}){_note(needed.note)}" if parts else ""


def change(asked: Change) -> str:
    """What a change of which facts sets off."""
    about = ", ".join(fact.rstrip(".") for fact in asked.facts) or _("whatever it rests on")
    return f"{about}: {asks(asked)} ({source(asked.cites)})."


def asks(asked: Change) -> str:
    """What is asked, of whom, by when."""
    told = asked.asks in ("notice", "rxswin")
    who = (_(" to {authority}") if told else _(" by {authority}")).format(authority=asked.to) if asked.to else ""
    when = _(", before the change") if asked.before else ""
    if asked.within is not None:
        when = _(", within {n} days").format(n=asked.within)
    then = ""
    if asked.then:
        *others, last = (_(ASKS[each]) for each in asked.then)
        answers = _("{others} or {last}").format(others=", ".join(others), last=last) if others else last
        then = _(", which then asks {answers}").format(answers=answers)
    return f"{_(ASKS[asked.asks])}{who}{when}{then}"


def _period(period: Period | None) -> str:
    return f"{period_words(period)} ({source(period.cites)}){_note(period.note)}" if period else ""


PERIODS = {
    "days": (N_("1 day"), N_("{n} days")),
    "working_days": (N_("1 working day"), N_("{n} working days")),
    "weeks": (N_("1 week"), N_("{n} weeks")),
    "months": (N_("1 month"), N_("{n} months")),
    "years": (N_("1 year"), N_("{n} years")),
}


def period_words(period: Period) -> str:
    """A length of time, such as `2 years`."""
    return _("no end of its own") if period.unlimited else counted(period.number, *PERIODS[period.unit])


COSTS = {"low": N_("low"), "medium": N_("medium"), "high": N_("high"), "very_high": N_("very high")}


def _note(note: str) -> str:
    return f". {note}" if note else ""


STATES = {
    "expired": N_("Expired"),
    "withdrawn": N_("Withdrawn"),
    "suspended": N_("Suspended"),
    "refused": N_("Refused"),
    "expiring": N_("Expiring"),
    "missing": N_("Needed, not asked for"),
    "planned": N_("Planned"),
    "applied": N_("Applied for"),
    "held": N_("Held"),
}
TONES = {
    "expired": "closed",
    "withdrawn": "closed",
    "suspended": "closed",
    "refused": "closed",
    "expiring": "conditional",
    "missing": "gap",
    "planned": "undetermined",
    "applied": "test_only",
    "held": "open",
}
"""The colours of states: those of the outcomes that they come nearest to."""


def state(entry: Entry) -> str:
    """How an approval stands, in a word or two."""
    return _(STATES[entry.state])


def next_step(entry: Entry, day: dt.date) -> str:
    """What comes next for an approval, with its day."""
    if entry.state is State.APPLIED and entry.granted_on:
        return _("granted from {day}").format(day=entry.granted_on)
    if entry.state in (State.APPLIED, State.PLANNED):
        parts = [_("expected {day}").format(day=entry.expected_on)] if entry.expected_on else []
        if entry.decision_by:
            by = _("decision due by {day} ({source})")
            parts.append(by.format(day=entry.decision_by.day, source=source(entry.decision_by.cites)))
        return "; ".join(parts)
    if entry.state is State.MISSING:
        estimate = _(", our estimate") if entry.estimate else ""
        return _("takes {weeks}{estimate}").format(weeks=weeks(entry.weeks), estimate=estimate)
    if entry.valid_until is None:
        return ""
    ends = _("ended {day}") if entry.valid_until.day < day else _("until {day}")
    parts = [ends.format(day=entry.valid_until.day)]
    if entry.valid_until.cites:
        parts.append(_("at the latest, by {source}").format(source=source(entry.valid_until.cites)))
    if entry.renew_by and entry.state in (State.HELD, State.EXPIRING):
        parts.append(renewal(entry, day))
    return ", ".join(parts)


def renewal(entry: Entry, day: dt.date) -> str:
    """By when to apply again, and on whose word."""
    estimate = _(", our estimate") if entry.renew_estimate else ""
    words = _("apply again now: since {day}{estimate}") if entry.renew_now(day) else _("apply again by {day}{estimate}")
    return words.format(day=entry.renew_by, estimate=estimate)


def who(entry: Entry) -> str:
    """Who looks after it, or whose it is to apply."""
    holder = _(label("duty_holder", entry.applicant))
    if entry.owner:
        return entry.owner
    if entry.partner:
        return f"{entry.partner} ({lowered(holder)})"
    return _("{holder}, ours").format(holder=holder) if entry.ours else holder


def asked_by(entry: Entry, most: int = 3) -> str:
    """The rules that ask for it."""
    rest = len(entry.asked_by) - most
    more = _(" and {n} more").format(n=rest) if rest > 0 else ""
    return ", ".join(entry.asked_by[:most]) + more
