# SPDX-License-Identifier: Apache-2.0
"""A market's findings sorted into what people look for, and the words around them; for terminal and Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import NamedTuple

from carnet.assess.model import Because, Finding, MarketAssessment, Outcome, Receipt, RemedyPlan, Status, Upcoming
from carnet.law.model import Severity
from carnet.plan.questions import Question
from carnet.report import select, text, trust, words
from carnet.spoken import N_, _

DISCLAIMER = N_("Carnet compares what you declared with the law it knows. It is not legal advice.")
MEANINGS: Mapping[Outcome, str] = {
    Outcome.OPEN: N_("nothing was found that stands in the way"),
    Outcome.CONDITIONAL: N_("nothing blocks, but gaps are left to close"),
    Outcome.TEST_ONLY: N_("testing is possible, deployment is not"),
    Outcome.UNDETERMINED: N_("too little is known to say"),
    Outcome.CLOSED: N_("blocked until something changes"),
    Outcome.PROHIBITED: N_("forbidden; at most an exception that an authority grants changes that"),
}
SHORT_LIST = 3
LETS_IN = (Outcome.OPEN, Outcome.CONDITIONAL)
"""What a thinly known market says only as far as its law is known."""
Ask = Callable[[str], str]
"""Gives the question to ask for a fact; an empty text when there is none."""


def outcome_name(outcome: Outcome) -> str:
    """An outcome within a sentence."""
    return words.said("outcome", outcome.value)


def meaning(outcome: Outcome) -> str:
    """What an outcome means, as a sentence."""
    said = _(MEANINGS[outcome])
    return _("{sentence}.").format(sentence=f"{said[:1].upper()}{said[1:]}")


def no_question(path: str) -> str:
    return ""


class Group(NamedTuple):
    """One finding, or the same finding of several features."""

    finding: Finding
    features: tuple[str, ...]

    @property
    def title(self) -> str:
        features = ", ".join(feature for feature in self.features if feature)
        return f"{features}: {self.finding.title}" if features else self.finding.title


def group(findings: Iterable[Finding]) -> list[Group]:
    """Findings, heaviest first; those alike but for their feature become one."""
    groups: dict[object, list[Finding]] = {}
    for finding in sorted(findings, key=select.weight):
        because = tuple((reason.fact, str(reason.declared), reason.required) for reason in finding.because)
        key = (finding.rule, finding.status, because, finding.unknown, finding.layer, finding.waived)
        groups.setdefault(key, []).append(finding)
    return [Group(same[0], tuple(finding.feature for finding in same)) for same in groups.values()]


class Digest(NamedTuple):
    """The findings that count for a market's outcome, and those that do not, each kind in its place."""

    blocking: list[Group]
    lesser: list[Group]
    waived: list[Group]
    undetermined: list[Group]
    compliant: list[Group]
    not_applicable: list[Group]
    off_route: list[Group]
    superseded: list[Group]

    @classmethod
    def of(cls, market: MarketAssessment) -> Digest:
        gaps = group(f for f in market.gaps if f.is_open_gap)
        off_route = (f for f in market.findings if not f.on_route and not f.superseded_by and _matters(f))
        return cls(
            blocking=[g for g in gaps if g.finding.severity is Severity.BLOCKING],
            lesser=[g for g in gaps if g.finding.severity is not Severity.BLOCKING],
            waived=group(f for f in market.gaps if not f.is_open_gap),
            undetermined=group(market.undetermined),
            compliant=group(market.with_status(Status.COMPLIANT)),
            not_applicable=group(market.with_status(Status.NOT_APPLICABLE)),
            off_route=group(off_route),
            superseded=group(f for f in market.findings if f.superseded_by),
        )


def _matters(finding: Finding) -> bool:
    return finding.status in (Status.GAP, Status.UNDETERMINED)


def because(finding: Finding, whole: bool = False) -> list[str]:
    """Declared against required, a line for each fact, with the profile's line; alternatives begin with either and or.

    Of a long list only what it lacks is said, approvals that are not held share a line, and those that the title of a
    route's need names are not named again, unless the `whole` is wanted.
    """
    missing = [reason for reason in finding.because if reason.is_missing_approval]
    if finding.kind == "need" and len(missing) == len(finding.because) and not whole:
        return [_("not held") if len(missing) == 1 else _("none of them held, one is enough")]
    lines: list[str] = []
    for group, reasons in groupby(finding.because, lambda reason: reason.choice[:1]):
        same = list(reasons)
        papers = [] if whole else [reason for reason in same if reason.is_missing_approval]
        if papers and (not group or len(papers) == len(same) == len({reason.choice for reason in same})):
            lines.append(_not_held(papers, bool(group)))
            same = [reason for reason in same if reason not in papers]
        lines += [
            f"{_(word) if word else ''} {compared(reason, whole)}".strip() for word, reason in select.alternatives(same)
        ]
    return lines


