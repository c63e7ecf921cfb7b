# SPDX-License-Identifier: Apache-2.0
"""A finding in one paragraph that is complete on its own, for the formats that show one row at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from carnet.assess.model import Because, Finding, MarketAssessment, RemedyPlan, Status
from carnet.law.model import InForce
from carnet.logic.wording import value_text
from carnet.report import select
from carnet.report.words import said
from carnet.spoken import N_, _

_SIGNS = {
    "<= ": N_("at most {value}"),
    ">= ": N_("at least {value}"),
    "!= ": N_("not {value}"),
    "= ": "{value}",
    "< ": N_("below {value}"),
    "> ": N_("above {value}"),
}


def required_words(required: str) -> str:
    """`<= 30` as `at most 30`: words instead of signs, so that no cell starts like a formula."""
    for sign, words in _SIGNS.items():
        if required.startswith(sign):
            return _(words).format(value=required[len(sign) :])
    return required


def declared_words(because: Because) -> str:
    return _("not declared") if because.declared is None else value_text(because.declared)


def duty_holder_words(duty_holder: str) -> str:
    return said("duty_holder", duty_holder).replace("ads ", "ADS ")


def span_words(in_force: InForce) -> str:
    """When the duty counts, or nothing when the source names no first day."""
    parts = []
    if in_force.new_types:
        parts.append(_("for new types from {day}").format(day=in_force.new_types))
    if in_force.start:
        start = _("for all vehicles from {day}") if in_force.new_types else _("from {day}")
        parts.append(start.format(day=in_force.start))
    if in_force.until:
        parts.append(_("until {day}").format(day=in_force.until))
    return " ".join(parts)


def cites_words(finding: Finding) -> str:
    return "; ".join(str(cite) for cite in finding.cites)


def weeks_words(weeks: tuple[int, int] | None) -> str:
    if weeks is None:
        return ""
    if weeks[0] == weeks[1]:
        return _("{n} weeks").format(n=weeks[0])
    return _("{first} to {last} weeks").format(first=weeks[0], last=weeks[1])


def settings_words(remedy: RemedyPlan) -> str:
    """The least change to the declaration, as a profile would write it."""
    return "; ".join(f"{path}: {value_text(value)}" for path, value in remedy.set.items())


def because_words(because: Because) -> str:
    name = f" ({because.name})" if because.name else ""
    line = _(" (profile line {n})").format(n=because.line) if because.line else ""
    note = f" ({because.note})" if because.note else ""
    return _("{fact} is {declared}{line}; required: {required}{note}").format(
        fact=f"{because.fact}{name}",
        declared=declared_words(because),
        line=line,
        required=required_words(because.required),
        note=note,
    )


def joined(reasons: Sequence[Because], words: Callable[[Because], str]) -> str:
    """Comparisons in a row, alternatives joined by `or`."""
    parts = (
        f"{_(word)} {words(reason)}" if word == "or" else words(reason) for word, reason in select.alternatives(reasons)
    )
    return "; ".join(parts)


def remedy_words(remedy: RemedyPlan) -> str:
    """Who does what with whom, how long it takes, and what to declare afterwards."""
    who = duty_holder_words(remedy.who)
    if remedy.with_:
        who = _("{who} with {others}").format(who=who, others=", ".join(remedy.with_))
    detail = ", ".join(part for part in (who, weeks_words(remedy.weeks)) if part)
    text = select.remedy_text(remedy)
    text += f" ({detail})" if detail else ""
    if not remedy.set:
        return text
    return _("{remedy}, then declare {settings}").format(remedy=text, settings=settings_words(remedy))


def finding_words(finding: Finding, market: MarketAssessment) -> str:
    """What is asked, by whom, where it stands, what was declared and what would close it."""
    if finding.kind == "closure":
        return f"{market.name} ({market.market}): {finding.title}. {finding.text.rstrip('.')}."
    feature = _(", feature {name}").format(name=finding.feature) if finding.feature else ""
    span = span_words(finding.in_force)
    facts = [
        cites_words(finding),
        _("in force {span}").format(span=span) if span else "",
        _("{severity} for market access").format(severity=said("severity", finding.severity)),
    ]
    sentences = [
        _("{market} asks the {holder}: {title}").format(
            market=f"{market.name} ({market.market}{feature})",
            holder=duty_holder_words(finding.duty_holder),
            title=finding.title,
        ),
        finding.text if finding.text != finding.title else "",
        _("Law: {law}; source read: {confidence}").format(
            law=", ".join(fact for fact in facts if fact), confidence=said("confidence", finding.confidence)
        ),
    ]
    if finding.because:
        sentences.append(_("Declared: {reasons}").format(reasons=joined(finding.because, because_words)))
    if finding.unknown:
        sentences.append(_("Undecided until declared: {facts}").format(facts=", ".join(finding.unknown)))
    if finding.remedy:
        sentences.append(_("To close it: {remedy}").format(remedy=remedy_words(finding.remedy)))
    elif finding.status is Status.GAP and not finding.curable:
        sentences.append(_("No action of the company can close it"))
    if finding.evidence:
        sentences.append(_("Evidence: {evidence}").format(evidence=finding.evidence))
    if finding.waived:
        sentences.append(waiver_words(finding))
    return " ".join(_("{sentence}.").format(sentence=text.rstrip(".。")) for text in sentences if text)


def waiver_words(finding: Finding) -> str:
    waiver = finding.waived
    assert waiver is not None
    end = f" {_('until {day}').format(day=waiver.until)}" if waiver.until else ""
    told = _("Waiver expired{end} by {name}: {reason}") if waiver.expired else _("Waived{end} by {name}: {reason}")
    return told.format(end=end, name=waiver.by, reason=waiver.reason)
