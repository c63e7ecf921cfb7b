# SPDX-License-Identifier: Apache-2.0
"""An attempt or two of every hunt, so that none rots; `make hunt` makes as many as ten minutes hold."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

pytest.importorskip("pyarrow")
sys.path.insert(0, str(Path(__file__).parent))

from hunt_world import Broken, World
from hunting import HUNTS, attempt, main


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("hunt"))


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name == "killed")) for name in HUNTS])
def test_a_few_attempts_find_nothing(name: str, world: World) -> None:
    for number in range(1 if name in ("killed", "fleet", "forgetting") else 3):
        assert attempt(world, name, 2026, number) == ""


def test_what_is_found_is_told_and_can_be_repeated(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(rng: random.Random, world: World) -> None:
        raise Broken(f"drew {rng.random()}")

    monkeypatch.setitem(HUNTS, "options", broken)
    monkeypatch.setattr("sys.argv", ["hunting", "--minutes", "0.0005", "--seed", "7", "--only", "options"])
    assert main() == 1
    said = capsys.readouterr().out
    assert said.startswith("seed 7\nFOUND --only options --seed 7 --attempt 0: drew ")
    first = said.splitlines()[1].partition(": ")[2]
    monkeypatch.setattr("sys.argv", ["hunting", "--seed", "7", "--only", "options", "--attempt", "0"])
    assert main() == 1
    assert capsys.readouterr().out == f"seed 7\n{first}\n"
