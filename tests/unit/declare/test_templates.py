# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

import pytest

from carnet.api import Law, load_law
from carnet.declare.profile import Profile

TEMPLATES = sorted((Path(__file__).parents[3] / "rules" / "templates").glob("*.yaml"))


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law()


def test_there_is_a_template_for_each_kind_of_company() -> None:
    expected = {"delivery-robot", "driverless-bus", "l2-export", "l3-car", "robotaxi", "truck"}
    assert {path.stem for path in TEMPLATES} >= expected


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_templates_follow_the_vocabulary(path: Path, law: Law) -> None:
    profile = Profile.from_file(path, law.vocabulary, approvals=law.approvals, jurisdictions=law.codes)
    assert profile.content.name
    assert path.read_text(encoding="utf-8").startswith("# ")


def test_what_is_asked_first_is_asked_once(law: Law) -> None:
    asked = [question.path for question in law.vocabulary.first]
    assert 20 <= len(asked) == len(set(asked))
