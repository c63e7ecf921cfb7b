# SPDX-License-Identifier: Apache-2.0
"""The paragraph that a report opens with: where you stand, what stands between, what to do first."""

from __future__ import annotations

from collections.abc import Sequence

from carnet.assess.apart import Apart
from carnet.assess.lacks import Work
from carnet.assess.model import MarketAssessment, Outcome, Report
from carnet.plan.actions import actions
from carnet.plan.first import first_step
from carnet.plan.questions import questions
from carnet.report import digest, lack_words, select
from carnet.report.lack_words import named
from carnet.spoken import N_, _

_STANDS = {
    Outcome.OPEN: N_("{name} may go to {market} as declared: nothing was found that stands in the way."),
    Outcome.CONDITIONAL: N_("{name} may go to {market}, with gaps left to close."),
    Outcome.TEST_ONLY: N_("{name} may be tested in {market}, but not be put into service there."),
    Outcome.UNDETERMINED: N_("Whether {name} may go to {market} cannot be said yet."),
    Outcome.CLOSED: N_("{name} may not go to {market} as it stands."),
    Outcome.PROHIBITED: N_(
        "{name} may not go to {market}; at most an exception that an authority grants changes that."
    ),
}
_SEVERAL = {
    Outcome.OPEN: N_("open: {markets}"),
    Outcome.CONDITIONAL: N_("conditional: {markets}"),
    Outcome.TEST_ONLY: N_("testing only: {markets}"),
    Outcome.UNDETERMINED: N_("undetermined: {markets}"),
    Outcome.CLOSED: N_("closed: {markets}"),
    Outcome.PROHIBITED: N_("prohibited: {markets}"),
}
BARS = 3


def opening(report: Report) -> str:
    """The paragraph in the language spoken now."""
    if not report.markets:
        return ""
    if len(report.markets) == 1:
        return _of_one(report, report.markets[0])
    return _of_several(report)


def _of_one(report: Report, market: MarketAssessment) -> str:
    stands = _(_STANDS[market.outcome]).format(name=select.profile_name(report), market=market.name)
    blocking = lack_words.blocks(market)
    parts = [stands, *_barred([market])]
    if blocking:
        parts.append(_("In the way: {lacks}.").format(lacks=lack_words.counted(blocking)))
    lesser = lack_words.lesser(market)
    if lesser:
        parts.append(_("Beside that, what blocks nothing: {lacks}.").format(lacks=lack_words.counted(lesser)))
    parts += [_locked(one) for one in market.apart if digest.better(one.locked, one.declared)]
    if not any(lack.work is Work.BAR for lack in blocking):  # where nothing opens it, there is nothing to begin with
        parts.append(_begin(market, report))
    return " ".join(filter(None, parts))


def _locked(one: Apart) -> str:
    """That the vehicle may go there before one of its features does."""
    return _("With {feature} locked it is {outcome} there: the vehicle first, the feature later.").format(
        feature=one.feature, outcome=digest.outcome_name(one.locked)
    )


def _begin(market: MarketAssessment, report: Report) -> str:
    """What to begin with: of what can be done, what takes longest; failing that, the most decisive answer."""
    own = [action for action in actions([market]) if market.market in action.markets]
    if own:
        first = own[0].first
        return _("Begin with what takes longest: {lack} ({who}).").format(
            lack=lack_words.title(first), who=lack_words.who(first)
        )
    return _ask(report)


def _ask(report: Report) -> str:
    asked = questions(report.markets)
    if asked and any(market.outcome is Outcome.UNDETERMINED for market in report):
        return _("Declare {fact} first.").format(fact=asked[0].fact)
    return ""


def _of_several(report: Report) -> str:
    found = [
        _(_SEVERAL[outcome]).format(markets=named([m.market for m in report if m.outcome is outcome]))
        for outcome in Outcome
        if any(market.outcome is outcome for market in report)
    ]
    stands = _("{name} in {n} markets: {outcomes}.").format(
        name=select.profile_name(report), n=len(report.markets), outcomes="; ".join(found)
    )
    enterable = [market for market in report.markets if market.outcome is not Outcome.PROHIBITED]
    most = lack_words.step(first_step(enterable, actions(enterable)))
    return " ".join(filter(None, (stands, *_barred(report.markets), most or _ask(report))))


def _barred(markets: Sequence[MarketAssessment]) -> list[str]:
    """What no action lifts, by name: each bar once, with the markets that it shuts."""
    found: dict[str, list[str]] = {}
    for market in markets:
        for lack in lack_words.blocks(market) if market.outcome is Outcome.PROHIBITED else ():
            if lack.work is Work.BAR:
                found.setdefault(lack_words.title(lack), []).append(market.market)
    return [
        _("Barred from {markets}: {lack}.").format(markets=named(codes), lack=title)
        for title, codes in list(found.items())[:BARS]
    ]
