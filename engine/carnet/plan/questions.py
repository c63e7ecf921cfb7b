# SPDX-License-Identifier: Apache-2.0
"""What to declare next: the undeclared facts that leave findings and routes open, most decisive first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from carnet.assess.model import Finding, MarketAssessment, Outcome, Status
from carnet.declare.vocabulary import number_name, unit_name
from carnet.law.model import Severity
from carnet.spoken import _

if TYPE_CHECKING:
    from carnet.law.law import Law


class Question(NamedTuple):
    """One undeclared fact and what waits for it.

    findings: findings and routes that name it; blocking: those of them that can close a market (routes always);
    alone: those of the blocking ones that wait for nothing else. later: another fact is to be asked before it, and may
    make it pointless. home: only duties of the exporter's home wait for it; they count once for all markets. idle: only
    markets wait for it that nothing opens, whatever is answered.
    """

    fact: str
    findings: int
    blocking: int
    alone: int
    markets: tuple[str, ...]
    rules: tuple[str, ...]
    later: bool = False
    home: bool = False
    idle: bool = False

    @property
    def section(self) -> str:
        return self.fact.partition(".")[0]


def questions(markets: Iterable[MarketAssessment]) -> tuple[Question, ...]:
    """Every undeclared fact that one of these markets waits for, the most decisive of what can be asked now first.

    A rule that several markets share counts once for each, because each of them waits for the answer; a duty of the
    exporter's home counts once.
    """
    waiting: dict[str, dict[_Wait, None]] = defaultdict(dict)
    for market in markets:
        idle = is_shut(market)
        for fact, wait in _waits(market):
            waiting[fact][wait._replace(idle=idle)] = None
    asked = [_question(fact, list(waits)) for fact, waits in waiting.items()]
    return tuple(sorted(asked, key=lambda q: (q.home, q.idle, q.later, -q.blocking, -q.alone, -q.findings, q.fact)))


class _Wait(NamedTuple):
    market: str
    rule: str
    feature: str
    blocking: bool
    alone: bool
    first: bool
    home: bool = False
    idle: bool = False


def is_shut(market: MarketAssessment) -> bool:
    """Whether nothing opens a market, whatever is declared besides: it has no way in for the product, or a ban."""
    if any(layer.pending for layer in market.layers):
        return False
    closed = any(one.kind == "closure" and one.status is Status.GAP and one.counts for one in market.findings)
    return market.outcome is Outcome.PROHIBITED or (closed and market.outcome is Outcome.CLOSED)


def _waits(market: MarketAssessment) -> Iterator[tuple[str, _Wait]]:
    for route in market.routes:
        if route.on_offer is None:
            for fact, first in _facts(route.unknown, route.unknown if route.asks is None else route.asks):
                yield fact, _Wait(market.market, route.id, route.feature, True, len(route.unknown) == 1, first)
    for layer in market.layers:
        for pending in layer.pending:
            for fact in pending.unknown:
                first = not fact.startswith("approvals.")
                yield fact, _Wait(market.market, pending.rule, layer.feature, True, False, first)
    for finding in market.undetermined:
        yield from _of_finding(finding, market.market, False)
    for finding in market.home_findings:
        if finding.status is Status.UNDETERMINED:
            yield from _of_finding(finding, market.home, True)


def _of_finding(finding: Finding, market: str, home: bool) -> Iterator[tuple[str, _Wait]]:
    blocking = finding.severity is Severity.BLOCKING
    alone = blocking and len(finding.unknown) == 1
    for fact, first in _facts(finding.unknown, finding.asks):
        yield fact, _Wait(market, finding.rule, finding.feature, blocking, alone, first, home)


def _facts(unknown: Sequence[str], asks: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The facts that would settle something, each with whether it can be asked now."""
    for fact in dict.fromkeys((*asks, *unknown)):
        yield fact, fact in asks


def _question(fact: str, waits: Sequence[_Wait]) -> Question:
    return Question(
        fact,
        len(waits),
        sum(wait.blocking for wait in waits),
        sum(wait.alone for wait in waits),
        tuple(dict.fromkeys(wait.market for wait in waits)),
        tuple(dict.fromkeys(wait.rule for wait in waits)),
        later=not any(wait.first for wait in waits),
        home=all(wait.home for wait in waits),
        idle=all(wait.idle for wait in waits),
    )


