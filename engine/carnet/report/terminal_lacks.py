# SPDX-License-Identifier: Apache-2.0
"""Lacks on a terminal page: what each one is, who acts, which provisions ask for it, what closes it."""

from __future__ import annotations

from collections.abc import Sequence

from carnet.assess.lacks import Lack
from carnet.assess.model import Finding, MarketAssessment
from carnet.report import digest, lack_words, select, text
from carnet.report.digest import Group
from carnet.report.layout import Page
from carnet.report.words import said
from carnet.spoken import _

FEW = 3
"""Findings named under a lack before the rest is only counted."""
BRIEFLY = 2
"""Comparisons shown of what blocks nothing."""
FEW_LESSER = 12
"""Lesser lacks shown before the rest is only counted."""


class Lacks:
    """Writes the lacks of one market."""

    def __init__(self, page: Page, market: MarketAssessment, verbose: bool) -> None:
        self._page, self._market, self._verbose = page, market, verbose

    def blocking(self, lacks: Sequence[Lack]) -> None:
        """What stands in the way, by kind of work, numbered through."""
        if not lacks:
            return
        self._page.heading(_("What stands in the way ({n})").format(n=len(lacks)))
        ordered = sorted(lacks, key=lambda lack: lack_words.ORDER[lack.work])
        before = None
        for number, lack in enumerate(ordered, 1):
            if lack.work is not before:
                self._page.gap()
                self._page.text(_(lack_words.HEADS[lack.work]), 2)
                before = lack.work
            self.full(lack, f"{number:>2}.")

    def full(self, lack: Lack, label: str) -> None:
        """A lack with who acts, what asks for it and what closes it."""
        page, inner = self._page, len(label) + 3
        page.gap()
        page.text(lack_words.title(lack), 2, label, bold=True)
        state = lack_words.cause(lack) if lack.approval else ""
        page.text("; ".join(filter(None, (state, lack_words.who(lack)))), inner)
        for place in self._places(lack):
            page.text(place, inner, hang=2)
        if self._verbose:
            for group in digest.group(lack.findings):
                self._finding(group, inner)
        else:
            self._asked_by(lack, inner)
        self._closing(lack, inner)

    def lesser(self, lacks: Sequence[Lack]) -> None:
        """What blocks nothing, in a few lines each."""
        if not lacks:
            return
        page = self._page
        page.heading(_("Lacks that block nothing ({n})").format(n=len(lacks)))
        shown = lacks if self._verbose else lacks[:FEW_LESSER]
        for lack in shown:
            page.text(lack_words.title(lack), 2, "-")
            page.text(f"{said('severity', lack.severity)}; {lack_words.who(lack)}", 4, dim=True)
            for place in self._places(lack)[:BRIEFLY]:
                page.text(place, 4, hang=2, dim=True)
            if self._verbose:
                for group in digest.group(lack.findings):
                    self._finding(group, 4)
            else:
                self._asked_by(lack, 4, dim=True)
        if len(lacks) > len(shown):
            page.text(_("and {n} more; -v shows all").format(n=len(lacks) - len(shown)), 2, "-", dim=True)

    def waived(self, lacks: Sequence[Lack]) -> None:
        if lacks:
            self._page.heading(_("Waived ({n})").format(n=len(lacks)))
        for lack in lacks:
            self._page.text(f"{lack_words.title(lack)}. {text.waiver_words(lack.findings[0])}", 2, "-")

    def _places(self, lack: Lack) -> list[str]:
        """Declared against required, of each fact that is to be changed; approvals are named in the title."""
        if lack.approval or not lack.findings:
            return []
        paths = {change.path for change in lack.changes}
        reasons = [reason for finding in lack.findings for reason in finding.because if reason.fact in paths]
        if reasons:
            return list(dict.fromkeys(digest.compared(reason, self._verbose) for reason in reasons))
        return digest.because(lack.findings[0], self._verbose)

    def _asked_by(self, lack: Lack, indent: int, dim: bool = False) -> None:
        groups = digest.group(lack.findings)
        for group in groups[:FEW]:
            finding = group.finding
            if finding.kind == "closure":
                self._page.text(finding.text, indent)
                continue
            same = "" if finding.title == lack.title else f"{group.title}: "
            self._page.text(f"{same}{digest.provisions(finding)} [{finding.rule}]", indent, "-", dim=dim)
            self._conflicts(finding, indent + 2)
            if finding.waived and finding.waived.expired:
                self._page.text(text.waiver_words(finding), indent + 2)
        if len(groups) > FEW:
            self._page.text(_("and {n} more; -v shows all").format(n=len(groups) - FEW), indent, "-", dim=True)
        if lack.follows:
            rules = ", ".join(lack.follows)
            self._page.text(_("Asked for once the rest is done: {rules}").format(rules=rules), indent)

    def _closing(self, lack: Lack, indent: int) -> None:
        page = self._page
        if any(not finding.curable for finding in lack.findings):
            page.text(_("The law leaves no way to cure this."), indent, "->", fg="red")
        if lack.text and not any(finding.kind == "closure" for finding in lack.findings):
            page.text(f"{lack.text[:1].upper()}{lack.text[1:]}", indent, "->", fg="cyan")
        if lack.alternatives:
            page.text(_("Or instead: {others}").format(others=lack_words.instead(lack)), indent)

    def _finding(self, each: Group, indent: int) -> None:
        """A finding in full: title, provision and rule, declared against required, evidence."""
        page, finding = self._page, each.finding
        page.text(each.title, indent, "-")
        inner = indent + 2
        page.text(f"{digest.provisions(finding)} [{finding.rule}], {digest.holder(finding)}", inner)
        for line in digest.because(finding, self._verbose):
            page.text(line, inner, hang=2)
        self._conflicts(finding, inner)
        if finding.remedy:
            page.text(digest.remedy(finding.remedy), inner, "->", fg="cyan")
        if finding.waived and finding.waived.expired:
            page.text(text.waiver_words(finding), inner)
        if finding.evidence:
            page.text(_("Evidence: {evidence}").format(evidence=finding.evidence), inner)
        if finding.note:
            page.text(_("Note: {note}").format(note=finding.note), inner)

    def _conflicts(self, finding: Finding, indent: int) -> None:
        if others := select.contradicting(self._market, finding):
            self._page.text(_("Cannot be obeyed together with {rules}.").format(rules=", ".join(others)), indent)


def briefly(page: Page, lacks: Sequence[Lack], few: int) -> None:
    """A line for each of the first lacks, with the first provision."""
    for lack in lacks[:few]:
        finding = lack.findings[0] if lack.findings else None
        closed = finding is not None and finding.kind == "closure"
        law = f": {finding.text.rstrip('.')}." if closed and finding else ""
        law = law or (f" ({digest.provisions(finding)})" if finding else "")
        page.text(f"{lack_words.title(lack)}{law}", 2, "-")
    if len(lacks) > few:
        page.text(_("and {n} more; -v shows all").format(n=len(lacks) - few), 2, "-", dim=True)
