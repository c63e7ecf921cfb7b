# SPDX-License-Identifier: Apache-2.0
"""Hostile texts of profiles and packs through every format: none of them acts; the same report is the same bytes."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

import carnet
from carnet.addresses import web_address
from carnet.cli.main import run
from carnet.report.formats import FORMATS
from carnet.report.inert import clean_text, to_json

ROOT = Path(__file__).resolve().parents[2]
UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff\ufffe\ud800-\udfff]"
)
HOSTILE = (
    "\"'></title></script></style>--><script>alert(1)</script><img src=x onerror=alert(1)>' onmouseover=alert(1) "
    "&#x3c; =HYPERLINK(1) {{7*7}} {% x %} |pipe| `tick` [a](javascript:alert(1)) **b** \u202eRTL\u2066 \x1b[31mESC\x07 "
    "\x9b c1 \x00nul \ufffe \r\nSUMMARY:evil \u2028ls \x0b \U0001f600"
)
QUOTED = json.dumps(HOSTILE).replace("\\ud83d\\ude00", "\\U0001f600")  # as YAML writes it
PROFILE: dict[str, Any] = {
    "name": HOSTILE,
    "description": HOSTILE,
    "vehicle": {"category": "M1", "seats": 5},
    "automation": {"sae_level": 3, "max_speed_kmh": 60},
    "operation": {"phase": "pilot", "start_date": "2027-09-01"},
    "waivers": [{"rule": "eu.data-act.third-country", "reason": HOSTILE, "by": HOSTILE, "until": "2099-01-01"}],
    "approvals": {"UN-R157": {"held": True, "granted_by": HOSTILE, "certificate": HOSTILE, "area": [HOSTILE]}},
    "features": {"a-1": {"automation": {"sae_level": 3}}, "b_2": {"automation": {"sae_level": 2}}},
}
PACK = """\
jurisdiction: {id: XX, name: %(text)s, kind: state, drives_on: right, currency: EUR, languages: [en], summary: %(text)s}
instruments: [{id: xx.law, title: %(text)s, kind: statute, url: "%(url)s"}]
rules:
  - id: xx.speed
    title: %(text)s
    text: %(text)s
    topic: operations
    cites: [{instrument: xx.law, provision: %(text)s, url: "%(url)s"}]
    in_force: {from: 2020-01-01}
    confidence: primary
    duty_holder: operator
    severity: blocking
    requires: {automation.max_speed_kmh: {lte: 30}}
    remedy: {text: %(text)s}
    evidence: %(text)s
    note: %(text)s
    tests:
      - {given: {automation.max_speed_kmh: 31}, expect: gap}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "p.json").write_text(json.dumps(PROFILE), encoding="utf-8")
    for url in ("javascript:alert(1)", "data:text/html,x"):
        home = folder / url[:4] / "jurisdictions" / "XX"
        home.mkdir(parents=True)
        (home / "all.yaml").write_text(PACK % {"text": QUOTED, "url": url}, encoding="utf-8")
    return folder


COMMANDS = {
    **{name: ["check", "-f", name, "--fail-on", "never"] for name in FORMATS},
    **{f"timeline {name}": ["timeline", "-f", name] for name in ("terminal", "json", "html", "ical")},
    **{f"compare {name}": ["compare", "-f", name] for name in ("terminal", "json", "html", "csv", "xlsx")},
    "questions": ["questions"],
    "whatif": ["whatif", "--set", "automation.max_speed_kmh=20"],
    "market": ["market", "XX"],
    "rule": ["rule", "xx.speed"],
    "markets": ["markets"],
    "instrument": ["instrument", "xx.law"],
    "questions json": ["questions", "-f", "json"],
}


