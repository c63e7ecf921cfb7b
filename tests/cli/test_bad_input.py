# SPDX-License-Identifier: Apache-2.0
"""Every kind of unusable input: exit code 2, one clear sentence with its place, nothing written."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PROFILES = {
    "unknown fact": ("automation: {sae_levl: 4}\n", 1, "did you mean `automation.sae_level`?"),
    "unknown section": ("automaton: {sae_level: 4}\n", 1, "automaton"),
    "wrong type": ("automation:\n  sae_level: high\n", 2, "is a whole number"),
    "out of range": ("automation: {sae_level: 9}\n", 1, "automation.sae_level"),
    "unknown value": ("operation: {phase: comercial}\n", 1, "commercial"),
    "duplicate key": ("automation: {sae_level: 4}\nautomation: {sae_level: 3}\n", 2, "has the key `automation` twice"),
    "alias bomb": ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", 1, "anchor"),
    "date that does not exist": ("operation: {start_date: 2026-02-30}\n", 1, "does not exist"),
    "broken YAML": ("automation: {sae_level: 4\nname: x\n", 2, "is not valid YAML"),
    "a list": ("- a\n- b\n", 1, ""),
    "a word": ("hello\n", 1, ""),
    "unknown market in an overlay": ("in: {DEE: {automation: {sae_level: 3}}}\n", 1, "DEE"),
    "unknown approval": ("approvals: {UN-R1577: {held: true}}\n", 1, "did you mean `UN-R157`?"),
    "wrong unit": ("automation: {max_speed_kmh: 80 kg}\n", 1, "unit"),
    "two documents": ("name: a\n---\nname: b\n", 2, "second YAML document"),
    "tag": ("name: !!python/object:os.system x\n", 1, "tag"),
    "deep nesting": ("a: " + "[" * 5000 + "]" * 5000 + "\n", 1, "is nested deeper than 40 levels"),
    "deep nesting, line by line": ("a:\n" + " [\n" * 5000, 41, "is nested deeper than 40 levels"),
    "deep nesting of mappings": ("{a: " * 5000 + "\n", 1, "is nested deeper than 40 levels"),
    "deep nesting by indentation": ("- " * 5000 + "a\n", 1, "is nested deeper than 40 levels"),
    "control characters": ("name: \x01\n", 0, "is not valid YAML"),
}


def refused(result: Any, *needles: str) -> str:
    assert result.code == 2, result
    assert result.out == ""
    text: str = result.err
    assert "Traceback" not in text
    assert "internal error" not in text
    assert text.endswith("\n")
    assert len(text.splitlines()) == 1, text
    for needle in needles:
        assert needle in text
    return text


@pytest.mark.parametrize("kind", PROFILES)
def test_a_profile_that_cannot_be_used(kind: str, carnet: Callable[..., Any], tmp_path: Path) -> None:
    text, line, needle = PROFILES[kind]
    file, out = tmp_path / "p.yaml", tmp_path / "out.json"
    file.write_text(text, encoding="utf-8")
    place = f"{file}:{line}:" if line else f"{file}: "
    message = refused(carnet("check", file, "-m", "DE", "-o", out), needle)
    assert message.startswith(place)
    assert not out.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.yaml"]


def test_several_mistakes_are_said_at_once_one_per_line(carnet: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text("automation: {sae_level: high, hands: true}\nodd: {rain: 3}\n", encoding="utf-8")
    result = carnet("check", file, "-m", "DE")
    assert result.code == 2
    lines = result.err.splitlines()
    assert len(lines) == 3
    assert all(line.startswith(f"{file}:") for line in lines)


@pytest.mark.parametrize(
    ("name", "raw", "needle"),
    [
        ("large.yaml", b"name: x\n#" + b"x" * (10 * 1024 * 1024), "is larger than"),
        ("latin.yaml", "name: Zürich\n".encode("latin-1"), "is not UTF-8 text"),
        ("utf16.yaml", "name: x\n".encode("utf-16"), "is not UTF-8 text"),
        ("empty.yaml", b"", "is empty"),
        ("blank.yaml", b"  \n\n", "is empty"),
    ],
)
def test_a_file_that_cannot_be_read(
    name: str, raw: bytes, needle: str, carnet: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(raw)
    refused(carnet("check", tmp_path / name, "-m", "DE"), str(tmp_path / name), needle)


def test_a_folder_and_a_missing_file(carnet: Callable[..., Any], tmp_path: Path) -> None:
    refused(carnet("check", tmp_path, "-m", "DE"), f"{tmp_path}: is a directory")
    refused(carnet("check", tmp_path / "none.yaml", "-m", "DE"), "none.yaml: cannot be read")


@pytest.mark.parametrize(
    ("args", "needles"),
    [
        (["-m", "DEE"], ["unknown market `DEE`", "did you mean `"]),
        (["-m", "germany"], ["unknown market `germany`", "did you mean `DE`?"]),
        (["-m", "UK"], ["unknown market `UK`", "did you mean `GB`?"]),
        (["-m", "\x1b[31m"], ["unknown market"]),
        ([], ["no market is named"]),
        (["-m", "DE", "--as-of", "2026-02-30"], ["the date `2026-02-30` does not exist"]),
        (["-m", "DE", "--evaluator", "retee"], ["unknown evaluator `retee`", "did you mean `rete`?"]),
        (["-m", "DE", "--format", "jsn"], ["'jsn'", "json"]),
        (["-m", "DE", "--fail-on", "blockin"], ["blockin"]),
        (["-m", "DE", "--lawe", "x"], ["--lawe", "see `carnet check --help`"]),
        (["-m", "DE", "--law", "/nowhere"], ["/nowhere: is not a folder of law"]),
        (["-m", "DE", "-o", "/nowhere/report.json"], ["/nowhere/report.json: cannot be written"]),
        (["-m", "DE", "-o", "report.foo"], ["its ending names no format", "--format"]),
    ],
)
def test_options_that_cannot_be_used(
    args: list[str], needles: list[str], carnet: Callable[..., Any], profile: Path
) -> None:
    text = refused(carnet("check", profile, *args), *needles)
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("args", "needles"),
    [
        (["chek"], ["unknown command `chek`", "did you mean `check`?"]),
        (["rule", "de.l4.tech"], ["`de.l4.tech` names ", " rules; give the id of one: `de.l4.tech"]),
        (["rule", "de.l3.six-capabilites"], ["did you mean `de.l3.six-capabilities`?"]),
        (["instrument", "de.stvgg"], ["unknown instrument `de.stvgg`", "did you mean `de.stvg`?"]),
        (["market", "DEE"], ["did you mean `"]),
        (["check"], ["missing argument", "PROFILE"]),
        (["schema", "profil"], ["profil"]),
    ],
)
def test_names_that_do_not_exist(args: list[str], needles: list[str], carnet: Callable[..., Any]) -> None:
    refused(carnet(*args), *needles)


RULE = """\
rules:
  - id: xx.test
    title: A test
    topic: operations
    cites: [{{instrument: xx.law, provision: § 1}}]
    confidence: primary
    duty_holder: operator
    severity: major
    applies_when: {applies}
    requires: {requires}
    tests:
      - {{given: {{operation.phase: testing}}, expect: gap}}
