# SPDX-License-Identifier: Apache-2.0
"""The register for a terminal: what needs attention first, or market by market, or owner by owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from carnet.assess.model import Outcome
from carnet.plan.register import Entry, Register, State
from carnet.report import digest
from carnet.report.approvals import words
from carnet.report.layout import Page
from carnet.report.terminal import COLOURS
from carnet.spoken import _, lowered


def render(
    register: Register, *, width: int = 80, colour: bool = False, verbose: bool = False, by: str = "state"
) -> str:
    """by: state, market or owner."""
    page = Page(width, colour)
    page.text(_("Register of approvals: {profile}").format(profile=register.profile), bold=True)
    counts = ", ".join(f"{n} {lowered(_(words.STATES[state]))}" for state, n in register.counts().items())
    told = counts or _("none")
    page.text(_("Seen on {day}; an end within {n} weeks is near.").format(day=register.day, n=register.weeks))
    page.text(f"{told}.")
    for line in words.made_for(register):
        page.text(line)
    for title, entries in _groups(register, by):
        page.heading(f"{title} ({len(entries)})")
        plain = () if verbose else [entry for entry in entries if _is_plain(entry)]
        for entry in entries:
            if entry not in plain:
                _entry(page, register, entry, by)
        if plain:
            names = ", ".join(f"{entry.approval}{_scope(entry)}" for entry in plain)
            page.text(_("Held, with no last day known: {names}").format(names=names), 2)
    page.gap()
    if not register.markets:
        page.text(_("Name markets with -m to see what they ask for and nobody has asked for yet."), dim=True)
    page.text(_("Receipt: {receipt}.").format(receipt=digest.receipt(register.receipt)), dim=True)
    page.text(_("Weeks and times to apply again are our estimates unless a provision stands beside them."), dim=True)
    return str(page)


def _is_plain(entry: Entry) -> bool:
    """Whether there is nothing to say of it but that it is held."""
    return entry.state is State.HELD and entry.valid_until is None


def _groups(register: Register, by: str) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    if by == "market":
        for code, entries in register.by_market().items():
            yield f"{code}  {register.markets[code]}", entries
    elif by == "owner":
        for name, entries in register.by_owner().items():
            yield name or _("Nobody is named"), entries
    else:
        for state in State:
            if entries := register.in_state(state):
                yield _(words.STATES[state]), entries


def _entry(page: Page, register: Register, entry: Entry, by: str) -> None:
    name = page.style(entry.approval, **COLOURS[Outcome(_tone(entry))])
    state = f"  {words.state(entry)}" if by != "state" else ""
    markets = f"  {_some(entry.markets)}" if entry.markets and by != "market" else ""
    page.raw(f"  {name}{state}{markets}{_scope(entry)}")
    page.text(entry.title, 4)
    parts = [words.next_step(entry, register.day), words.who(entry) if by != "owner" else ""]
    told = "; ".join(filter(None, parts))
    if told:
        page.text(told[0].upper() + told[1:], 4)
    if entry.state is State.MISSING and entry.asked_by:
        page.text(_("asked by {rules}").format(rules=words.asked_by(entry)), 4, dim=True)


def _tone(entry: Entry) -> str:
    tone = words.TONES[entry.state]
    return "closed" if tone == "gap" else tone


def _some(codes: Iterable[str], most: int = 9) -> str:
    every = list(codes)
    return ", ".join(every[:most]) + (f" +{len(every) - most}" if len(every) > most else "")


def _scope(entry: Entry) -> str:
    return f"  [{entry.scope}]" if entry.scope else ""
