# SPDX-License-Identifier: Apache-2.0
"""The words of what a change sets off, the same in every format."""

from __future__ import annotations

from collections.abc import Iterable

from carnet.logic.wording import value_text
from carnet.plan.impact import Appeared, Asked, Faster, Impact, MarketImpact, Release, Split, Unit
from carnet.report.approvals import words
from carnet.report.words import label
from carnet.spoken import N_, _, lowered

RELEASES = {
    "now": N_("May go out now"),
    "notice": N_("After a notice"),
    "decision": N_("After the authority has decided"),
    "not_known": N_("Not known"),
    "extension": N_("Only after an extension or a new approval"),
    "not_at_all": N_("Not at all as it is"),
    "not_open": N_("Not open before either"),
}
TONES = {
    "now": "open",
    "notice": "conditional",
    "decision": "test_only",
    "not_known": "undetermined",
    "extension": "closed",
    "not_at_all": "prohibited",
    "not_open": "not_applicable",
}
"""The colours of releases: those of the outcomes that they come nearest to."""
NOTE = N_(
    "What is asked of a change is what the provisions say that stand beside it. Where none was read, nothing is"
    " guessed: ask the authority."
)


def release(each: Release) -> str:
    return _(RELEASES[each])


def unit(each: Unit) -> str:
    """One declaration and what it becomes."""
    scope = f" [{each.where}]" if each.where else ""
    change = _("{before} becomes {after}").format(before=_value(each.before), after=_value(each.after))
    return f"{each.path}{scope}: {change}"


def names(units: Iterable[Unit]) -> str:
    """What changes, by its paths alone."""
    return ", ".join(f"{each.path} [{each.where}]" if each.where else each.path for each in units)


def asked(each: Asked) -> str:
    """What an approval asks, with who says so."""
    if each.asks is None:
        rules = ", ".join(each.through[:3])
        more = len(each.through) - 3
        if more > 0:
            rules = _("{names} and {n} more").format(names=rules, n=more)
        told = _("not known: it rests on {facts} by {rules}, and no text that was read says what follows")
        return told.format(facts=", ".join(each.facts), rules=rules)
    what = words.asks(each.asks)
    return _("{what}, for {facts} ({source})").format(
        what=what, facts=", ".join(each.facts), source=words.source(each.asks.cites)
    )


def appeared(each: Appeared) -> str:
    """A rule that is broken or open since the change."""
    feature = f" [{each.feature}]" if each.feature else ""
    told = f"{each.title} ({each.rule}){feature}"
    if each.grant:
        told = _("{rule}: an extension of {approval} mends it").format(rule=told, approval=each.grant)
    return f"{_(label('severity', each.severity))}, {lowered(_(label('status', each.status)))}: {told}"


def market(each: MarketImpact) -> str:
    """The outcome before and after."""
    before, after = (_(label("outcome", outcome)) for outcome in (each.before, each.after))
    if each.before is each.after:
        return _("{outcome} before and after").format(outcome=after)
    return _("{before} before, {after} after").format(before=before, after=lowered(after))


def split(each: Split) -> str:
    """What waits so that the rest may go."""
    at_most = "" if each.exact else _(" (perhaps less would do)")
    told = {
        Release.NOW: N_("These wait, and the rest may go out everywhere now: {waits}"),
        Release.NOTICE: N_("These wait, and the rest may go out everywhere after a notice: {waits}"),
        Release.DECISION: N_("These wait, and the rest may go out everywhere after decisions of authorities: {waits}"),
    }[each.release]
    return _(told).format(waits=names(each.waits)) + at_most + "."


def faster(each: Faster) -> str:
    """That a domain is faster than the system that is to drive there."""
    told = _("The domain goes up to {domain} km/h and the system to {system} km/h: it cannot drive there as fast.")
    said = told.format(domain=value_text(each.domain), system=value_text(each.system))
    return f"{said} [{each.where}]" if each.where else said


def summary(impact: Impact) -> str:
    """The markets by what they allow, in one sentence."""
    parts = [f"{release(each)}: {', '.join(codes)}" for each, codes in impact.tally().items()]
    return "; ".join(parts) or _("no market was named")


def _value(value: object) -> str:
    return _("not declared") if value is None else value_text(value)
