# SPDX-License-Identifier: Apache-2.0
"""`carnet new`: what it makes lints, is tested, and never opens a market by silence."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import carnet as api

KOSOVO = ("--name", "Kosovo", "--drives-on", "right", "--currency", "EUR", "--language", "sq")


def test_a_market_and_a_rule_lint_and_leave_it_undetermined(carnet, tmp_path: Path) -> None:
    folder = ("--in", str(tmp_path))
    made = carnet("new", "market", "XK", *KOSOVO, *folder)
    assert made.code == 0
    assert [Path(line).name for line in made.out.split()] == ["jurisdiction.yaml", "routes.yaml", "approvals.yaml"]
    assert carnet("new", "rule", "xk.traffic.side", *folder).code == 0
    assert carnet("lint", str(tmp_path)).code == 0
    assert carnet("test", str(tmp_path)).out == "2 cases passed (1 rule)\n"
    assert carnet("new", "rule", "xk.data.map", "--topic", "cyber_data", *folder).out.strip().endswith("data.yaml")
    law = api.load_law(tmp_path)
    for level in (0, 2, 3, 4):
        profile = api.Profile.from_dict({"automation.sae_level": level}, law.vocabulary)
        assert str(law.check(profile, "XK", dt.date(2027, 1, 1)).market("XK").outcome) == "undetermined"
    assert {area.state for area in law.head("XK").coverage.values()} == {"not_researched"}


def test_a_second_rule_of_a_topic_stands_below_the_first(carnet, tmp_path: Path) -> None:
    folder = ("--in", str(tmp_path))
    carnet("new", "market", "XK", *KOSOVO, *folder)
    for id_ in ("xk.traffic.side", "xk.traffic.speed"):
        assert carnet("new", "rule", id_, *folder).code == 0
    text = (tmp_path / "jurisdictions/XK/traffic.yaml").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if "- id:" in line] == [
        "  - id: xk.traffic.side",
        "  - id: xk.traffic.speed",
    ]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("market", "kosovo", *KOSOVO), "`kosovo` is not a jurisdiction's code; write an ISO 3166 code such as `XK`"),
        (("market", "XK", *KOSOVO), "exists already; choose another code or folder"),
        (("rule", "yy.traffic.side"), "is no jurisdiction's folder; make one with `carnet new market`"),
        (("rule", "xk"), "`xk` is not an id of a rule; write one like `xk.traffic.side`"),
        (("rule", "xk.a.b", "--topic", "traffic"), "unknown topic `traffic`; did you mean `traffic_law`?"),
        (("rule", "xk.traffic.side"), "`xk.traffic.side` stands there already; choose another id"),
    ],
)
def test_what_cannot_be_made(carnet, tmp_path: Path, args: tuple[str, ...], message: str) -> None:
    folder = ("--in", str(tmp_path))
    carnet("new", "market", "XK", *KOSOVO, *folder)
    carnet("new", "rule", "xk.traffic.side", *folder)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")}
    result = carnet("new", *args, *folder)
    assert (result.code, result.err.strip().endswith(message)) == (2, True), result.err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")} == before


@pytest.mark.parametrize("name", ["a file", "x" * 5000, "a file/below"])
def test_a_folder_that_cannot_be(carnet, tmp_path: Path, name: str) -> None:
    (tmp_path / "a file").write_text("", encoding="utf-8")
    for line in (("market", "XK", *KOSOVO), ("rule", "xk.traffic.side")):
        result = carnet("new", *line, "--in", f"{tmp_path}/{name}")
        said = (result.code, "internal error" in result.err, result.err.count("\n"))
        assert said == (2, False, 1), result.err


def test_a_pack_of_another_encoding_is_named(carnet, tmp_path: Path) -> None:
    carnet("new", "market", "XK", *KOSOVO, "--in", str(tmp_path))
    file = tmp_path / "jurisdictions" / "XK" / "a.yaml"
    file.write_bytes("# \xe9\n".encode("latin-1"))
    result = carnet("new", "rule", "xk.traffic.side", "--in", str(tmp_path))
    assert (result.code, result.err.startswith(f"{file}")) == (2, True), result.err
