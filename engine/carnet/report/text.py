# SPDX-License-Identifier: Apache-2.0
"""A finding in one English paragraph that is complete on its own, for the formats that show one row at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from carnet.assess.model import Because, Finding, MarketAssessment, RemedyPlan, Status
from carnet.law.model import InForce
from carnet.logic.wording import value_text
from carnet.report import select

_SIGNS = {"<= ": "at most ", ">= ": "at least ", "!= ": "not ", "= ": "", "< ": "below ", "> ": "above "}


def required_words(required: str) -> str:
    """`<= 30` as `at most 30`: words instead of signs, so that no cell starts like a formula."""
    for sign, word in _SIGNS.items():
        if required.startswith(sign):
            return word + required[len(sign) :]
    return required


def declared_words(because: Because) -> str:
    return "not declared" if because.declared is None else value_text(because.declared)


def duty_holder_words(duty_holder: str) -> str:
    return duty_holder.replace("_", " ").replace("ads ", "ADS ")


def span_words(in_force: InForce) -> str:
    """When the duty counts, or nothing when the source names no first day."""
    parts = []
    if in_force.new_types:
        parts.append(f"for new types from {in_force.new_types}")
    if in_force.start:
        parts.append(f"{'for all vehicles ' if in_force.new_types else ''}from {in_force.start}")
    if in_force.until:
        parts.append(f"until {in_force.until}")
    return " ".join(parts)


def cites_words(finding: Finding) -> str:
    return "; ".join(str(cite) for cite in finding.cites)


def weeks_words(weeks: tuple[int, int] | None) -> str:
    if weeks is None:
        return ""
    return f"{weeks[0]} weeks" if weeks[0] == weeks[1] else f"{weeks[0]} to {weeks[1]} weeks"


def settings_words(remedy: RemedyPlan) -> str:
    """The least change to the declaration, as a profile would write it."""
    return "; ".join(f"{path}: {value_text(value)}" for path, value in remedy.set.items())


def because_words(because: Because) -> str:
    name = f" ({because.name})" if because.name else ""
    line = f" (profile line {because.line})" if because.line else ""
    note = f" ({because.note})" if because.note else ""
    return (
        f"{because.fact}{name} is {declared_words(because)}{line}; required: {required_words(because.required)}{note}"
    )


def joined(reasons: Sequence[Because], words: Callable[[Because], str]) -> str:
    """Comparisons in a row, alternatives joined by `or`."""
    parts = (
        f"{word} {words(reason)}" if word == "or" else words(reason) for word, reason in select.alternatives(reasons)
    )
    return "; ".join(parts)


def remedy_words(remedy: RemedyPlan) -> str:
    """Who does what with whom, how long it takes, and what to declare afterwards."""
    who = duty_holder_words(remedy.who) + (f" with {', '.join(remedy.with_)}" if remedy.with_ else "")
    detail = ", ".join(part for part in (who, weeks_words(remedy.weeks)) if part)
    text = select.remedy_text(remedy)
    text += f" ({detail})" if detail else ""
    return f"{text}, then declare {settings_words(remedy)}" if remedy.set else text


def finding_words(finding: Finding, market: MarketAssessment) -> str:
    """What is asked, by whom, where it stands, what was declared and what would close it."""
    if finding.kind == "closure":
        return f"{market.name} ({market.market}): {finding.title}. {finding.text.rstrip('.')}."
    feature = f", feature {finding.feature}" if finding.feature else ""
    span = span_words(finding.in_force)
    facts = [cites_words(finding), f"in force {span}" if span else "", f"{finding.severity} for market access"]
    sentences = [
        f"{market.name} ({market.market}{feature}) asks the {duty_holder_words(finding.duty_holder)}: {finding.title}",
        finding.text if finding.text != finding.title else "",
        f"Law: {', '.join(fact for fact in facts if fact)}; source read: {finding.confidence}",
    ]
    if finding.because:
        sentences.append(f"Declared: {joined(finding.because, because_words)}")
    if finding.unknown:
        sentences.append(f"Undecided until declared: {', '.join(finding.unknown)}")
    if finding.remedy:
        sentences.append(f"To close it: {remedy_words(finding.remedy)}")
    elif finding.status is Status.GAP and not finding.curable:
        sentences.append("No action of the company can close it")
    if finding.evidence:
        sentences.append(f"Evidence: {finding.evidence}")
    if finding.waived:
        sentences.append(waiver_words(finding))
    return " ".join(f"{sentence.rstrip('.')}." for sentence in sentences if sentence)


def waiver_words(finding: Finding) -> str:
    waiver = finding.waived
    assert waiver is not None
    end = f" until {waiver.until}" if waiver.until else ""
    return f"{'Waiver expired' if waiver.expired else 'Waived'}{end} by {waiver.by}: {waiver.reason}"
