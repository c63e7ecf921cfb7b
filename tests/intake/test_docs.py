# SPDX-License-Identifier: Apache-2.0
"""The page on the profile shows what can be read, and names what can stand at the top."""

from __future__ import annotations

import re
from pathlib import Path

import click

from carnet.api import Law
from carnet.declare.layers import TOP_KEYS
from carnet.declare.profile import Profile
from carnet.logic.parse import WRITTEN_OPS

DOCS = Path(__file__).parents[2] / "docs"


def test_every_example_of_the_profile_page_can_be_read(law: Law) -> None:
    examples = re.findall(r"```yaml\n(.*?)```", (DOCS / "profile.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) >= 6
    for text in examples:
        named = text if text.startswith("name:") else f"name: x\n{text}"
        Profile.from_text(named, law.vocabulary, approvals=law.approvals, jurisdictions=law.codes)


def test_the_profile_page_explains_every_key_and_state(law: Law) -> None:
    page = (DOCS / "profile.md").read_text(encoding="utf-8")
    assert [key for key in TOP_KEYS if f"`{key}`" not in page] == []
    assert [state for state in law.vocabulary.approval_fields["state"].values if f"`{state}`" not in page] == []


def test_the_page_on_conditions_explains_every_operator() -> None:
    page = (DOCS / "conditions.md").read_text(encoding="utf-8")
    assert [op for op in WRITTEN_OPS if f"`{op}" not in page] == []


def test_every_page_that_is_named_exists() -> None:
    engine = DOCS.parent / "engine"
    texts = {path: path.read_text(encoding="utf-8") for kind in ("*.py", "*.j2") for path in engine.rglob(kind)}
    named = {(page, path.name) for path, text in texts.items() for page in re.findall(r"docs/[\w/-]+(?:\.md)?", text)}
    assert len(named) > 5
    assert [one for one in sorted(named) if not (DOCS.parent / one[0]).exists()] == []


def test_every_command_that_a_hint_names_exists() -> None:
    from carnet.cli.main import cli

    context = click.Context(cli)
    known = set(cli.list_commands(context))
    texts = [path.read_text(encoding="utf-8") for path in (DOCS.parent / "engine" / "carnet").rglob("*.py")]
    named = {word for text in texts for word in re.findall(r"`carnet ([a-z]+(?:-[a-z]+)*)", text)}
    assert len(named) > 15
    assert named - known == set()
