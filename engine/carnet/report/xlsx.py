# SPDX-License-Identifier: Apache-2.0
"""The report as a workbook: summary, matrix, lacks, findings, questions, actions, time line, gaps of cover, receipt."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.assess.model import Report, Status
from carnet.law.model import TOPICS
from carnet.plan.actions import actions
from carnet.plan.questions import questions
from carnet.report import digest, lack_words, select, table, trust
from carnet.report.sheets import Book, Column, Link, Value
from carnet.report.words import label
from carnet.report.xlsx_lacks import FEATURES, LACKS, features, lacks
from carnet.spoken import N_, _


def render(report: Report, *, ask: digest.Ask = digest.no_question, answers: digest.Ask = digest.no_question) -> bytes:
    """The workbook's bytes; `ask` gives the question for an undeclared fact."""
    name = select.profile_name(report)
    told = _("{profile}: market access on {day}").format(profile=name, day=report.receipt.as_of)
    book = Book(_("{profile}: market access").format(profile=name))
    book.sheet(_("Summary"), _SUMMARY, _summary(report), title=told)
    topics = [topic for topic in TOPICS if any(f.topic == topic for m in report for f in m.findings)]
    heads = [Column(N_("Market"), 24), Column(N_("Outcome"), 15, True), *(Column(TOPICS[t], 17, True) for t in topics)]
    book.sheet(_("Matrix"), heads, _matrix(report, topics), 2)
    book.sheet(_("Lacks"), LACKS, lacks(report), 2)
    if any(market.apart for market in report):
        book.sheet(_("Features"), FEATURES, features(report))
    book.sheet(_("Findings"), _FINDINGS, _findings(report), 5, printed=len(_LEADING))
    book.sheet(_("Questions"), _QUESTIONS, _questions(report, ask, answers))
    book.sheet(_("Actions"), _ACTIONS, _actions(report))
    book.sheet(_("Time line"), _TIMELINE, _timeline(report))
    book.sheet(_("Not covered"), _NOT_COVERED, _not_covered(report))
    book.facts(_("Receipt"), _receipt(report))
    return book.to_bytes()


_SUMMARY = (
    Column(N_("Market"), 24, wrap=True),
    Column(N_("Code"), 9),
    Column(N_("Day"), 12),
    Column(N_("Outcome"), 15, True),
    Column(N_("What it takes"), 48, wrap=True),
    Column(N_("Blocking"), 10),
    Column(N_("Lesser lacks"), 10),
    Column(N_("Nearest route"), 48, wrap=True),
    Column(N_("Undetermined"), 14),
    Column(N_("Compliant"), 11),
    Column(N_("Not applicable"), 12),
    Column(N_("At home"), 15, True),
    Column(N_("How sure"), 60, wrap=True),
)


def named(kind: str, value: object) -> str:
    return _(label(kind, value))


def _summary(report: Report) -> Iterator[list[Value]]:
    for market in report:
        counts, blocking = market.counts, lack_words.blocks(market)
        yield [
            market.name,
            market.market,
            market.as_of,
            named("outcome", market.outcome),
            lack_words.counted(blocking),
            len(blocking),
            len(lack_words.lesser(market)),
            "; ".join(f"{item.title}: {item.text}" for item in select.closures(market)) or digest.way_in(market),
            *(counts.get(name, 0) for name in ("undetermined", "compliant", "not_applicable")),
            named("outcome", market.home_outcome) if market.home_outcome else "",
            " ".join(filter(None, (trust.confidence(market), trust.weakest(market)))),
        ]


def _matrix(report: Report, topics: list[str]) -> Iterator[list[Value]]:
    for market in report:
        found = select.topic_table(market.findings)
        cells = [_topic(found.get(topic, {})) for topic in topics]
        yield [f"{market.name} ({market.market})", named("outcome", market.outcome), *cells]


def _topic(counts: dict[Status, int]) -> str:
    gaps, unknown = counts.get(Status.GAP, 0), counts.get(Status.UNDETERMINED, 0)
    parts = [digest.counted(gaps, N_("1 gap"), N_("{n} gaps"))] if gaps else []
    parts += [_("{n} unknown").format(n=unknown)] if unknown else []
    return ", ".join(parts) or (_("Met") if counts.get(Status.COMPLIANT) else "")


_WIDTHS = {
    "market": 9,
    "market_name": 16,
    "status": 14,
    "severity": 11,
    "title": 42,
    "asks": 52,
    "declared": 38,
    "required": 38,
    "unknown": 34,
    "remedy": 38,
    "remedy_set": 38,
    "duty_holder": 15,
    "who": 15,
    "with": 22,
    "evidence": 34,
    "provision": 34,
    "url": 30,
    "rule": 32,
    "topic": 24,
    "text": 60,
    "waived": 30,
    "feature": 14,
    "ours": 15,
    "counts": 20,
    "legal_status": 13,
    "confidence": 24,
}
_LEADING = (
    "market",
    "status",
    "counts",
    "severity",
    "title",
    "duty_holder",
    "ours",
    "provision",
    "declared",
    "required",
    "unknown",
    "remedy",
    "evidence",
)
_ORDER = (*_LEADING, *(name for name in table.COLUMNS if name not in _LEADING))
_LABELLED = ("status", "severity", "duty_holder", "ours", "topic", "legal_status", "confidence", "outcome")
_WRAPPED = {"counts", "title", "provision", "declared", "required", "unknown", "remedy", "evidence"}
_FINDINGS = tuple(
    Column(table.HEADS[name], _WIDTHS.get(name, 11), name in ("status", "severity"), name in _WRAPPED)
    for name in _ORDER
)


