# SPDX-License-Identifier: Apache-2.0
"""The words of a dossier, the same in every format."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.logic.wording import value_text
from carnet.plan.dossier import Attached, Dossier, Line
from carnet.report.approvals import words
from carnet.report.words import label
from carnet.spoken import N_, _, lowered

PARTS = {
    "first": N_("To be held before"),
    "application": N_("Papers of the application"),
    "asks": N_("Rules that ask for it"),
    "proven": N_("What it will prove"),
    "instrument": N_("Duties of the same law"),
}
STATES = {
    "change": N_("To change"),
    "obtain": N_("To obtain"),
    "declare": N_("To declare"),
    "attach": N_("To attach"),
    "done": N_("Done"),
}
TONES = {
    "change": "gap",
    "obtain": "gap",
    "declare": "undetermined",
    "attach": "conditional",
    "done": "compliant",
}
"""The colours of states: those of what they come nearest to elsewhere."""
KINDS = {
    "approval": N_("approval"),
    "document": N_("document"),
    "proof": N_("proof of the product"),
    "set_up": N_("people and set-up"),
}
NOTE = N_(
    "A line is done when what is declared keeps the rule and a file shows it. What the papers of an application are"
    " called is our estimate where no provision stands beside them."
)


def state(line: Line) -> str:
    return _(STATES[line.state])


def who(line: Line) -> str:
    """Who owes it."""
    holder = _(label("duty_holder", line.owes))
    if line.partner:
        return f"{line.partner} ({lowered(holder)})"
    return _("{holder}, ours").format(holder=holder) if line.ours else holder


def declared(line: Line) -> str:
    """What the profile says of it."""
    return "; ".join(f"{each.fact}: {_said(each.declared)}" for each in line.declared)


def todo(line: Line) -> str:
    """What is left to do."""
    if line.state == "change":
        changes = "; ".join(f"{path}: {_said(value)}" for path, value in line.change.items())
        return _("change {changes}").format(changes=changes) if changes else _("no change of a declaration mends it")
    if line.state == "declare":
        return _("declare {facts}").format(facts=", ".join(line.unknown))
    if line.state == "obtain":
        return _("obtain {approval}").format(approval=line.id)
    if line.state == "attach":
        return _("attach {what}").format(what=line.wanted or _("it"))
    return ""


def attached(line: Line) -> str:
    """The files that show it."""
    return "; ".join(_file(each) for each in line.attached)


def law(line: Line) -> str:
    """Where it is asked."""
    return words.source(line.cites)


def about(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """The approval itself, as labelled facts."""
    planning, approval = dossier.planning, dossier.approval
    yield _("Approval"), f"{approval.title} ({approval.id})"
    if dossier.role:
        yield _("Only duties of"), _(label("duty_holder", dossier.role))
    yield _("Granted by"), approval.granted_by or _("no authority named")
    yield _("Market"), f"{dossier.name} ({dossier.market})"
    yield _("State"), _(words.STATES[dossier.state]) if dossier.state in words.STATES else _("not asked for yet")
    known = words.facts(planning)
    for name in (_("Takes"), _("Decision"), _("Applies"), _("In the market"), _("Lasts"), _("Renew"), _("Cost")):
        if known.get(name):
            yield name, known[name]


def progress(dossier: Dossier) -> str:
    """How far it is, in one sentence."""
    counts = dossier.counts()
    told = ", ".join(f"{number} {lowered(_(STATES[name]))}" for name, number in counts.items())
    done = sum(number for name, number in counts.items() if name == "done")
    every = len(dossier.lines)
    return _("{done} of {n} lines are done: {told}.").format(done=done, n=every, told=told or _("nothing is asked"))


def _said(value: object) -> str:
    return _("not declared") if value is None else value_text(value)


def _file(each: Attached) -> str:
    lost = _(", not found") if each.found is False else ""
    return f"{each.file} ({each.by}, {each.on}{lost})"
