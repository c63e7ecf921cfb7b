# SPDX-License-Identifier: Apache-2.0
"""The report as a workbook: summary, matrix, findings, questions, actions, time line, what is not covered, receipt."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.assess.model import Report, Status
from carnet.law.model import TOPICS
from carnet.plan.questions import questions
from carnet.report import digest, select, table
from carnet.report.sheets import Book, Column, Link, Value
from carnet.report.words import label


def render(report: Report, *, ask: digest.Ask = digest.no_question) -> bytes:
    """The workbook's bytes; `ask` gives the question for an undeclared fact."""
    name = select.profile_name(report)
    book = Book(f"{name}: market access")
    book.sheet("Summary", _SUMMARY, _summary(report), title=f"{name}: market access on {report.receipt.as_of}")
    topics = [topic for topic in TOPICS if any(f.topic == topic for m in report for f in m.findings)]
    heads = [Column("Market", 24), Column("Outcome", 15, True), *(Column(TOPICS[t], 17, True) for t in topics)]
    book.sheet("Matrix", heads, _matrix(report, topics), 2)
    book.sheet("Findings", _FINDINGS, _findings(report), 5, printed=len(_LEADING))
    book.sheet("Questions", _QUESTIONS, _questions(report, ask))
    book.sheet("Actions", _ACTIONS, _actions(report))
    book.sheet("Time line", _TIMELINE, _timeline(report))
    book.sheet("Not covered", _NOT_COVERED, _not_covered(report))
    book.facts("Receipt", _receipt(report))
    return book.to_bytes()


_SUMMARY = (
    Column("Market", 24, wrap=True), Column("Code", 9), Column("Day", 12), Column("Outcome", 15, True),
    Column("Nearest route", 48, wrap=True), Column("Blocking gaps", 10), Column("Major gaps", 9),
    Column("Advisory gaps", 10), Column("Undetermined", 14), Column("Compliant", 11), Column("Not applicable", 12),
    Column("At home", 15, True),
)  # fmt: skip


def _summary(report: Report) -> Iterator[list[Value]]:
    for market in report:
        severe, counts = market.severities, market.counts
        yield [
            market.name,
            market.market,
            market.as_of,
            label("outcome", market.outcome),
            "; ".join(f"{item.title}: {item.text}" for item in select.closures(market)) or digest.way_in(market),
            *(severe.get(name, 0) for name in ("blocking", "major", "advisory")),
            *(counts.get(name, 0) for name in ("undetermined", "compliant", "not_applicable")),
            label("outcome", market.home_outcome) if market.home_outcome else "",
        ]


def _matrix(report: Report, topics: list[str]) -> Iterator[list[Value]]:
    for market in report:
        found = select.topic_table(market.findings)
        cells = [_topic(found.get(topic, {})) for topic in topics]
        yield [f"{market.name} ({market.market})", label("outcome", market.outcome), *cells]


def _topic(counts: dict[Status, int]) -> str:
    gaps, unknown = counts.get(Status.GAP, 0), counts.get(Status.UNDETERMINED, 0)
    parts = [digest.count(gaps, "gap")] if gaps else []
    parts += [f"{unknown} unknown"] if unknown else []
    return ", ".join(parts) or ("Met" if counts.get(Status.COMPLIANT) else "")


_WIDTHS = {
    "market": 9, "market_name": 16, "status": 14, "severity": 11, "title": 42, "asks": 52, "declared": 38,
    "required": 38, "unknown": 34, "remedy": 38, "remedy_set": 38, "duty_holder": 15, "who": 15, "with": 22,
    "evidence": 34, "provision": 34, "url": 30, "rule": 32, "topic": 24, "text": 60, "waived": 30, "feature": 14,
    "ours": 15, "counts": 20, "legal_status": 13, "confidence": 24,
}  # fmt: skip
_LEADING = (
    "market", "status", "counts", "severity", "title", "duty_holder", "ours", "provision", "declared", "required",
    "unknown", "remedy", "evidence",
)  # fmt: skip
_ORDER = (*_LEADING, *(name for name in table.COLUMNS if name not in _LEADING))
_LABELLED = ("status", "severity", "duty_holder", "ours", "topic", "legal_status", "confidence", "outcome")
_WRAPPED = {"counts", "title", "provision", "declared", "required", "unknown", "remedy", "evidence"}
_FINDINGS = tuple(
    Column(name.replace("_", " ").capitalize(), _WIDTHS.get(name, 11), name in ("status", "severity"), name in _WRAPPED)
    for name in _ORDER
)


