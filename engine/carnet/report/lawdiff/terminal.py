# SPDX-License-Identifier: Apache-2.0
"""The difference between two laws for a terminal."""

from __future__ import annotations

from carnet.report.digest import count, outcome_name
from carnet.report.lawdiff import KINDS, Effect, Entry, LawDiff
from carnet.report.layout import Page, clean
from carnet.report.terminal import COLOURS

_FEW = 15


def render(difference: LawDiff, *, width: int = 80, colour: bool = False, verbose: bool = False) -> str:
    page = Page(width, colour)
    page.text("What changes in the law", bold=True)
    page.text(f"from {difference.old}", 2)
    page.text(f"to   {difference.new}", 2)
    if not difference.entries:
        page.gap()
        page.text("Nothing changes.")
    for kind, title in KINDS.items():
        entries = [entry for entry in difference.entries if entry.kind == kind]
        if entries:
            page.heading(f"{title} ({len(entries)})")
        for entry in entries if verbose else entries[:_FEW]:
            page.text(entry_words(entry), 2, "-")
        if len(entries) > _FEW and not verbose:
            page.text(f"and {len(entries) - _FEW} more; -v shows them", 2, dim=True)
    for profile in difference.profiles:
        _profile(page, profile, [effect for effect in difference.effects if effect.profile == profile], verbose)
    return str(page)


def entry_words(entry: Entry) -> str:
    """One entry in a line that is complete on its own."""
    day = f"{entry.date} " if entry.date else ""
    name = entry.id if entry.title == entry.id else f"{entry.title} [{entry.id}]"
    severity = f", {entry.severity}" if entry.severity else ""
    law = f" ({entry.provision})" if entry.provision else ""
    return f"{day}{entry.jurisdiction}: {name}{law}{severity}{f'; {entry.detail}' if entry.detail else ''}"


def _profile(page: Page, profile: str, effects: list[Effect], verbose: bool) -> None:
    page.heading(f"Effect on {profile}")
    turned = [effect for effect in effects if effect.before is not effect.after]
    for effect in turned:
        before, after = (
            page.style(outcome_name(outcome), **COLOURS[outcome]) for outcome in (effect.before, effect.after)
        )
        page.raw(f"  {effect.market}  {clean(effect.name)}: {before} -> {after}")
        _gaps(page, effect)
    if not turned:
        page.text("No market's outcome changes.", 2)
    same = [effect for effect in effects if effect.before is effect.after]
    for effect in same if verbose else []:
        page.raw(f"  {effect.market}  {clean(effect.name)}: still {outcome_name(effect.after)}")
        _gaps(page, effect)
    if same and not verbose:
        markets = ", ".join(effect.market for effect in same)
        page.text(f"Other gaps, same outcome, in {count(len(same), 'market')}: {markets}; -v shows them.", 2)


def _gaps(page: Page, effect: Effect) -> None:
    page.extend((f"new gap: {title}" for title in effect.new_gaps), 4)
    page.extend((f"gap closed: {title}" for title in effect.closed_gaps), 4)
