# SPDX-License-Identifier: Apache-2.0
"""The difference between two laws as Markdown, for release notes and wikis."""

from __future__ import annotations

from carnet.report.digest import outcome_name
from carnet.report.lawdiff import KINDS, LawDiff
from carnet.report.lawdiff.terminal import entry_words
from carnet.report.markdown import escape


def render(difference: LawDiff) -> str:
    lines = ["# What changes in the law", "", f"From {escape(difference.old)} to {escape(difference.new)}."]
    if not difference.entries:
        lines += ["", "Nothing changes."]
    for kind, title in KINDS.items():
        entries = [entry for entry in difference.entries if entry.kind == kind]
        if entries:
            lines += ["", f"## {title}", "", *(f"- {escape(entry_words(entry))}" for entry in entries)]
    for profile in difference.profiles:
        effects = [effect for effect in difference.effects if effect.profile == profile]
        lines += ["", f"## Effect on {escape(profile)}", ""]
        lines += ["| Market | Before | After | New gaps | Gaps closed |", "| --- | --- | --- | --- | --- |"]
        for effect in effects:
            cells = (effect.name, outcome_name(effect.before), outcome_name(effect.after))
            gaps = ("; ".join(effect.new_gaps), "; ".join(effect.closed_gaps))
            lines.append(f"| {' | '.join(escape(cell) for cell in (*cells, *gaps))} |")
    return "\n".join(lines) + "\n"
