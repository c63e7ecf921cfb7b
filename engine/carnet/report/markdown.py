# SPDX-License-Identifier: Apache-2.0
"""The gap report as Markdown for chats, tickets and wikis: headings, one table, lists; no HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from carnet.addresses import web_address
from carnet.assess.lacks import Lack
from carnet.assess.model import Finding, MarketAssessment, Report, Status
from carnet.plan.questions import questions, to_ask
from carnet.report import coming, digest, lack_words, select, story, text, trust
from carnet.report.digest import Ask, Digest, counted
from carnet.report.layout import clean
from carnet.report.select import profile_name
from carnet.report.typesetting import set_type
from carnet.report.words import LABELS, said
from carnet.spoken import N_, _

HEADS = ("Market", "Outcome", "In the way", "Lesser lacks", "Not known", "Route")
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~])")
_LINE_START = re.compile(r"^(\d+)([.)])|^([-+=#])")


def render(
    report: Report, *, ask: Ask = digest.no_question, answers: Ask = digest.no_question, verbose: bool = False
) -> str:
    """The report as Markdown; `ask` gives the question for an undeclared fact, `answers` what may be answered."""
    expecting = [line for told in select.told_first(report) for line in (escape(told), "")]
    lines = [
        "# " + _("Carnet gap report: {name}").format(name=escape(profile_name(report))),
        "",
        *expecting,
        escape(story.opening(report)),
        "",
    ]
    lines += _table(report)
    for market in report.markets:
        lines += _market(market, ask, answers, verbose)
    stamp = _("Receipt: {receipt}.").format(receipt=escape(digest.receipt(report.receipt)))
    lines += ["", "---", "", stamp, "", f"*{_(digest.DISCLAIMER)}*"]
    return "\n".join(map(set_type, lines)) + "\n"


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
    yield f"| {' | '.join(map(_, HEADS))} |"
    yield "| --- | --- | --- | ---: | ---: | --- |"
    for market in report.markets:
        cells = (
            f"{escape(market.name)} ({escape(market.market)})",
            f"**{digest.outcome_word(market)}**",
            escape(lack_words.counted(lack_words.blocks(market))),
            str(len(lack_words.lesser(market))),
            str(len(market.undetermined)),
            escape(digest.way_in(market)),
        )
        yield f"| {' | '.join(cells)} |"


def _market(market: MarketAssessment, ask: Ask, answers: Ask, verbose: bool) -> list[str]:
    found = Digest.of(market)
    outcome = digest.outcome_word(market)
    lines = ["", f"## {escape(market.name)} ({escape(market.market)}): {outcome}", ""]
    lines.append(f"{_('On %(day)s:') % {'day': market.as_of}} {_(digest.MEANINGS[market.outcome])}.")
    lines += [f"- {escape(layer.name)}: {escape(layer.why)}" for layer in market.layers if layer.why]
    lines += _list(_("Vehicle and feature apart"), (escape(lack_words.apart(one)) for one in market.apart))
    lines += _lacks(_("What stands in the way"), lack_words.blocks(market), verbose)
    lines += _questions(market, ask, answers, verbose)
    lines += _lacks(_("Lacks that block nothing"), lack_words.lesser(market), verbose)
    waived = ((lack_words.title(lack), text.waiver_words(lack.findings[0])) for lack in lack_words.waived(market))
    lines += _list(_("Waived"), (f"{escape(title)}. {escape(words)}" for title, words in waived))
    lines += _home(market, verbose)
    lines += _list(_("Law that changes within two years"), map(escape, coming.changes(market)))
    if verbose:
        lines += _unfolded(market, found)
    rest = [
        f"{len(groups)} {name}"
        for name, groups in ((_("met"), found.compliant), (_("not applicable"), found.not_applicable))
        if groups
    ]
    if market.not_covered:
        rest.append(
            counted(
                len(market.not_covered), N_("1 known provision not checked"), N_("{n} known provisions not checked")
            )
        )
    lines += ["", f"{'; '.join(rest)}. {trust.confidence(market)}".strip(". ") + "."] if rest else []
    lines += ["", escape(trust.weakest(market))] if market.weakest else []
    return lines


def _list(title: str, items: Iterable[str]) -> list[str]:
    lines = [f"- {item}" for item in items]
    return ["", f"### {title}", "", *lines] if lines else []


def _lacks(title: str, lacks: Sequence[Lack], verbose: bool) -> list[str]:
    lines = [line for lack in lacks for line in _lack(lack, verbose)]
    return ["", f"### {title}", "", *lines] if lines else []


def _lack(lack: Lack, verbose: bool) -> list[str]:
    """A lack with the provisions and rules that ask for it, declared against required, and what closes it."""
    told = "; ".join(filter(None, (lack_words.cause(lack) if lack.approval else "", lack_words.who(lack))))
    severity = said("severity", lack.severity.value)
    lines = [f"- **{escape(lack_words.title(lack))}** ({severity}; {escape(told)})"]
    for each in digest.group(lack.findings):
        finding = each.finding
        about = "" if finding.title == lack.title else f"{escape(each.title)}, "
        lines.append(_("  - Law: {law}, rule {rule}").format(law=f"{about}{_cites(finding)}", rule=code(finding.rule)))
        lines += [f"  - {_fact_as_code(line)}" for line in (() if lack.approval else digest.because(finding, verbose))]
        if finding.kind == "closure":
            lines.append(f"  - {escape(finding.text)}")
        elif not finding.curable:
            lines.append(f"  - {_('The law leaves no way to cure this.')}")
        if verbose and finding.evidence:
            lines.append("  - " + _("Evidence: {evidence}").format(evidence=escape(finding.evidence)))
        if verbose and finding.note:
            lines.append("  - " + _("Note: {note}").format(note=escape(finding.note)))
    if lack.text and not any(finding.kind == "closure" for finding in lack.findings):
        lines.append(f"  - {_('To do')}: {escape(lack.text)}")
    if lack.alternatives:
        lines.append("  - " + _("Or instead: {others}").format(others=escape(lack_words.instead(lack))))
    return lines


def _fact_as_code(line: str) -> str:
    for word in LABELS["choice"]:
        if line.startswith(f"{word} "):
            return f"{escape(word)} {_fact_as_code(line[len(word) + 1 :])}"
    fact, space, rest = line.partition(" ")
    colon = ":" if fact.endswith(":") else ""
    return f"{code(fact.rstrip(':'))}{colon}{space}{escape(rest)}" if "." in fact else escape(line)


def _cites(finding: Finding) -> str:
    return "; ".join(_cite(str(cite), cite.url) for cite in finding.cites) or _("no citation")


def _cite(label: str, url: str) -> str:
    return f"[{escape(label)}](<{url}>)" if web_address(url) else escape(label)


def _questions(market: MarketAssessment, ask: Ask, answers: Ask, verbose: bool) -> list[str]:
    asked = [question for question in questions([market]) if not question.home]
    shown = asked if verbose else to_ask(asked)[:10]
    items = []
    for question in shown:
        words = (escape(ask(question.fact)), code(question.fact), escape(answers(question.fact)))
        items.append(f"{' '.join(filter(None, words))}, {digest.decides(question)}")
    if len(asked) > len(shown):
        items.append(counted(len(asked) - len(shown), N_("and 1 more question"), N_("and {n} more questions")))
    return _list(_("Not known yet"), items)


def _home(market: MarketAssessment, verbose: bool) -> list[str]:
    if not market.home or market.home_outcome is None:
        return []
    waiting = sum(f.status is Status.UNDETERMINED for f in market.home_findings)
    outcome = digest.outcome_name(market.home_outcome)
    lines = ["", f"### {_('Export duties of home: {codes}').format(codes=escape(market.home))}: {outcome}", ""]
    for lack in market.home_lacks:
        lines += [] if lack.waived else _lack(lack, verbose)
    undecided = counted(waiting, N_("1 duty not decided"), N_("{n} duties not decided"))
    return [*lines, f"- {undecided}"] if waiting else lines


def _unfolded(market: MarketAssessment, found: Digest) -> list[str]:
    lines: list[str] = []
    for title, groups in (
        (N_("Met"), found.compliant),
        (N_("Open on other routes only"), found.off_route),
        (N_("Set aside by another rule"), found.superseded),
        (N_("Guidance and proposals"), digest.group(market.guidance)),
        (N_("Not applicable"), found.not_applicable),
    ):
        lines += _list(_(title), (f"{escape(g.title)} ({_cites(g.finding)}) {code(g.finding.rule)}" for g in groups))
    lines += _list(_("Good to know"), (f"{escape(note.title)}: {escape(note.text)}" for note in market.notes))
    return lines + _list(_("Not checked"), (f"{escape(n.title)}: {escape(n.reason)}" for n in market.not_covered))