def _not_held(reasons: list[Because], one_is_enough: bool) -> str:
    names = dict.fromkeys(_paper(reason) for reason in reasons)
    several = _("none held, one is enough: {approvals}") if one_is_enough else _("not held: {approvals}")
    return (several if len(names) > 1 else _("not held: {approvals}")).format(approvals="; ".join(names))


def _paper(reason: Because) -> str:
    code = reason.fact.split(".")[1]
    return f"{reason.name} ({code})" if reason.name else code


def compared(reason: Because, whole: bool) -> str:
    """Declared against required of one fact; of a long set only what it lacks, unless the whole is wanted."""
    if reason.is_missing_approval and not whole:
        return _("not held: {approvals}").format(approvals=_paper(reason))
    name = f" ({reason.name})" if reason.name else ""
    where = name + _(" (line {n})").format(n=reason.line) if reason.line else name
    note = f"; {reason.note}" if reason.note else ""
    listed = len(reason.declared) if isinstance(reason.declared, tuple) else 0
    if listed > SHORT_LIST and reason.lacks and not whole:
        return _("{fact}: {note} (declared: {n} others)").format(
            fact=f"{reason.fact}{where}", note=reason.note, n=listed
        )
    told = {"fact": f"{reason.fact}{where}", "required": reason.required, "note": note}
    if reason.declared is None:
        return _("{fact}: not declared, required {required}{note}").format(**told)
    return _("{fact}: declared {declared}, required {required}{note}").format(
        **told, declared=text.declared_words(reason)
    )


def holder(finding: Finding) -> str:
    """Who has to act, and whether that is us."""
    whose = {True: _("{who}, ours"), False: _("{who}, our partner's"), None: "{who}"}[finding.ours]
    return whose.format(who=text.duty_holder_words(finding.duty_holder))


def provisions(finding: Finding | Upcoming) -> str:
    return "; ".join(str(cite) for cite in finding.cites) or _("no citation")


def remedy(plan: RemedyPlan) -> str:
    """What to do, how long it takes and with whom."""
    what = select.remedy_text(plan) or _("declare {settings}").format(settings=text.settings_words(plan))
    company = _("with {names}").format(names=", ".join(plan.with_)) if plan.with_ else ""
    detail = ", ".join(part for part in (text.weeks_words(plan.weeks), company) if part)
    return f"{what.rstrip('.')} ({detail})" if detail else what.rstrip(".")


def count(number: int, singular: str, plural: str = "") -> str:
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def counted(number: int, one: str, many: str) -> str:
    """Of two marked messages the one for a number, said."""
    return _(one) if number == 1 else _(many).format(n=f"{number:,}" if number > 9999 else number)


def decides(question: Question) -> str:
    """What waits for an answer, the findings that can close a market first."""
    others = question.findings - question.blocking
    if not question.blocking:
        return counted(
            others,
            N_("decides 1 finding that cannot close a market"),
            N_("decides {n} findings that cannot close a market"),
        )
    told = counted(question.blocking, N_("decides 1 blocking finding"), N_("decides {n} blocking findings"))
    if question.alone and question.blocking > 1:
        told += _(", {n} of them alone").format(n=question.alone)
    return told + counted(others, N_(" and 1 other"), N_(" and {n} others")) if others else told


def outcome_word(market: MarketAssessment) -> str:
    """The outcome in words; what lets in a thinly known market does so as far as its law is known."""
    word = outcome_name(market.outcome)
    known_so_far = trust.first_look(market) and market.outcome in LETS_IN
    return _("{outcome} as far as known").format(outcome=word) if known_so_far else word


def better(one: Outcome, other: Outcome) -> bool:
    """Whether an outcome is better than another."""
    order = tuple(Outcome)
    return order.index(one) < order.index(other)


def receipt(stamp: Receipt) -> str:
    return _("carnet {carnet}, law {law} ({law_hash}), profile {profile}, {evaluator} evaluator, as of {day}").format(
        carnet=stamp.carnet,
        law=stamp.law_version,
        law_hash=stamp.law_sha256[:12],
        profile=stamp.profile_sha256[:12],
        evaluator=stamp.evaluator,
        day=stamp.as_of,
    )


def titles_of_routes(market: MarketAssessment) -> dict[str, str]:
    return {route.id: route.title for route in market.routes}


def route_titles(market: MarketAssessment) -> str:
    """The routes by which a market is judged: the most local layer's that has one, for each feature."""
    titles = titles_of_routes(market)
    if market.route in titles:
        return titles[market.route]
    chosen = [titles[layer.route] for layer in market.layers if layer.route in titles]
    return chosen[0] if chosen else ""


def way_in(market: MarketAssessment) -> str:
    """The route by which a market is judged, or that there is none."""
    return route_titles(market) or (_("none on offer") if market.routes else _("none"))
