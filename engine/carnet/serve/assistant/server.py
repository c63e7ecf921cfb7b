# SPDX-License-Identifier: Apache-2.0
"""The server: tools and resources under the names that assistants see, all of them read-only."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import Annotated, Any, Literal, NamedTuple, ParamSpec, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from carnet import __version__
from carnet.api import Law
from carnet.errors import CarnetError
from carnet.intake.markets import markets_of
from carnet.intake.templates import examples, first_line
from carnet.law.find import find_clause
from carnet.report.inert import to_json
from carnet.report.plain import plain
from carnet.serve.assistant import answers
from carnet.serve.assistant.tools import Content, Tools

INSTRUCTIONS = """Carnet checks a declared vehicle, service and company against the road law of markets.
A profile says what a company declares (see the resources carnet://facts and carnet://examples). Undeclared is unknown,
never false: ask the user, do not guess. `check` says what stands in the way, `explain` why, with the provision;
`questions` what to ask the user next; `what_if` what a change would do; `reach` what
one market would take, `plan` in which order and when several open. Always tell the user
how well the law is known and that this is no legal advice, and name provisions."""
READ_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
P = ParamSpec("P")
R = TypeVar("R")

Profile = Annotated[Content, Field(description="The profile: YAML or JSON text, or the object itself")]
Markets = Annotated[list[str], Field(min_length=1, description="Codes such as DE-BY (carnet://markets), or ['all']")]
Keep = Annotated[list[str], Field(description="Facts or sections that are not to change")]
Day = Annotated[dt.date | None, Field(description="Day assessed; by default when operation starts, else today")]
Limit = Annotated[int, Field(ge=1, le=100, description="How many to show")]
Offset = Annotated[int, Field(ge=0, description="How many to pass over")]


Turn = Callable[[], AbstractContextManager[Any]]


def _no_end(step: str) -> None:
    """Where nobody else waits, work may take as long as it takes."""


TICK: ContextVar[Callable[[str], None]] = ContextVar("tick", default=_no_end)


def create_server(law: Callable[[], Law], turn: Turn = nullcontext) -> MCPServer[Any]:
    """A server over a law, which is opened when the first question comes.

    turn: what is waited for before something is computed.
    """
    server: MCPServer[Any] = MCPServer(
        "carnet", title="Carnet", version=__version__, instructions=INSTRUCTIONS, log_level="WARNING"
    )
    register = Registry(server, turn)
    _add_checks(register, lambda: Tools(law()))
    _add_searches(register, lambda: Tools(law()))
    _add_resources(server, law)
    return server


class Registry(NamedTuple):
    """Registers tools whose mistakes are told in one sentence."""

    server: MCPServer[Any]
    turn: Turn

    @staticmethod
    def tick(step: str) -> None:
        """To be called after each step of long work; ends it when its time is over."""
        TICK.get()(step)

    def __call__(self, title: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
        def register(function: Callable[P, R]) -> Callable[P, R]:
            @functools.wraps(function)
            def told(*args: P.args, **kwargs: P.kwargs) -> R:
                try:
                    with self.turn() as tick:
                        token = TICK.set(tick or _no_end)
                        try:
                            return function(*args, **kwargs)
                        finally:
                            TICK.reset(token)
                except CarnetError as error:
                    raise ToolError(str(error)) from None

            self.server.tool(title=title, annotations=READ_ONLY, structured_output=True)(told)
            return told

        return register


def _add_checks(tool: Registry, tools: Callable[[], Tools]) -> None:
    @tool("Check a profile")
    def check(
        profile: Profile,
        markets: Markets,
        as_of: Day = None,
        status: Annotated[
            Literal["open", "gap", "undetermined", "compliant"],
            Field(description="Which findings; open: what is not met"),
        ] = "open",
        limit: Limit = 8,
        offset: Offset = 0,
    ) -> answers.Checked:
        """Outcome of each market and what stands in the way, the gravest first, with provision and remedy."""
        return tools().check(profile, markets, as_of, status, limit, offset)

    @tool("Explain a finding")
    def explain(
        profile: Profile,
        market: Annotated[str, Field(description="One market, such as DE-BY")],
        rule: Annotated[str, Field(description="The rule's id, as `check` names it")],
        as_of: Day = None,
    ) -> answers.Explained:
        """Why a rule is met, a gap or open in a market: what was declared and required, the provision, the remedy."""
        return tools().explain(profile, market, rule, as_of)

    @tool("Questions to ask next")
    def questions(
        profile: Profile, markets: Markets, as_of: Day = None, limit: Limit = 10, offset: Offset = 0
    ) -> answers.Asked:
        """What to declare next, the question first that decides most."""
        return tools().questions(profile, markets, as_of, limit, offset)

    @tool("What if")
    def what_if(
        profile: Profile,
        set: Annotated[dict[str, Any], Field(min_length=1, description="Facts by path; null makes one unknown")],
        markets: Markets,
        within: Annotated[str | None, Field(description="Only in this jurisdiction and below it")] = None,
        feature: Annotated[str | None, Field(description="Only for this feature of the vehicle")] = None,
        as_of: Day = None,
        limit: Limit = 20,
        offset: Offset = 0,
    ) -> answers.WhatIf:
        """What another declaration would change: outcomes that flip and findings that turn."""
        return tools().what_if(profile, set, markets, within, feature, as_of, limit, offset)


def _add_searches(tool: Registry, tools: Callable[[], Tools]) -> None:
    @tool("Plan the way in")
    def plan(
        profile: Profile,
        markets: Annotated[list[str], Field(min_length=1, max_length=12, description="Codes such as DE-BY")],
        start: Annotated[dt.date | None, Field(description="Day on which work begins; by default today")] = None,
        by: Annotated[dt.date | None, Field(description="Day to open by")] = None,
        objective: Literal["last-market", "most-markets", "least-effort"] = "last-market",
        keep: Keep = [],  # noqa: B006
        limit: Limit = 20,
        offset: Offset = 0,
    ) -> answers.Planned:
        """The road map: which market opens when, by which steps, who does them; each opening proven by a check."""
        return tools().plan(profile, markets, start, by, objective, keep, limit, offset, tool.tick)

    @tool("What is within reach")
    def reach(
        profile: Profile,
        markets: Markets,
        as_of: Day = None,
        keep: Keep = [],  # noqa: B006
        limit: Limit = 20,
    ) -> answers.Reached:
        """The best outcome that each market can come to, and the least to obtain, change or declare for it."""
        return tools().reach(profile, markets, as_of, keep, limit)

    @tool("Compare profiles")
    def compare(
        profiles: Annotated[list[Content], Field(min_length=1, max_length=10, description="Profiles as in `check`")],
        markets: Markets,
        as_of: Day = None,
        limit: Limit = 30,
        offset: Offset = 0,
    ) -> answers.Compared:
        """Outcomes of several profiles, market by market, the nearest first."""
        return tools().compare(profiles, markets, as_of, limit, offset)

    @tool("Find law")
    def find_law(
        text: Annotated[str, Field(min_length=1, max_length=200, description="Words that all have to occur")],
        market: Annotated[str | None, Field(description="Only its own law and that above it")] = None,
        kind: Literal["rule", "instrument", "approval", "fact"] | None = None,
        limit: Limit = 20,
        offset: Offset = 0,
    ) -> answers.Law:
        """Rules, instruments, approvals and facts by words; read a rule whole at carnet://rules/ID."""
        return tools().find(text, market, kind, limit, offset)


def _add_resources(server: MCPServer[Any], law: Callable[[], Law]) -> None:
    def resource(uri: str, title: str) -> Callable[[Callable[P, Any]], Callable[P, Any]]:
        def register(function: Callable[P, Any]) -> Callable[P, Any]:
            @functools.wraps(function)
            def told(*args: P.args, **kwargs: P.kwargs) -> str:
                try:
                    found = function(*args, **kwargs)
                except CarnetError as error:
                    raise ResourceNotFoundError(str(error)) from None
                return found if isinstance(found, str) else to_json(plain(found))

            told.__annotations__ = {**function.__annotations__, "return": str}
            kind = "application/yaml" if "examples/" in uri else "application/json"
            server.resource(uri, title=title, mime_type=kind)(told)
            return told

        return register

    @resource("carnet://markets", "Markets that can be checked")
    def markets() -> Any:
        heads = [law().head(code) for code in law().markets()]
        return [{"market": head.id, "name": head.name, "parent": head.parent} for head in heads]

    @resource("carnet://markets/{code}", "A market")
    def market(code: str) -> Any:
        found = law().jurisdiction(markets_of(law(), [code], False)[0])
        return {**plain(found), "rules": [{"id": rule.id, "title": rule.title} for rule in found.rules]}

    @resource("carnet://rules/{rule_id}", "A rule")
    def rule(rule_id: str) -> Any:
        return find_clause(law(), rule_id)

    @resource("carnet://facts", "What can be declared")
    def facts() -> Any:
        return [
            {"path": fact.path, "question": fact.question, "type": fact.type, "unit": fact.unit}
            for fact in law().vocabulary.facts.values()
        ]

    @resource("carnet://facts/{path}", "A fact")
    def fact(path: str) -> Any:
        return law().vocabulary.fact(path)

    @resource("carnet://examples", "Profiles that come with Carnet")
    def list_examples() -> Any:
        return [{"name": name, "about": first_line(path)} for name, path in examples().items()]

    @resource("carnet://examples/{name}", "A profile that comes with Carnet")
    def example(name: str) -> str:
        known = examples()
        if name not in known:
            raise ResourceNotFoundError(f"there is no example of this name; there are {', '.join(known)}")
        return known[name].read_text(encoding="utf-8")
