# SPDX-License-Identifier: Apache-2.0
"""Very many errors: the first with their places, how many more, and all of them in a file where one asks for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

UNKNOWN = 3000
FILES = {
    "profile": ("p.yaml", "".join(f"zz_{n}: 1\n" for n in range(UNKNOWN)), ["check", "-m", "DE"]),
    "approvals": (
        "p.yaml",
        "approvals:\n" + "".join(f"  ZZ-{n}: held\n" for n in range(UNKNOWN)),
        ["check", "-m", "DE"],
    ),
    "columns": ("t.csv", f"profile,{','.join(f'zz_{n}' for n in range(UNKNOWN))}\na\n", ["fleet", "-m", "DE"]),
}


@pytest.mark.parametrize("kind", FILES)
def test_the_first_are_told_and_all_are_written(
    kind: str, carnet: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyarrow")
    name, text, (command, *words) = FILES[kind]
    file, out = tmp_path / name, tmp_path / "out.csv"
    file.write_text(text, encoding="utf-8")
    told = carnet(command, file, *words, "-o", out)
    assert (told.code, told.out) == (2, "")
    lines = told.err.splitlines()
    assert len(lines) == 51
    assert all(line.startswith(f"{file}:") for line in lines[:50])
    assert lines[50] == f"and {UNKNOWN - 50} more; CARNET_ERRORS=errors.json writes all of them to that file"
    whole = tmp_path / "errors.json"
    monkeypatch.setenv("CARNET_ERRORS", str(whole))
    told = carnet(command, file, *words, "-o", out)
    assert told.err.splitlines()[51:] == [f"{UNKNOWN} errors written to {whole}"]
    errors = json.loads(whole.read_text("utf-8"))["errors"]
    assert len(errors) == UNKNOWN
    assert all(error["file"] == str(file) and error["line"] and error["message"] for error in errors)
    assert carnet(command, file, *words, "-o", out).err == told.err, "its own file may be written again"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["errors.json", name])


def test_no_other_file_is_written_over(
    carnet: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "p.yaml"
    file.write_text("zz: 1\n", encoding="utf-8")
    monkeypatch.setenv("CARNET_ERRORS", str(file))
    told = carnet("check", file, "-m", "DE")
    last = f"CARNET_ERRORS: {file}: holds something else and is not overwritten; name another file"
    assert (told.code, told.err.splitlines()[1:]) == (2, [last])
    assert file.read_text("utf-8") == "zz: 1\n"
