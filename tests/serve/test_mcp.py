# SPDX-License-Identifier: Apache-2.0
"""The tools for assistants, asked by the SDK's own client, over standard input and over HTTP."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from jsonschema import Draft202012Validator

pytest.importorskip("mcp", reason="the extra `mcp` is not installed")
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters

import carnet
from carnet.assess.model import Status
from carnet.serve.app import create_app
from carnet.serve.assistant.server import create_server
from carnet.serve.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
TOOLS = {"check", "explain", "questions", "what_if", "plan", "reach", "compare", "find_law"}
Ask = Callable[[Any], Awaitable[Any]]


@pytest.fixture(scope="module")
def law() -> carnet.Law:
    return carnet.load_law()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(Settings(port=port)), port=port, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(600):
        if server.started:
            break
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/mcp"
    server.should_exit = True
    thread.join(20)


@pytest.fixture(params=["in process", "stdio", "http"])
def server(request: pytest.FixtureRequest, law: carnet.Law) -> Any:
    if request.param == "in process":
        return create_server(lambda: law)
    if request.param == "http":
        return request.getfixturevalue("address")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "engine")}
    return StdioServerParameters(command=sys.executable, args=["-m", "carnet", "mcp"], env=environment)


def asked(server: Any, ask: Ask) -> Any:
    async def run() -> Any:
        async with Client(server) as client:
            return await ask(client)

    return asyncio.run(run())


def called(law: carnet.Law, tool: str, **arguments: Any) -> Any:
    async def ask(client: Client) -> Any:
        return await client.call_tool(tool, arguments)

    return asked(create_server(lambda: law), ask)


def test_it_is_asked_over_every_transport(server: Any, munich: str) -> None:
    async def ask(client: Client) -> Any:
        tools = (await client.list_tools()).tools
        answer = await client.call_tool("check", {"profile": munich, "markets": ["DE-BY"], "limit": 3})
        facts = await client.read_resource("carnet://facts/odd.max_speed_kmh")
        return tools, answer, facts

    tools, answer, facts = asked(server, ask)
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.annotations.read_only_hint and not tool.annotations.destructive_hint for tool in tools)
    (schema,) = [tool.output_schema for tool in tools if tool.name == "check"]
    Draft202012Validator(schema).validate(answer.structured_content)
    assert not answer.is_error
    assert answer.structured_content["markets"][0]["market"] == "DE-BY"
    assert json.loads(facts.contents[0].text)["unit"] == "km/h"


@pytest.mark.parametrize(
    ("tool", "more"),
    [
        ("check", {"markets": ["DE-BY"]}),
        ("explain", {"market": "DE-BY", "rule": "de.market.kba-type-approval"}),
        ("questions", {"markets": ["DE-BY"]}),
        ("what_if", {"markets": ["DE-BY"], "set": {"automation.sae_level": 2}}),
        ("reach", {"markets": ["DE-BY"]}),
        ("plan", {"markets": ["DE-BY"]}),
    ],
)
def test_every_answer_says_what_it_rests_on(law: carnet.Law, munich: str, tool: str, more: Any) -> None:
    answer = called(law, tool, profile=munich, **more).structured_content
    assert answer["receipt"]["law_sha256"] == law.sha256
    assert answer["receipt"]["profile_sha256"]
    assert "No legal advice" in answer["notice"]
    assert answer["known"]


def test_findings_are_the_library_s_and_none_is_lost_between_parts(law: carnet.Law, munich: str) -> None:
    profile = carnet.Profile.from_text(munich, name="profile")
    wanted = [f.rule for f in law.check(profile, ["DE-BY"]).market("DE-BY").with_status(Status.COMPLIANT)]
    seen: list[str] = []
    arguments: dict[str, Any] = {"profile": munich, "markets": ["DE-BY"], "status": "compliant", "limit": 40}
    while True:
        (market,) = called(law, "check", **arguments, offset=len(seen)).structured_content["markets"]
        seen += [finding["rule"] for finding in market["findings"]]
        if market["more"] is None:
            break
        assert market["more"]["ask"].endswith(f"`offset`: {len(seen)}")
    assert sorted(seen) == sorted(wanted)


def test_a_finding_is_explained_with_its_provision(law: carnet.Law, munich: str) -> None:
    answer = called(law, "explain", profile=munich, market="DE-BY", rule="de.market.kba-type-approval")
    finding = answer.structured_content["finding"]
    assert finding["status"] == "compliant"
    assert finding["cites"][0]["provision"]
    assert finding["because"] or finding["unknown"]


def test_a_plan_is_the_library_s_and_says_when_a_market_opens(law: carnet.Law, munich: str) -> None:
    pytest.importorskip("ortools", reason="the extra `plan` is not installed")
    start = dt.date(2027, 1, 4)
    profile = carnet.Profile.from_text(munich, name="profile")
    wanted = law.plan(profile, ["DE-BY", "JP"], start, limit=6.0)
    answer = called(law, "plan", profile=munich, markets=["DE-BY", "JP"], start=str(start), limit=1).structured_content
    days = [(one["market"], one["earliest"], one["latest"]) for one in answer["openings"]]
    assert days == [(one.market, str(one.day.early), str(one.day.late)) for one in wanted.openings]
    assert [one["market"] for one in answer["not_opened"]] == [one.market for one in wanted.shut]
    assert answer["steps"][0]["id"] == wanted.steps[0].id
    assert answer["more"]["left_out"] == len(wanted.steps) - 1


def test_profiles_are_compared_and_law_is_found(law: carnet.Law, munich: str) -> None:
    rows = called(law, "compare", profiles=[munich, {"name": "Other"}], markets=["DE", "FR"]).structured_content
    assert {row["market"] for row in rows["rows"]} == {"DE", "FR"}
    found = called(law, "find_law", text="convoy", market="AE-DU", kind="rule", limit=2).structured_content
    assert len(found["found"]) == 2
    assert found["more"]["left_out"] == found["total"] - 2


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("check", {"profile": {"automation": {"sae_level": 9}}, "markets": ["DE"]}, "outside 0 to 5"),
        ("check", {"profile": "a: [", "markets": ["DE"]}, "not valid YAML"),
        ("check", {"profile": {}, "markets": ["UK"]}, "did you mean `GB`?"),
        ("check", {"profile": {}, "markets": []}, "markets"),
        ("explain", {"profile": {}, "market": "DE", "rule": "nope"}, "no rule that binds"),
        ("check", {"profile": {"features": {f"f{n}": {} for n in range(8)}}, "markets": ["all"]}, "assessments"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(law: carnet.Law, tool: str, arguments: Any, says: str) -> None:
    answer = called(law, tool, **arguments)
    assert answer.is_error
    assert says in answer.content[0].text
    assert "Traceback" not in answer.content[0].text


def test_resources_can_be_read_and_lead_nowhere_else(law: carnet.Law) -> None:
    async def ask(client: Client) -> Any:
        example = await client.read_resource("carnet://examples/sedan-l3")
        for name in ("..%2F..%2Fpyproject", "%2Fetc%2Fpasswd", "nope"):
            with pytest.raises(Exception, match=r"Unknown resource|no example"):
                await client.read_resource(f"carnet://examples/{name}")
        return example.contents[0].text

    assert "name:" in asked(create_server(lambda: law), ask)