def _findings(report: Report) -> Iterator[list[Value]]:
    for row in table.rows(report):
        cells: dict[str, Value] = dict(zip(table.COLUMNS, row, strict=True))
        cells |= {name: label(name, cells[name]) for name in _LABELLED}
        cells["counts"] = _whether_it_counts(cells["counts"], cells["set_aside_by"])
        address = str(cells["url"] or "")
        cells["url"] = Link(address, address)
        yield [cells[name] for name in _ORDER]


def _whether_it_counts(counts: Value, set_aside_by: Value) -> str:
    if counts:
        return "yes"
    return f"no: {set_aside_by} instead" if set_aside_by else "no: other routes only"


_QUESTIONS = (
    Column("Fact", 40), Column("Question", 60, wrap=True), Column("Answer", 24), Column("Findings", 10),
    Column("Blocking", 10), Column("Markets", 40, wrap=True), Column("Rules", 60),
)  # fmt: skip


def _questions(report: Report, ask: digest.Ask) -> Iterator[list[Value]]:
    for question in questions(report.markets):
        markets, rules = ", ".join(question.markets), ", ".join(question.rules)
        yield [question.fact, ask(question.fact), "", question.findings, question.blocking, markets, rules]


_ACTIONS = (
    Column("Action", 46, wrap=True), Column("Who", 18), Column("With", 28, wrap=True), Column("Weeks from", 9),
    Column("Weeks to", 9), Column("Gaps", 8), Column("Blocking", 10), Column("Markets", 34, wrap=True),
    Column("Rules", 60, wrap=True),
)  # fmt: skip


def _actions(report: Report) -> Iterator[list[Value]]:
    for step in select.steps(report):
        remedy = step.remedy
        rules = dict.fromkeys(finding.rule for _, finding in step.gaps)
        yield [
            remedy.title or remedy.text or remedy.action,
            label("duty_holder", remedy.who),
            ", ".join(remedy.with_),
            *(remedy.weeks or (None, None)),
            len(step.gaps),
            step.blocking,
            ", ".join(step.markets),
            ", ".join(rules),
        ]


_TIMELINE = (
    Column("Day", 12), Column("Change", 18), Column("Law", 60, wrap=True), Column("Today", 15, True),
    Column("Severity", 11, True), Column("Legal status", 13), Column("Provision", 40, wrap=True),
    Column("Rule", 36), Column("Markets", 40, wrap=True),
)  # fmt: skip


def _timeline(report: Report) -> Iterator[list[Value]]:
    for change, markets in select.events(report):
        yield [
            change.date or "no day set",
            label("change", change.change),
            change.title,
            label("status", change.status),
            label("severity", change.severity),
            label("legal_status", change.legal_status),
            "; ".join(str(cite) for cite in change.cites),
            change.rule,
            ", ".join(markets),
        ]


_NOT_COVERED = (
    Column("Market", 9), Column("Jurisdiction", 13), Column("Law", 50, wrap=True), Column("Why", 70, wrap=True),
    Column("Provision", 40, wrap=True),
)  # fmt: skip


def _not_covered(report: Report) -> Iterator[list[Value]]:
    for market in report:
        for item in market.not_covered:
            cites = "; ".join(str(cite) for cite in item.cites)
            yield [market.market, item.jurisdiction, item.title, item.reason, cites]


def _receipt(report: Report) -> Iterator[tuple[str, Value]]:
    receipt = report.receipt
    yield "Profile", select.profile_name(report)
    yield "File", select.profile_file(report.profile)
    if expecting := select.expecting(report):
        yield "Expected", expecting
    yield "Profile SHA-256", receipt.profile_sha256
    yield "Law version", receipt.law_version
    yield "Law SHA-256", receipt.law_sha256
    yield "Carnet", receipt.carnet
    yield "Evaluator", receipt.evaluator
    yield "Day", receipt.as_of
    yield "", digest.DISCLAIMER
