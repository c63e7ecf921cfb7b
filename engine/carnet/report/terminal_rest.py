# SPDX-License-Identifier: Apache-2.0
"""What stands below a market's lacks on a terminal page: what is met, law to come, duties of home, notes."""

from __future__ import annotations

from carnet.assess.model import MarketAssessment, Status
from carnet.report import coming, digest, trust
from carnet.report.digest import Digest, Group
from carnet.report.layout import Page
from carnet.report.terminal_lacks import Lacks
from carnet.report.words import said
from carnet.spoken import N_, _, lowered

FEW = 5
MET, UNDETERMINED, NOT_APPLICABLE = N_("Met"), N_("Undetermined"), N_("Not applicable")
OTHER_ROUTES, SET_ASIDE = N_("Open on other routes only"), N_("Set aside by another rule")
GUIDANCE = N_("Guidance and proposals")


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
            MET: found.compliant,
            UNDETERMINED: found.undetermined,
            OTHER_ROUTES: found.off_route,
            SET_ASIDE: found.superseded,
            GUIDANCE: digest.group(self.market.guidance),
            NOT_APPLICABLE: found.not_applicable,
        }
        self.page.gap()
        if self.verbose:
            for name, groups in kinds.items():
                self._list(name, groups)
            return
        del kinds[UNDETERMINED]
        counts = ", ".join(f"{lowered(_(name))} {len(groups)}" for name, groups in kinds.items() if groups)
        if counts:
            self.page.text(_("The rest: {counts}; -v lists them.").format(counts=counts))

    def _list(self, name: str, groups: list[Group]) -> None:
        if groups:
            self.page.heading(f"{_(name)} ({len(groups)})")
        for each in groups:
            finding = each.finding
            state = f"{said('status', finding.status)}; " if name in (OTHER_ROUTES, GUIDANCE, SET_ASIDE) else ""
            by = _("; set aside by {rule}").format(rule=finding.superseded_by) if finding.superseded_by else ""
            self.page.text(f"{each.title} ({state}{digest.provisions(finding)}{by}) [{finding.rule}]", 2, "-")

    def _upcoming(self) -> None:
        lines = coming.changes(self.market)
        folded = coming.idle_changes(self.market)
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
                home=market.home, outcome=digest.outcome_name(market.home_outcome)
            )
        )
        lacks = Lacks(self.page, market, self.verbose)
        for lack in market.home_lacks:
            if not lack.waived:
                lacks.full(lack, "!" if lack.blocking else "-")
        lacks.waived([lack for lack in market.home_lacks if lack.waived])
        waiting = [f for f in market.home_findings if f.status is Status.UNDETERMINED]
        if waiting:
            told = digest.counted(
                len(waiting),
                N_("1 duty not decided; `carnet questions` asks for what it waits for."),
                N_("{n} duties not decided; `carnet questions` asks for what they wait for."),
            )
            self.page.text(told, 2)

    def _notes(self) -> None:
        """What the report does not decide, and how far it can be trusted."""
        page, market = self.page, self.market
        page.gap()
        if self.verbose:
            self._listed(_("Good to know"), [f"{n.title}: {n.text}" for n in market.notes])
            self._listed(_("Not checked"), [f"{n.title}: {n.reason}" for n in market.not_covered])
            page.gap()
        else:
            parts = []
            if market.not_covered:
                unchecked = N_("1 known provision not checked"), N_("{n} known provisions not checked")
                parts.append(digest.counted(len(market.not_covered), *unchecked))
            if market.notes:
                parts.append(digest.counted(len(market.notes), N_("1 note on this law"), N_("{n} notes on this law")))
            if parts:
                shows = _("{parts}; -v or `carnet market {market}` shows the text.")
                page.text(shows.format(parts=_(" and ").join(parts), market=market.market))
        if not trust.first_look(market):
            page.text(trust.confidence(market))
        if market.weakest:
            page.text(trust.weakest(market))

    def _listed(self, title: str, texts: list[str]) -> None:
        if texts:
            self.page.heading(f"{title} ({len(texts)})")
            self.page.extend(texts, 2)
