# SPDX-License-Identifier: Apache-2.0
"""What planning knows of an approval, in words: each part with the text that says it, or marked as our estimate."""

from __future__ import annotations

from collections.abc import Iterable

from carnet.law.grounds import Cite
from carnet.law.planning import Change, Local, Period, Planning
from carnet.report.words import label
from carnet.spoken import N_, _

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
            level=cost.level.replace("_", " "),
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
    """What a change sets off, in one sentence."""
    told = asked.asks in ("notice", "rxswin")
    who = (_(" to {authority}") if told else _(" by {authority}")).format(authority=asked.to) if asked.to else ""
    when = _(", before the change") if asked.before else ""
    if asked.within is not None:
        when = _(", within {n} days").format(n=asked.within)
    then = ""
    if asked.then:
        answers = _(" or ").join(_(ASKS[each]) for each in asked.then)
        then = _(", which then asks {answers}").format(answers=answers)
    about = ", ".join(fact.rstrip(".") for fact in asked.facts) or _("whatever it rests on")
    what = f"{about}: {_(ASKS[asked.asks])}{who}{when}{then}"
    return f"{what} ({source(asked.cites)})."


def _period(period: Period | None) -> str:
    return f"{period} ({source(period.cites)}){_note(period.note)}" if period else ""


def _note(note: str) -> str:
    return f". {note}" if note else ""
