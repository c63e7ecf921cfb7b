# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from carnet.api import Law, load_law
from carnet.declare.values import Names
from carnet.intake.answers import Answers
from carnet.intake.places import PlaceNames


@pytest.fixture(scope="session")
def law() -> Law:
    return load_law()


@pytest.fixture(scope="session")
def names(law: Law) -> Names:
    return Names(law.vocabulary, frozenset(law.approvals), frozenset(law.codes))


@pytest.fixture(scope="session")
def answers(law: Law, names: Names) -> Answers:
    return Answers(names, PlaceNames({code: law.head(code).name for code in law.codes}))


@pytest.fixture
def carnet_profile(tmp_path: Path) -> Callable[[str], Path]:
    """Writes the text of a profile into a file."""

    def write(text: str) -> Path:
        file = tmp_path / "profile.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    return write
