# SPDX-License-Identifier: Apache-2.0
"""The law as it can be read: markets, rules, instruments, approvals, facts, actions, and the schemas of it all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Query
from pydantic import BaseModel
from starlette.responses import Response

from carnet.errors import UnknownName, shown, suggest
from carnet.intake.markets import markets_of
from carnet.law.find import facts_of, find_clause, find_instrument, rules_reading
from carnet.law.search import KINDS as HIT_KINDS, search
from carnet.report.plain import plain
from carnet.schemas import KINDS, schema_of
from carnet.serve.answer import Answer, matches, tag_of
from carnet.serve.api.asking import BASIC, refusals
from carnet.serve.context import Here, Services
from carnet.serve.problems import Refused

router = APIRouter(
    prefix="", tags=["law"], responses={**BASIC, **refusals(404), 304: {"description": "You have this answer already"}}
)
Name = Annotated[str, Path(min_length=1, max_length=200)]
Tag = Annotated[str | None, Header(alias="if-none-match", description="The tag of an answer that you have")]
Words = Annotated[str, Query(max_length=200, description="Words that all have to occur")]
Number = Annotated[int, Query(ge=1, le=500)]
Kind = Literal[KINDS]  # type: ignore[valid-type]
HitKind = Literal[HIT_KINDS]  # type: ignore[valid-type]
Record = dict[str, Any]


class Law(BaseModel):
    """The release of the law that answers."""

    version: str
    as_of: str
    sha256: str
    markets: int
    rules: int


class MarketHead(BaseModel):
    """A market that can be checked."""

    market: str
    name: str
    kind: str
    parent: str | None


class Found(BaseModel):
    """Something found; `kind` is rule, instrument, approval or fact."""

    kind: str
    id: str
    title: str
    jurisdiction: str
    source: str


class Findings(BaseModel):
    """What was found, at most as many as were asked for, and how many there are."""

    total: int
    found: list[Found]


def answered(here: Services, tag: str | None, name: str, data: Callable[[], Any]) -> Response:
    """Data of the law: the same as long as the law is."""
    own = tag_of(f"law:{name}", [], [here.law.sha256])
    if matches(tag, own):
        return Response(status_code=304, headers={"etag": own, "cache-control": "private, no-cache"})
    try:
        return Answer.data(data()).response(**{"etag": own, "cache-control": "private, no-cache"})
    except UnknownName as error:
        raise Refused(404, "unknown-name", error.message, error.hint) from None


@router.get("/law", response_model=Law)
def law(here: Here, if_none_match: Tag = None) -> Response:
    """Which law answers."""
    known = here.law
    data = {"version": known.version, "as_of": known.as_of, "sha256": known.sha256}
    return answered(
        here,
        if_none_match,
        "law",
        lambda: {**data, "markets": len(known.markets()), "rules": len(known.ids("rules"))},
    )


@router.get("/law/search", response_model=Findings)
def find_law(
    here: Here,
    text: Words = "",
    kind: Annotated[list[HitKind] | None, Query(description="By default all kinds")] = None,
    market: Annotated[str | None, Query(max_length=40, description="Only its own law and its ancestors'")] = None,
    number: Number = 50,
    if_none_match: Tag = None,
) -> Response:
    """Rules, instruments, approvals and facts by words."""

    def data() -> Any:
        code = markets_of(here.law, [market], False)[0] if market else None
        hits = search(here.law, text, kind or HIT_KINDS, code)
        return {"total": len(hits), "found": hits[:number]}

    return answered(here, if_none_match, f"search {[text, kind, market, number]}", data)


@router.get("/markets", response_model=list[MarketHead])
def markets(here: Here, if_none_match: Tag = None) -> Response:
    """Every market that can be checked."""
    heads = [here.law.head(code) for code in here.law.markets()]
    return answered(
        here,
        if_none_match,
        "markets",
        lambda: [{"market": h.id, "name": h.name, "kind": h.kind, "parent": h.parent or None} for h in heads],
    )


@router.get("/markets/{code}", response_model=Record)
def market(code: Name, here: Here, if_none_match: Tag = None) -> Response:
    """A market: its ways in, authorities, limits, rules and notes."""
    return answered(
        here,
        if_none_match,
        f"market {code}",
        lambda: plain(here.law.jurisdiction(markets_of(here.law, [code], False)[0])),
    )


@router.get("/rules", response_model=Findings)
def rules(
    here: Here,
    text: Words = "",
    market: Annotated[str | None, Query(max_length=40)] = None,
    number: Number = 50,
    if_none_match: Tag = None,
) -> Response:
    """Rules by words and by market."""
    return find_law(here, text, ["rule"], market, number, if_none_match)


@router.get("/rules/{name}", response_model=Record)
def rule(name: Name, here: Here, if_none_match: Tag = None) -> Response:
    """A rule, or a need of a way in: what it asks, of whom, by which provision, and how well it was read."""
    return answered(here, if_none_match, f"rule {name}", lambda: find_clause(here.law, name))


@router.get("/instruments/{name}", response_model=Record)
def instrument(name: Name, here: Here, if_none_match: Tag = None) -> Response:
    """A statute or regulation."""
    return answered(here, if_none_match, f"instrument {name}", lambda: find_instrument(here.law, name))


@router.get("/facts", response_model=list[Record])
def facts(
    here: Here,
    section: Annotated[str | None, Query(max_length=80, description="Such as `odd` or `operation.remote`")] = None,
    if_none_match: Tag = None,
) -> Response:
    """What can be declared; the facts of a section, or all."""
    vocabulary = here.law.vocabulary
    return answered(
        here,
        if_none_match,
        f"facts {section}",
        lambda: facts_of(vocabulary, section) if section is not None else list(vocabulary.facts.values()),
    )


@router.get("/facts/{path}", response_model=Record)
def fact(path: Name, here: Here, if_none_match: Tag = None) -> Response:
    """One fact: its question, type and values, and the rules that read it."""

    def data() -> Any:
        found = plain(here.law.vocabulary.fact(path))
        return {**found, "rules": [{"rule": rule, "title": title} for rule, title in rules_reading(here.law, path)]}

    return answered(here, if_none_match, f"fact {path}", data)


@router.get("/actions", response_model=list[Record])
def actions(here: Here, if_none_match: Tag = None) -> Response:
    """What companies do to close gaps, with whom and how long it takes by our estimate."""
    return answered(here, if_none_match, "actions", lambda: list(here.law.actions.values()))


@router.get("/actions/{name}", response_model=Record)
def action(name: Name, here: Here, if_none_match: Tag = None) -> Response:
    """One action."""
    return answered(here, if_none_match, f"action {name}", lambda: _of(here.law.actions, name, "action"))


@router.get("/catalogue", response_model=list[Record])
def catalogue(here: Here, if_none_match: Tag = None) -> Response:
    """Every approval that authorities grant or receive."""
    return answered(here, if_none_match, "catalogue", lambda: list(here.law.approvals.values()))


@router.get("/catalogue/{name}", response_model=Record)
def approval(name: Name, here: Here, if_none_match: Tag = None) -> Response:
    """One approval: who grants it, by which law, and after which others."""
    return answered(here, if_none_match, f"approval {name}", lambda: _of(here.law.approvals, name, "approval"))


@router.get("/schemas/{kind}", response_model=Record)
def schema(kind: Kind, here: Here, if_none_match: Tag = None) -> Response:
    """The JSON Schema of a profile, a pack of law, or the report."""
    return answered(here, if_none_match, f"schema {kind}", lambda: schema_of(kind, lambda: here.law))


def _of(known: Any, name: str, word: str) -> Any:
    if name not in known:
        raise UnknownName(f"unknown {word} {shown(name)}", hint=suggest(name[:60], known))
    return known[name]