"""
JURISDICTION = """\
jurisdiction:
  id: XX
  name: Test land
  kind: state
  drives_on: right
  currency: EUR
  languages: [en]
instruments: [{id: xx.law, title: Law, kind: statute}]
"""
ALWAYS = "{automation.sae_level: {gte: 0}}"
LAWS = {
    "misspelt operator": (ALWAYS, "{automation.max_speed_kmh: {let: 30}}", "did you mean `lt"),
    "unknown fact": (ALWAYS, "{automation.max_sped_kmh: {lte: 30}}", "did you mean `automation.max_speed_kmh`?"),
    "wrong type": (ALWAYS, "{automation.max_speed_kmh: {lte: fast}}", "automation.max_speed_kmh"),
    "unknown combinator": ("{al: [{automation.sae_level: 4}]}", ALWAYS, "did you mean `all`?"),
}


@pytest.fixture
def small_law(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small law in place of the bundled one, which takes seconds to link."""
    small = Path(__file__).resolve().parents[1] / "assess" / "law"
    monkeypatch.setattr("carnet.law.installed.bundled_law", lambda: small)


def write_pack(folder: Path, rule: str, extra: str = "") -> None:
    home = folder / "jurisdictions" / "XX"
    home.mkdir(parents=True)
    (home / "jurisdiction.yaml").write_text(JURISDICTION + extra, encoding="utf-8")
    (home / "rules.yaml").write_text(rule, encoding="utf-8")


