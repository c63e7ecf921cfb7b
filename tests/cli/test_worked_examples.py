# SPDX-License-Identifier: Apache-2.0
"""Pages that show a command's output show what it prints, apart from numbers that a release of the law may change."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHOWN = re.compile(r"<!-- carnet (.+?) -->\n```text\n(.*?)```", re.DOTALL)
EXAMPLES = [
    pytest.param(command, text, id=f"{page.stem}: {command[:40]}")
    for page in sorted((ROOT / "docs").glob("*.md"))
    for command, text in SHOWN.findall(page.read_text(encoding="utf-8"))
]


def skeleton(text: str) -> list[str]:
    """The lines at the margin up to a colon or number, and every approval that is named at the head of a line."""
    heads = [re.split(r"[:(\d]", line)[0].strip() for line in text.splitlines() if line[:1].strip()]
    return heads + re.findall(r"^ +(?:- )?([A-Z]{2,}-[A-Z0-9-]+)\b", text, re.MULTILINE)


@pytest.mark.parametrize(("command", "text"), EXAMPLES)
def test_a_page_shows_what_is_printed(carnet: Callable[..., Any], command: str, text: str) -> None:
    args = [str(ROOT / arg) if arg.startswith("examples/") else arg for arg in shlex.split(command)]
    result = carnet(*args)
    assert result.code in (0, 1), result.err
    assert skeleton(text) == skeleton(result.out), "run `make readme`"


def test_there_are_such_pages() -> None:
    assert len(EXAMPLES) >= 2


def test_the_python_of_the_page_on_changes_runs(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "impact.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert code
    exec(compile(code[1].replace('"examples/', f'"{ROOT}/examples/'), "impact.md", "exec"), {})
    assert "not_known" in capsys.readouterr().out
