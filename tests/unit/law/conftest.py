# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from law_folder import HEADS, SHARED, LawFolder

from carnet.cli.main import run


@pytest.fixture
def law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LawFolder:
    """The folder, which is also the working directory."""
    folder = LawFolder(tmp_path / "law")
    for name, text in SHARED.items():
        folder.write(f"rules/{name}", text)
    for code, text in HEADS.items():
        folder.write(f"jurisdictions/{code}/jurisdiction.yaml", text)
    monkeypatch.chdir(folder.root)
    return folder


@pytest.fixture
def carnet(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, list[str]]]:
    """Run a command line: the exit code, and every line it wrote."""

    def call(*args: str) -> tuple[int, list[str]]:
        code = run(list(args))
        captured = capsys.readouterr()
        return code, (captured.out + captured.err).splitlines()

    return call
