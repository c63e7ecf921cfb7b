# SPDX-License-Identifier: Apache-2.0
"""The dossier for a terminal: the approval, how far it is, and every line that is left."""

from __future__ import annotations

from carnet.assess.model import Outcome
from carnet.plan.dossier import Done, Dossier, Line, Why
from carnet.report import digest
from carnet.report.approvals.words import source
from carnet.report.dossier import words
from carnet.report.layout import Page
from carnet.report.terminal import COLOURS
from carnet.spoken import _

_TONES = {"gap": "closed", "compliant": "open"}


def render(dossier: Dossier, *, width: int = 80, colour: bool = False, verbose: bool = False) -> str:
    page = Page(width, colour)
    page.text(_("Dossier: {approval}").format(approval=dossier.approval.id), bold=True)
    page.text(_("Profile {profile}, on {day}").format(profile=dossier.profile, day=dossier.day))
    page.gap()
    for name, text in words.about(dossier):
        page.text(f"{name}: {text}", 2, hang=2)
    page.gap()
    page.text(words.progress(dossier), bold=True)
    for holder, number in dossier.owed().items():
        name = next(words.who(line) for line in dossier.lines if line.owes == holder)
        page.text(_("{who}: {n} to do").format(who=name, n=number), 2)
    for why in Why:
        if lines := dossier.part(why):
            page.heading(f"{_(words.PARTS[why])} ({len(lines)})")
            for line in lines:
                _line(page, line, verbose)
    page.gap()
    page.text(_("Receipt: {receipt}.").format(receipt=digest.receipt(dossier.receipt)), dim=True)
    page.text(_(words.NOTE), dim=True)
    page.text(_("Attach by `attachments: [{to: ID, file: ..., by: ..., on: ...}]` in the profile."), dim=True)
    return str(page)


def _line(page: Page, line: Line, verbose: bool) -> None:
    tone = words.TONES[line.state]
    mark = page.style(f"{words.state(line):<11}", **COLOURS[Outcome(_TONES.get(tone, tone))])
    feature = f"  [{line.feature}]" if line.feature else ""
    page.raw(f"  {mark} {line.id}{feature}")
    page.text(line.title, 4)
    if line.wanted and line.wanted != line.title:
        page.text(_("Wanted: {what}").format(what=line.wanted), 4, hang=2)
    if line.state is Done.ATTACH:
        page.text(words.who(line), 4)
    elif line.state is not Done.DONE:
        page.text(f"{words.who(line)}: {words.todo(line)}", 4, hang=2)
    if (said := words.declared(line)) and (verbose or line.state is Done.CHANGE):
        page.text(_("Declared: {what}").format(what=said), 4, hang=2)
    if line.attached:
        page.text(_("Attached: {files}").format(files=words.attached(line)), 4, hang=2)
    if verbose or line.state in (Done.CHANGE, Done.DECLARE):
        page.text(source(line.cites), 4, dim=True)