def _findings(report: Report) -> Iterator[list[Value]]:
    for row in table.rows(report):
        cells: dict[str, Value] = dict(zip(table.COLUMNS, row, strict=True))
        cells |= {name: named(name, cells[name]) for name in _LABELLED}
        cells["counts"] = _whether_it_counts(cells["counts"], cells["set_aside_by"])
        address = str(cells["url"] or "")
        cells["url"] = Link(address, address)
        yield [cells[name] for name in _ORDER]


def _whether_it_counts(counts: Value, set_aside_by: Value) -> str:
    if counts:
        return _("yes")
    if set_aside_by:
        return _("no: {rule} instead").format(rule=set_aside_by)
    return _("no: other routes only")


_QUESTIONS = (
    Column(N_("Fact"), 40),
    Column(N_("Question"), 60, wrap=True),
    Column(N_("Answer"), 24),
    Column(N_("May be answered"), 40, wrap=True),
    Column(N_("When"), 14),
    Column(N_("Findings"), 10),
    Column(N_("Blocking"), 10),
    Column(N_("Markets"), 40, wrap=True),
    Column(N_("Rules"), 60),
)


def _questions(report: Report, ask: digest.Ask, answers: digest.Ask) -> Iterator[list[Value]]:
    for question in questions(report.markets):
        markets, rules = ", ".join(question.markets), ", ".join(question.rules)
        when = "at home" if question.home else "later" if question.later else "now"
        counts = (question.findings, question.blocking)
        yield [question.fact, ask(question.fact), "", answers(question.fact), when, *counts, markets, rules]


_ACTIONS = (
    Column(N_("Action"), 46, wrap=True),
    Column(N_("Work"), 16),
    Column(N_("Who"), 18),
    Column(N_("With"), 28, wrap=True),
    Column(N_("Weeks from"), 9),
    Column(N_("Weeks to"), 9),
    Column(N_("Markets blocked"), 10),
    Column(N_("Findings"), 10),
    Column(N_("Markets"), 34, wrap=True),
    Column(N_("Rules"), 60, wrap=True),
)


def _actions(report: Report) -> Iterator[list[Value]]:
    for action in actions(report.markets):
        first = action.first
        rules = dict.fromkeys(rule for _, lack in action.lacks for rule in (*lack.closes, *lack.follows))
        yield [
            lack_words.title(first),
            lack_words.ONE[first.work],
            label("duty_holder", first.who) if first.who else "",
            ", ".join(first.with_),
            *(first.weeks or (None, None)),
            action.blocking,
            action.findings,
            ", ".join(action.markets),
            ", ".join(rules),
        ]


_TIMELINE = (
    Column(N_("Day"), 12),
    Column(N_("Change"), 18),
    Column(N_("Law"), 60, wrap=True),
    Column(N_("Today"), 15, True),
    Column(N_("Severity"), 11, True),
    Column(N_("Legal status"), 13),
    Column(N_("Provision"), 40, wrap=True),
    Column(N_("Rule"), 36),
    Column(N_("Markets"), 40, wrap=True),
)


def _timeline(report: Report) -> Iterator[list[Value]]:
    for change, markets in select.events(report):
        yield [
            change.date or _("no day set"),
            named("change", change.change),
            change.title,
            named("status", change.status),
            named("severity", change.severity),
            named("legal_status", change.legal_status),
            "; ".join(str(cite) for cite in change.cites),
            change.rule,
            ", ".join(markets),
        ]


_NOT_COVERED = (
    Column(N_("Market"), 9),
    Column(N_("Jurisdiction"), 13),
    Column(N_("Law"), 50, wrap=True),
    Column(N_("Why"), 70, wrap=True),
    Column(N_("Provision"), 40, wrap=True),
)


def _not_covered(report: Report) -> Iterator[list[Value]]:
    for market in report:
        for item in market.not_covered:
            cites = "; ".join(str(cite) for cite in item.cites)
            yield [market.market, item.jurisdiction, item.title, item.reason, cites]


def _receipt(report: Report) -> Iterator[tuple[str, Value]]:
    receipt = report.receipt
    yield _("Profile"), select.profile_name(report)
    yield _("File"), select.profile_file(report.profile)
    if part := select.part_of(report):
        yield _("Part"), part
    if expecting := select.expecting(report):
        yield _("Expected"), expecting
    yield _("Profile SHA-256"), receipt.profile_sha256
    yield _("Law version"), receipt.law_version
    yield _("Law SHA-256"), receipt.law_sha256
    yield _("Carnet"), receipt.carnet
    yield _("Evaluator"), receipt.evaluator
    yield _("Day"), receipt.as_of
    yield "", _(digest.DISCLAIMER)