@pytest.mark.usefixtures("small_law")
@pytest.mark.parametrize("kind", LAWS)
def test_a_pack_that_cannot_be_used(kind: str, carnet: Callable[..., Any], profile: Path, tmp_path: Path) -> None:
    applies, requires, needle = LAWS[kind]
    write_pack(tmp_path / "law", RULE.format(applies=applies, requires=requires))
    place = str(tmp_path / "law" / "jurisdictions" / "XX" / "rules.yaml") + ":"
    refused(carnet("check", profile, "-m", "XX", "--law", tmp_path / "law"), place, needle)


@pytest.mark.usefixtures("small_law")
def test_derived_facts_that_need_each_other(carnet: Callable[..., Any], profile: Path, tmp_path: Path) -> None:
    folder = tmp_path / "law" / "rules" / "derivations"
    folder.mkdir(parents=True)
    rows = (("a", "b"), ("b", "a"))
    text = "derivations:\n" + "".join(
        f"  - {{fact: derived.{one}, type: bool, title: T, when: {{derived.{two}: true}}}}\n" for one, two in rows
    )
    (folder / "loop.yaml").write_text(text, encoding="utf-8")
    result = carnet("check", profile, "-m", "DE", "--law", tmp_path / "law")
    assert result.code == 2
    assert result.err.startswith(str(folder / "loop.yaml") + ":2:5: derived fact `derived.a` depends on itself")


@pytest.mark.usefixtures("small_law")
def test_jurisdictions_that_are_each_others_parent(carnet: Callable[..., Any], profile: Path, tmp_path: Path) -> None:
    for code, parent in (("XX", "XY"), ("XY", "XX")):
        folder = tmp_path / "law" / "jurisdictions" / code
        folder.mkdir(parents=True)
        text = JURISDICTION.replace("id: XX", f"id: {code}\n  parent: {parent}").replace(
            "xx.law", f"{code.lower()}.law"
        )
        (folder / "jurisdiction.yaml").write_text(text, encoding="utf-8")
    result = carnet("check", profile, "-m", "XX", "--law", tmp_path / "law")
    assert result.code == 2
    assert "jurisdiction.yaml:" in result.err
    assert "Traceback" not in result.err


def test_what_stood_in_the_output_file_still_stands(carnet: Callable[..., Any], profile: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    out.write_text("before", encoding="utf-8")
    refused(carnet("check", profile, "-m", "XYZ", "-o", out))
    assert out.read_text(encoding="utf-8") == "before"


def test_a_folder_that_refuses_writing_keeps_nothing(
    carnet: Callable[..., Any], profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    folder = tmp_path / "out"
    folder.mkdir()
    refused(carnet("check", profile, "-m", "SG", "-o", folder / "r.json"), "no space left on device")
    assert list(folder.iterdir()) == []
    assert stat.S_ISDIR(folder.stat().st_mode)


@pytest.mark.parametrize("command", [("import", "nope.xml"), ("import", "nope.csv"), ("progress", "nope.json")])
def test_a_file_that_is_not_there_is_named(carnet: Any, command: tuple[str, ...]) -> None:
    result = carnet(*command)
    assert (result.code, result.out) == (2, "")
    assert command[1] in result.err
    assert "no such file" in result.err
    assert "internal error" not in result.err
