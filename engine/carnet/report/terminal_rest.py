# SPDX-License-Identifier: Apache-2.0
"""What stands below a market's lacks on a terminal page: what is met, law to come, duties of home, notes."""

from __future__ import annotations

from carnet.assess.model import MarketAssessment, Status
from carnet.report import digest
from carnet.report.digest import Digest, Group, count
from carnet.report.layout import Page
from carnet.report.terminal_lacks import Lacks
from carnet.spoken import _

FEW = 5


class Rest:
    """Writes the end of one market's section."""

    def __init__(self, page: Page, market: MarketAssessment, verbose: bool) -> None:
        self.page, self.market, self.verbose = page, market, verbose
        self.found = Digest.of(market)

    def write(self) -> None:
        self._folded()
        self._upcoming()
        self._home()
        self._notes()

    def _folded(self) -> None:
        """What stands in nobody's way: a line of counts, or with `-v` a list of each kind."""
        found = self.found
        kinds = {
            "Met": found.compliant,
            "Undetermined": found.undetermined,
            "Open on other routes only": found.off_route,
            "Set aside by another rule": found.superseded,
            "Guidance and proposals": digest.group(self.market.guidance),
            "Not applicable": found.not_applicable,
        }
        self.page.gap()
        if self.verbose:
            for name, groups in kinds.items():
                self._list(name, groups)
            return
        del kinds["Undetermined"]
        counts = ", ".join(f"{name.lower()} {len(groups)}" for name, groups in kinds.items() if groups)
        if counts:
            self.page.text(_("The rest: {counts}; -v lists them.").format(counts=counts))

    def _list(self, name: str, groups: list[Group]) -> None:
        if groups:
            self.page.heading(f"{name} ({len(groups)})")
        for each in groups:
            finding = each.finding
            state = f"{finding.status.value.replace('_', ' ')}; " if name.startswith(("Open", "Guid", "Set")) else ""
            by = f"; set aside by {finding.superseded_by}" if finding.superseded_by else ""
            self.page.text(f"{each.title} ({state}{digest.provisions(finding)}{by}) [{finding.rule}]", 2, "-")

    def _upcoming(self) -> None:
        lines = digest.changes(self.market)
        folded = digest.idle_changes(self.market)
        if lines:
            self.page.heading(_("Law that changes for you within two years ({n})").format(n=len(lines)))
            self.page.extend(lines if self.verbose else lines[:FEW], 2)
            if not self.verbose and len(lines) > FEW:
                more = _("and {n} more; -v shows all").format(n=len(lines) - FEW)
                self.page.text(more, 2, "-", dim=True)
        if folded:
            self.page.gap()
            one, several = (
                _("1 more rule changes that does not concern this product, before or after."),
                _("{n} more rules change that do not concern this product, before or after."),
            )
            self.page.text(one if folded == 1 else several.format(n=folded), dim=True)

    def _home(self) -> None:
        market = self.market
        if not market.home or market.home_outcome is None:
            return
        self.page.heading(
            _("Leaving home, export duties of {home}: {outcome}").format(
                home=market.home, outcome=digest.OUTCOMES[market.home_outcome]
            )
        )
        lacks = Lacks(self.page, market, self.verbose)
        for lack in market.home_lacks:
            if not lack.waived:
                lacks.full(lack, "!" if lack.blocking else "-")
        lacks.waived([lack for lack in market.home_lacks if lack.waived])
        waiting = [f for f in market.home_findings if f.status is Status.UNDETERMINED]
        if waiting:
            self.page.text(f"{count(len(waiting), 'duty', 'duties')} not decided: declare what is asked above.", 2)

    def _notes(self) -> None:
        """What the report does not decide, and how far it can be trusted."""
        page, market = self.page, self.market
        page.gap()
        if self.verbose:
            self._listed("Good to know", [f"{n.title}: {n.text}" for n in market.notes])
            self._listed("Not checked", [f"{n.title}: {n.reason}" for n in market.not_covered])
            page.gap()
        else:
            parts = []
            if market.not_covered:
                parts.append(f"{count(len(market.not_covered), 'known provision')} not checked")
            if market.notes:
                parts.append(f"{count(len(market.notes), 'note')} on this law")
            if parts:
                page.text(f"{' and '.join(parts)}; -v or `carnet market {market.market}` shows the text.")
        if not digest.first_look(market):
            page.text(digest.confidence(market))

    def _listed(self, title: str, texts: list[str]) -> None:
        if texts:
            self.page.heading(f"{title} ({len(texts)})")
            self.page.extend(texts, 2)
