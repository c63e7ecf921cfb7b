# SPDX-License-Identifier: Apache-2.0
"""The gap report as Markdown for chats, tickets and wikis: headings, one table, lists; no HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable

from carnet.addresses import web_address
from carnet.assess.model import Finding, MarketAssessment, Report, Status
from carnet.plan.questions import questions
from carnet.report import digest, select, text
from carnet.report.digest import Ask, Digest, Group, count
from carnet.report.layout import clean
from carnet.report.select import profile_name
from carnet.report.words import LABELS

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~])")
_LINE_START = re.compile(r"^(\d+)([.)])|^([-+=#])")


def render(report: Report, *, ask: Ask = digest.no_question, verbose: bool = False) -> str:
    """The report as Markdown; `ask` gives the question for an undeclared fact."""
    expecting = [escape(select.expecting(report)), ""] if select.expecting(report) else []
    lines = [f"# Gap report: {escape(profile_name(report))}", "", *expecting, *_table(report)]
    for market in report.markets:
        lines += _market(market, ask, verbose)
    lines += ["", "---", "", f"Receipt: {escape(digest.receipt(report.receipt))}.", "", f"*{digest.DISCLAIMER}*"]
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    text = _SPECIAL.sub(r"\\\1", clean(text))
    return _LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", text)


def code(text: str) -> str:
    """Text as inline code, also when it holds backticks."""
    text = clean(text)
    ticks = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def _table(report: Report) -> Iterable[str]:
    yield "| Market | Outcome | Blocking | Other gaps | Not known | Route |"
    yield "| --- | --- | ---: | ---: | ---: | --- |"
    for market in report.markets:
        found = Digest.of(market)
        cells = (
            f"{escape(market.name)} ({escape(market.market)})",
            f"**{digest.outcome_word(market)}**",
            str(len(found.blocking)),
            str(len(found.lesser)),
            str(len(found.undetermined)),
            escape(digest.way_in(market)),
        )
        yield f"| {' | '.join(cells)} |"


def _market(market: MarketAssessment, ask: Ask, verbose: bool) -> list[str]:
    found = Digest.of(market)
    outcome = digest.outcome_word(market)
    lines = ["", f"## {escape(market.name)} ({escape(market.market)}): {outcome}", ""]
    lines.append(f"On {market.as_of}: {digest.MEANINGS[market.outcome]}.")
    lines += [f"- {escape(layer.name)}: {escape(layer.why)}" for layer in market.layers if layer.why]
    lines += _gaps("What blocks", found.blocking, verbose)
    lines += _questions(market, ask, verbose)
    lines += _gaps("Other gaps", found.lesser, verbose)
    lines += _list("Waived", (f"{escape(g.title)}. {escape(text.waiver_words(g.finding))}" for g in found.waived))
    lines += _home(market, verbose)
    lines += _list("Law that changes within two years", map(escape, digest.changes(market)))
    if verbose:
        lines += _unfolded(market, found)
    rest = [
        f"{len(groups)} {name}"
        for name, groups in (("met", found.compliant), ("not applicable", found.not_applicable))
        if groups
    ]
    if market.not_covered:
        rest.append(f"{count(len(market.not_covered), 'known provision')} not checked")
    lines += ["", f"{'; '.join(rest)}. {digest.confidence(market)}".strip(". ") + "."] if rest else []
    return lines


def _list(title: str, items: Iterable[str]) -> list[str]:
    lines = [f"- {item}" for item in items]
    return ["", f"### {title}", "", *lines] if lines else []


def _gaps(title: str, groups: list[Group], verbose: bool) -> list[str]:
    lines: list[str] = []
    for each in groups:
        lines += _gap(each, verbose)
    return ["", f"### {title}", "", *lines] if lines else []


def _gap(each: Group, verbose: bool) -> list[str]:
    finding = each.finding
    lines = [f"- **{escape(each.title)}** ({finding.severity.value}, {escape(digest.holder(finding))})"]
    lines.append(f"  - Law: {_cites(finding)}, rule {code(finding.rule)}")
    lines += [f"  - {_fact_as_code(line)}" for line in digest.because(finding, verbose)]
    if not finding.curable:
        lines.append("  - The law leaves no way to cure this.")
    elif finding.remedy:
        lines.append(f"  - To do: {escape(digest.remedy(finding.remedy))}")
    if verbose and finding.evidence:
        lines.append(f"  - Evidence: {escape(finding.evidence)}")
    if verbose and finding.note:
        lines.append(f"  - Note: {escape(finding.note)}")
    return lines


def _fact_as_code(line: str) -> str:
    for word in LABELS["choice"]:
        if line.startswith(f"{word} "):
            return f"{escape(word)} {_fact_as_code(line[len(word) + 1 :])}"
    fact, space, rest = line.partition(" ")
    colon = ":" if fact.endswith(":") else ""
    return f"{code(fact.rstrip(':'))}{colon}{space}{escape(rest)}" if "." in fact else escape(line)


def _cites(finding: Finding) -> str:
    return "; ".join(_cite(str(cite), cite.url) for cite in finding.cites) or "no citation"


def _cite(label: str, url: str) -> str:
    return f"[{escape(label)}](<{url}>)" if web_address(url) else escape(label)


def _questions(market: MarketAssessment, ask: Ask, verbose: bool) -> list[str]:
    asked = questions([market])
    shown = asked if verbose else asked[:10]
    items = []
    for question in shown:
        decides = f", {digest.decides(question)}"
        text = ask(question.fact)
        items.append(f"{escape(text)} {code(question.fact)}{decides}" if text else f"{code(question.fact)}{decides}")
    if len(asked) > len(shown):
        items.append(f"and {count(len(asked) - len(shown), 'more question')}")
    return _list("Not known yet", items)


def _home(market: MarketAssessment, verbose: bool) -> list[str]:
    if not market.home or market.home_outcome is None:
        return []
    gaps = digest.group(f for f in market.home_findings if f.is_open_gap)
    waiting = sum(f.status is Status.UNDETERMINED for f in market.home_findings)
    outcome = digest.outcome_name(market.home_outcome)
    lines = ["", f"### Export duties of {escape(market.home)}: {outcome}", ""]
    for each in gaps:
        lines += _gap(each, verbose)
    return [*lines, f"- {count(waiting, 'duty', 'duties')} not decided"] if waiting else lines


def _unfolded(market: MarketAssessment, found: Digest) -> list[str]:
    lines: list[str] = []
    for title, groups in (
        ("Met", found.compliant),
        ("Open on other routes only", found.off_route),
        ("Set aside by another rule", found.superseded),
        ("Guidance and proposals", digest.group(market.guidance)),
        ("Not applicable", found.not_applicable),
    ):
        lines += _list(title, (f"{escape(g.title)} ({_cites(g.finding)}) {code(g.finding.rule)}" for g in groups))
    lines += _list("Good to know", (f"{escape(note.title)}: {escape(note.text)}" for note in market.notes))
    return lines + _list("Not checked", (f"{escape(n.title)}: {escape(n.reason)}" for n in market.not_covered))
