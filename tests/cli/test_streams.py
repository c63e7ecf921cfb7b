# SPDX-License-Identifier: Apache-2.0
"""Streams that are closed, full or without end: one sentence and the documented exit code, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from carnet.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
CARNET = f'"{sys.executable}" -m carnet'
posix = pytest.mark.skipif(os.name == "nt", reason="streams of a POSIX shell")


def shell(command: str, **extra: str) -> tuple[int, str, str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT / "engine"), **extra}
    line = ["bash", "-c", f"set -o pipefail; {command}"]
    done = subprocess.run(line, capture_output=True, text=True, env=env, check=False, timeout=60)
    return done.returncode, done.stdout, done.stderr


@posix
@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("check {p} -m SG > /dev/full", "standard output cannot be written (no space left on device)\n"),
        ("check {p} -m SG -f json > /dev/full", "standard output cannot be written (no space left on device)\n"),
        ("markets > /dev/full", "standard output cannot be written (no space left on device)\n"),
        ("--help > /dev/full", "standard output cannot be written (no space left on device)\n"),
        ("check {p} -m SG >&-", "standard output is closed; name a file with `--output`\n"),
        ("check {p} -m SG -f json >&-", "standard output is closed; name a file with `--output`\n"),
        ("check {p} -m SG -f xlsx >&-", "standard output is closed; name a file with `--output`\n"),
        ("check - -m SG <&-", "<stdin>: is closed; name a file\n"),
        ("check - -m SG < /dev/zero", "<stdin>: is larger than 4096 KiB; split it or name another file\n"),
        ("check /dev/zero -m SG", "/dev/zero: is larger than 4096 KiB; split it or name another file\n"),
        ("diff - {p} < /dev/null", "<stdin>: is empty; `carnet init` starts a profile\n"),
        ("check none.yaml -m SG 2>&-", ""),
        ("check none.yaml -m SG 2>/dev/full", ""),
    ],
)
def test_a_stream_that_takes_or_gives_nothing(command: str, expected: str, profile: Path) -> None:
    code, _, err = shell(f"{CARNET} {command.format(p=profile)}")
    assert (code, err) == (2, expected)


@posix
@pytest.mark.parametrize("command", ["markets", "check {p} --all -f json", "--help", "schema profile"])
def test_a_reader_that_has_gone_away(command: str, profile: Path) -> None:
    """Whether it was gone before or while we wrote."""
    for reader in ("true", "head -c 5 > /dev/null"):
        code, _, err = shell(f"{CARNET} {command.format(p=profile)} | {reader}")
        assert (code, err) in ((141, ""), (0, ""), (1, "")), reader
    code, _, err = shell(f"{CARNET} {command.format(p=profile)} | (exec 0<&-; sleep 3)")
    assert (code, err) == (141, "")


@posix
def test_a_pipe_and_a_device_are_read_as_files_are(profile: Path, tmp_path: Path) -> None:
    expected = shell(f"{CARNET} check {profile} -m SG -f json --fail-on never")[1]
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    for command in (
        f"{CARNET} check <(cat {profile}) -m SG -f json --fail-on never",
        f"cat {profile} > {pipe} & {CARNET} check {pipe} -m SG -f json --fail-on never",
        f"{CARNET} check /dev/stdin -m SG -f json --fail-on never < {profile}",
    ):
        code, out, err = shell(command)
        assert (code, err) == (0, "")
        assert json.loads(out)["markets"] == json.loads(expected)["markets"]


@posix
@pytest.mark.parametrize("form", ["json", "csv", "sarif", "junit", "oscal", "markdown", "html"])
def test_what_programs_read_is_utf8_whatever_the_locale(form: str, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("name: Fähre Süd 大\nvehicle: {category: M1}\n", encoding="utf-8")
    command = f"{CARNET} check {tmp_path}/p.yaml -m DE -f {form} --as-of 2027-01-01 --fail-on never"
    same = []
    for extra in ({"PYTHONIOENCODING": "cp1252"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONUTF8": "1"}):
        file = tmp_path / "out"
        code, _, err = shell(f"{command} > {file}", **{"PYTHONUTF8": "0", **extra})
        assert (code, err) == (0, "")
        same.append(file.read_bytes())
    assert same[0] == same[1] == same[2]
    assert ("StVG §" if form == "csv" else "Fähre Süd 大") in same[0].decode("utf-8")
    assert b"\r\n" not in same[0] or form == "csv"


@posix
def test_a_terminal_of_another_encoding_gets_what_it_can_show(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("name: Fähre 大\nvehicle: {category: M1}\n", encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(ROOT / "engine"), "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "carnet", "check", str(tmp_path / "p.yaml"), "-m", "DE", "--fail-on", "never"]
    done = subprocess.run(command, capture_output=True, env=env, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Fähre \\u5927" in done.stdout.decode("cp1252")


def test_an_interruption_while_a_library_is_imported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Modules in C make an ImportError of it, which was an internal error."""

    def interrupted(*args: object, **options: object) -> None:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as error:
            raise ImportError("initialization failed") from error

    monkeypatch.setattr("carnet.cli.main.cli.main", interrupted)
    assert run(["markets"]) == 130
    assert capsys.readouterr().err == "interrupted\n"
