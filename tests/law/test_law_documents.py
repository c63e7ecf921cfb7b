# SPDX-License-Identifier: Apache-2.0
"""The pages about the law name rules that exist, and their tables are those of the law."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import carnet

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`((?:route:)?[a-z]{2,5}(?:-[a-z]{2})?\.[a-z0-9][a-z0-9.-]*)`")


@pytest.fixture(scope="module")
def law() -> carnet.Law:
    return carnet.load_law()


def test_tables_are_written_from_the_law() -> None:
    command = [sys.executable, str(ROOT / "tools" / "law_documents.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", ["law-mechanisms.md", "ways-abroad.md"])
def test_rules_and_routes_named_exist(page: str, law: carnet.Law) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    routes = {route.id for code in law.codes for route in law.jurisdiction(code).routes}
    facts = set(law.vocabulary.facts)
    names = [name for name in NAMED.findall(text) if name not in facts]
    assert len(names) > 30
    for name in names:
        assert name.removeprefix("route:") in routes if name.startswith("route:") else law.rule(name), name


def test_the_ways_abroad_are_those_of_the_law(law: carnet.Law) -> None:
    text = (ROOT / "docs" / "ways-abroad.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| [^|]+\| `(\w+)` \|", text, re.MULTILINE)) == set(law.bearers.entry_modes)


def test_every_page_of_the_review_is_linked() -> None:
    index = (ROOT / "docs" / "law-review.md").read_text(encoding="utf-8")
    pages = {path.name for path in (ROOT / "docs" / "law-review").glob("*.md")}
    assert set(re.findall(r"\(law-review/([a-z-]+\.md)\)", index)) == pages
