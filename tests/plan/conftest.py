# SPDX-License-Identifier: Apache-2.0
"""Command lines run in this process, as `carnet` runs them: every error handled, the exit code returned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from carnet.cli.main import run

PROFILE = """\
name: Test shuttle
complete: [approvals]
vehicle: {category: M1, seats: 5}
automation: {sae_level: 4, max_speed_kmh: 60}
operation: {phase: commercial, service: robotaxi, driver_on_board: false}
"""


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


@pytest.fixture
def carnet(capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    def call(*args: object) -> Result:
        code = run([str(arg) for arg in args])
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return call


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    file = tmp_path / "profile.yaml"
    file.write_text(PROFILE, encoding="utf-8")
    return file