@pytest.mark.parametrize("kind", COMMANDS)
@pytest.mark.parametrize("pack", ["java", "data"])
def test_hostile_texts(
    kind: str, pack: str, folder: Path, tmp_path: Path, capsysbinary: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where such addresses got past the reader of packs."""
    monkeypatch.setattr("carnet.law.words.web_address", str)
    command, *more = COMMANDS[kind]
    out = tmp_path / "out"
    where = ["-o", str(out)] if "-f" in more and command != "questions" else []
    if command in ("market", "rule", "markets", "instrument"):
        words = [command, *more]
    else:
        words = [command, str(folder / "p.json"), "-m", "DE,XX", "--as-of", "2027-01-01", *more, *where]
    code = run([*words, "--law", str(folder / pack)])
    captured = capsysbinary.readouterr()
    assert (code, captured.err.split()) == (0, [b"wrote", str(out).encode()] if where and captured.err else [])
    raw = out.read_bytes() if where else captured.out
    for text in [raw.decode("utf-8")] if not raw.startswith(b"PK") else unzipped(raw):
        assert not UNSAFE.search(text)
        assert "\r" not in text.replace("\r\n", "")
        if text.startswith("{"):
            assert not any(UNSAFE.search(part) for part in texts(json.loads(text)))
            assert not [part for part in texts(json.loads(text)) if part.startswith(("javascript:", "data:"))]
        assert 'href="javascript' not in text
        assert 'href="data' not in text
        assert "](<javascript" not in text
        assert "<script>alert" not in text or not text.startswith("<")
        assert "\nSUMMARY:evil" not in text or "ical" not in kind


def unzipped(raw: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        return [book.read(name).decode("utf-8") for name in book.namelist()]


def texts(data: Any) -> list[str]:
    if isinstance(data, dict):
        return [*data, *(part for value in data.values() for part in texts(value))]
    if isinstance(data, list):
        return [part for item in data for part in texts(item)]
    return [data] if isinstance(data, str) else []


@given(st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_is_clean_and_otherwise_the_same(data: Any) -> None:
    read = json.loads(to_json(data))
    assert not any(UNSAFE.search(part) for part in texts(read))
    if not any(clean_text(part) != part or "\r" in part for part in texts(data)):
        assert read == data


@settings(max_examples=300)
@given(st.text())
def test_cleaning_is_complete_and_leaves_lines(text: str) -> None:
    cleaned = clean_text(text)
    assert not UNSAFE.search(cleaned)
    assert len(cleaned) == len(text)
    assert cleaned.count("\n") == text.count("\n")
    assert clean_text(cleaned) == cleaned


@pytest.mark.parametrize(
    "address",
    [
        "", "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "vbscript:x",
        "data:text/html,x", "file:///etc/passwd", "//host/x", "https:", "https://", "http://a b", "https://x/\u202e",
        "https://x/<b>", "http://[x", "https://x/\"onclick", "x", "#x",
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_web(address: str) -> None:
    assert web_address(address) == ""


@pytest.mark.parametrize(
    "address", ["https://law.example/a?b=c&d=e#f", "http://law.example:8080/", "HTTPS://x.example/é"]
)
def test_addresses_of_the_web(address: str) -> None:
    assert web_address(address) == address


SAME = """
import sys, time
from carnet.cli.main import run
later = int(sys.argv.pop(1))
real, clock = time.time, time.localtime
time.time = lambda: real() + later
time.localtime = lambda *at: clock(*(at or (time.time(),)))
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    "kind", [kind for kind, words in COMMANDS.items() if "-f" in words and not kind.startswith("questions")]
)
def test_the_same_receipt_gives_the_same_bytes(kind: str, tmp_path: Path) -> None:
    """Whatever the hour, the hash seed and the directory of the output."""
    command, *more = COMMANDS[kind]
    made = []
    for seed, later in (("1", 0), ("2", 100_000)):
        out = tmp_path / seed
        words = [command, str(ROOT / "examples" / "sedan-l3.yaml"), "-m", "SG,JP", "--as-of", "2027-01-01", *more]
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "engine")}
        subprocess.run([sys.executable, "-c", SAME, str(later), *words, "-o", str(out)], check=True, env=env)
        made.append(out.read_bytes())
    assert made[0] == made[1]


def test_a_check_of_a_hostile_profile_says_what_it_says() -> None:
    """Cleaning is for files: the library gives back what was declared."""
    profile = carnet.Profile.from_dict(PROFILE)
    assert carnet.load_law().check(profile, "DE").profile["name"] == HOSTILE