class Standing(NamedTuple):
    """How far a market is from its outcome. facts: whatever their answers are, nothing of weight waits afterwards."""

    market: str
    outcome: Outcome
    facts: tuple[str, ...]

    @property
    def answers(self) -> int:
        """How many answers that is at most: which approvals are held is one."""
        papers = sum(fact.startswith("approvals.") for fact in self.facts)
        return len(self.facts) - papers + bool(papers)


def standing(market: MarketAssessment) -> Standing:
    """The facts that settle whatever can close a market, on every route that is or may be on offer."""
    found: dict[str, None] = {}
    offered = {route.id for route in market.routes if route.on_offer is not False}
    for route in market.routes:
        if route.on_offer is None:
            found.update(dict.fromkeys(route.unknown))
    for layer in market.layers:
        found.update(dict.fromkeys(fact for pending in layer.pending for fact in pending.unknown))
    for finding in market.findings:
        binds = not finding.routes or not offered.isdisjoint(finding.routes)
        if finding.status is Status.UNDETERMINED and finding.severity is Severity.BLOCKING and binds:
            found.update(dict.fromkeys(finding.unknown))
    return Standing(market.market, market.outcome, tuple(found))


def deciding(market: MarketAssessment) -> int:
    """How many answers of the company can still change the outcome, at most; none where no answer opens a market."""
    return 0 if is_shut(market) else standing(market).answers


FEWEST, MOST_CLOSABLE = 6, 3
"""From so many questions of one section on it is worth saying that nothing else is in it."""


class Entry(NamedTuple):
    """One question to put: a fact, or all approvals of which it is not known whether they are held."""

    facts: tuple[str, ...]
    first: Question

    @property
    def is_approvals(self) -> bool:
        return is_held(self.facts[0])


def entries(asked: Iterable[Question]) -> tuple[Entry, ...]:
    """Questions as they are put, in the same order; whether approvals are held is one, at the place of the first."""
    asked = list(asked)
    papers = tuple(question.fact for question in asked if is_held(question.fact))
    made: list[Entry] = []
    for question in asked:
        if not is_held(question.fact):
            made.append(Entry((question.fact,), question))
        elif question.fact == papers[0]:
            made.append(Entry(papers, question))
    return tuple(made)


def to_ask(asked: Iterable[Question]) -> list[Question]:
    """Those that can be asked now; what waits behind others, or opens nothing, once nothing else is left."""
    asked = list(asked)
    useful = [question for question in asked if not question.idle] or asked
    return [question for question in useful if not question.later] or useful


def is_held(fact: str) -> bool:
    return fact.startswith("approvals.") and fact.endswith(".held")


def closable(asked: Iterable[Question], declared: Collection[str]) -> tuple[tuple[str, int], ...]:
    """Sections of which nothing is declared and much is asked: `complete:` answers all of it at once.

    declared: the sections of which something is.
    """
    counts = Counter(question.section for question in asked if not question.home)
    found = ((section, n) for section, n in counts.most_common() if n >= FEWEST and section not in declared)
    return tuple(found)[:MOST_CLOSABLE]


def ask(law: Law, path: str) -> str:
    """The question to put to a person for a fact, in the vocabulary's words; empty when it has none."""
    if path.startswith("approvals."):
        approval_id, __, name = path.removeprefix("approvals.").rpartition(".")
        approval = law.approvals.get(approval_id)
        title = f"{approval.title} ({approval_id})" if approval else approval_id
        if name == "held":
            return _("Do you hold this: {title}?").format(title=title)
        return f"{title}: {law.vocabulary.fact(path).question}"
    return law.vocabulary.fact(path).question if path in law.vocabulary else ""


def allowed(law: Law, path: str) -> str:
    """What may be answered, in a few words: the values of a list, yes or no, a number with its unit and range."""
    if path not in law.vocabulary:
        return ""
    fact = law.vocabulary.fact(path)
    if fact.type == "bool":
        return _("yes or no")
    if fact.values:
        several = _("any of {values}") if fact.type == "set" else _("one of {values}")
        return several.format(values=", ".join(fact.values))
    if fact.type == "date":
        return _("a day, YYYY-MM-DD")
    if fact.type in ("int", "number"):
        measured = _("a number in {unit}").format(unit=unit_name(fact.unit)) if fact.unit else _("a number")
        if not fact.range:
            return measured
        low, high = map(number_name, fact.range)
        return f"{measured} ({_('{low} to {high}').format(low=low, high=high)})"
    kinds = {"country": _("ISO 3166 codes"), "place": _("ISO 3166 codes"), "language": _("ISO 639 codes")}
    return kinds.get(fact.items, _("a list") if fact.type == "set" else _("text"))
