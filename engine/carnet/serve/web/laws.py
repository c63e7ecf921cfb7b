# SPDX-License-Identifier: Apache-2.0
"""The law as it can be read: search, and a page for a rule, an instrument, a fact, an approval, a market."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from carnet.api import Law
from carnet.law import search as law_search
from carnet.law.casebook import cases_of
from carnet.law.find import all_rules, rules_reading
from carnet.law.ids import GrantLimit, Need
from carnet.law.model import TOPICS, Rule
from carnet.logic.condition import facts_read
from carnet.logic.wording import describe
from carnet.serve.web.environment import render
from carnet.serve.web.errata import erratum
from carnet.serve.web.failing import PageRoute
from carnet.serve.web.state import Shared

ALL_KINDS = ("market", *law_search.KINDS)
MOST = 80
router = APIRouter(prefix="/law", route_class=PageRoute)


@router.get("")
def search(
    request: Request,
    shared: Shared,
    q: Annotated[str, Query(max_length=120)] = "",
    kind: Annotated[str, Query(max_length=12)] = "",
) -> Response:
    """Everything that holds the words asked for."""
    kind = kind if kind in ALL_KINDS else ""
    asked = bool(q.strip() or kind)
    found = [*_markets(shared.law, q), *law_search.search(shared.law, q)]
    counts = Counter(hit.kind for hit in found)
    hits = [hit for hit in found if not kind or hit.kind == kind] if asked else []
    return _page(
        request, shared, "law.html.j2", q=q, kind=kind, hits=hits[:MOST], total=len(hits), counts=counts, asked=asked
    )


def _markets(law: Law, text: str) -> list[law_search.Hit]:
    """The markets whose code and name hold all words."""
    heads = [law.head(code) for code in law.markets()]
    words = text.casefold().split()
    return [
        law_search.Hit("market", head.id, head.name, head.id, "")
        for head in heads
        if all(word in f"{head.id} {head.name}".casefold() for word in words)
    ]


@router.get("/rules/{rule_id:path}")
def rule_page(request: Request, shared: Shared, rule_id: str) -> Response:
    """One rule: what it asks, by which provisions, since when, how it was read, its cases, and where it binds."""
    law = shared.law
    rule = law.clause(rule_id)
    if isinstance(rule, GrantLimit):
        return RedirectResponse(f"/law/approvals/{rule.approval.id}", 303)
    if isinstance(rule, Need):
        return RedirectResponse(f"/law/approvals/{rule.group[0]}", 303)
    return _rule(request, shared, rule)


def _rule(request: Request, shared: Shared, rule: Rule, status: int = 200) -> Response:
    law = shared.law
    day = dt.date.today()
    later = [each for each in all_rules(law) if rule.id in each.supersedes]
    return _page(
        request,
        shared,
        "rule.html.j2",
        status,
        rule=rule,
        jurisdiction=law.head(rule.jurisdiction),
        applies=describe(rule.applies_when, _fact),
        requires=describe(rule.requires, _fact),
        facts=[path for path in sorted(facts_read(rule.applies_when) | facts_read(rule.requires)) if "." in path],
        instruments={cite.instrument: law.instrument(cite.instrument) for cite in rule.cites},
        action=law.actions.get(rule.remedy.action),
        markets=shared.markets_of_rule(rule.id, day),
        day=day,
        cases=cases_of(rule),
        later=later,
        written_in=_place(law, rule),
    )


@router.post("/wrong/{rule_id:path}")
def wrong(
    shared: Shared,
    rule_id: str,
    what: Annotated[str, Form(max_length=4000)],
    provision: Annotated[str, Form(max_length=200)] = "",
    at: Annotated[str, Form(max_length=400)] = "",
    by: Annotated[str, Form(max_length=120)] = "",
) -> Response:
    """A file that tells the keeper of the pack what is wrong with a rule, with everything needed to look it up."""
    rule = shared.law.rule(rule_id)
    text = erratum(shared.law, rule, _place(shared.law, rule), what, provision, at, by)
    said = f'attachment; filename="carnet-erratum-{rule.id}.yaml"'
    return Response(text, media_type="application/yaml; charset=utf-8", headers={"content-disposition": said})


@router.get("/instruments/{instrument_id:path}")
def instrument_page(request: Request, shared: Shared, instrument_id: str) -> Response:
    """A statute, regulation or standard: where it binds, and the rules drawn from it."""
    law = shared.law
    found = law.instrument(instrument_id)
    rules = [rule for rule in all_rules(law) if any(cite.instrument == found.id for cite in rule.cites)]
    adopters = [(head, head.applies[found.id]) for head in map(law.head, law.codes) if found.id in head.applies]
    drawn = [(rule, [c for c in rule.cites if c.instrument == found.id]) for rule in rules]
    return _page(request, shared, "instrument.html.j2", instrument=found, drawn=drawn, adopters=adopters)


@router.get("/facts/{path}")
def fact_page(request: Request, shared: Shared, path: str) -> Response:
    """A fact: its question, its values, and the rules that read it."""
    fact = shared.law.vocabulary.fact(path)
    return _page(request, shared, "fact.html.j2", fact=fact, readers=list(rules_reading(shared.law, path)))


@router.get("/approvals/{approval_id}")
def approval_page(request: Request, shared: Shared, approval_id: str) -> Response:
    """An approval: who grants it, by which law, what it takes, and the ways in that need it."""
    law = shared.law
    planning = law.planning(approval_id)
    routes = [route for code in law.codes for route in law.jurisdiction(code).routes]
    needing = [route for route in routes if any(approval_id in group for group in route.needs)]
    return _page(
        request,
        shared,
        "approval.html.j2",
        planning=planning,
        approval=law.approvals[approval_id],
        needing=needing,
        readers=list(rules_reading(law, f"approvals.{approval_id}.held")),
    )


@router.get("/markets/{code}")
def market_page(request: Request, shared: Shared, code: str) -> Response:
    """A market's law, whoever asks: authorities, ways in, rules by topic, what is coming and what is not covered."""
    law, day = shared.law, dt.date.today()
    chain = [law.jurisdiction(each) for each in law.chain(law.head(code).id)]
    book = law.rulebook(code, day)
    rules = [bound.rule for bound in book.rules()]
    return _page(
        request,
        shared,
        "market_law.html.j2",
        head=chain[0],
        chain=chain,
        book=book,
        day=day,
        topics={topic: [rule for rule in rules if rule.topic == topic] for topic in TOPICS},
        read=Counter(rule.confidence.value for rule in rules),
        total=len(rules),
    )


def _page(request: Request, shared: Shared, template: str, status: int = 200, **values: object) -> Response:
    return render(request, template, status, here="law", law=shared.law, **values)


def _fact(path: str) -> str:
    return "the market's chain of law" if path == "context.chain" else path.replace("context.", "the market's ")


def _place(law: Law, rule: Rule) -> str:
    """Where the rule is written, from the folder of the law on."""
    parts = rule.place.file.replace("\\", "/").rpartition("jurisdictions/")
    return f"{parts[1]}{parts[2]}:{rule.place.line}"
