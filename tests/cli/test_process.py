# SPDX-License-Identifier: Apache-2.0
"""The command as a process: start-up imports, pipes, terminals, colour and crashes."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from carnet import __version__
from carnet.assess.model import Outcome
from carnet.cli import output, progress
from carnet.cli.check import fails
from carnet.cli.main import ENTRIES, LazyGroup, _drop_output, cli, main, run
from carnet.report.formats import FORMATS, Format

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("numpy", "pyarrow", "duckdb", "fastapi", "ortools", "openpyxl", "jinja2", "babel", "pyspark", "jsonschema")


def environment(**extra: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "engine"), **extra}


def python(*args: object, **extra: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, env=environment(**extra), check=False)


def test_a_check_imports_nothing_heavy(profile: Path) -> None:
    code = (
        "import sys; from carnet.cli.main import run; run(['check', sys.argv[1], '-m', 'DE-BY']);"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    assert python("-c", code, profile).stderr.strip() == "[]"


def test_importing_the_package_does_nothing() -> None:
    code = "import sys, carnet; print([n for n in sys.modules if n.startswith(('carnet.', 'yaml', 'pydantic'))])"
    assert python("-c", code).stdout.strip() == "[]"


def test_a_closed_pipe_is_quiet(profile: Path) -> None:
    command = f'"{sys.executable}" -m carnet check "{profile}" --all -f json | head -c 10'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=environment(), check=False)
    assert done.stdout.startswith("{")
    assert done.stderr == ""


def test_an_ascii_terminal_gets_escapes_instead_of_a_crash(profile: Path) -> None:
    done = python("-m", "carnet", "check", profile, "-m", "DE", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 1
    assert done.stderr == ""


@pytest.mark.parametrize(("extra", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_colour_only_for_terminals_that_want_it(extra: dict[str, str], coloured: bool, profile: Path) -> None:
    leader, follower = pty.openpty()
    env = environment(TERM="xterm", COLUMNS="80") | extra
    if "NO_COLOR" not in extra:
        env.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "carnet", "market", "SG"]
    done = subprocess.Popen(command, stdout=follower, stderr=subprocess.DEVNULL, env=env)
    os.close(follower)
    text = b""
    while chunk := _read(leader):
        text += chunk
    os.close(leader)
    assert done.wait() == 0
    assert (b"\x1b[" in text) is coloured


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 65536)
    except OSError:
        return b""


def test_a_crash_is_one_line_and_a_traceback_only_on_demand(
    carnet: Callable[..., Any], profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: object) -> None:
        raise ZeroDivisionError("a bug\nof ours")

    monkeypatch.setattr("carnet.cli.options.load_law", crash)
    result = carnet("check", profile, "-m", "DE")
    assert result.code == 2
    assert result.err.startswith("internal error (ZeroDivisionError: a bug of ours); please report it")
    assert len(result.err.splitlines()) == 1
    monkeypatch.setenv("CARNET_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run(["check", str(profile), "-m", "DE"])


def test_an_interrupt_is_one_line(carnet: Callable[..., Any], profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("carnet.cli.options.load_law", interrupt)
    result = carnet("check", profile, "-m", "DE")
    assert (result.code, result.err.strip()) == (130, "interrupted")


def test_a_missing_extra_is_named(carnet: Callable[..., Any], profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("carnet.report.formats.find_spec", lambda name: None)
    monkeypatch.setitem(FORMATS, "csv", Format("csv", (".csv",), "nothing", "reports"))
    result = carnet("check", profile, "-m", "DE", "-f", "csv")
    assert result.code == 2
    assert result.err == "`carnet check -f csv` needs the extra `reports`; pip install 'carnet-law[reports]'\n"


def test_a_command_whose_library_is_missing_names_its_extra(
    carnet: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENTRIES, "fleet", ENTRIES["check"]._replace(module="ghost", extra="fleet"))
    for missing, needle in (("pyarrow", "pip install 'carnet-law[fleet]'"), ("carnet.cli.ghost", "internal error")):

        def lacking(name: str, missing: str = missing) -> None:
            raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)

        monkeypatch.setattr("carnet.cli.main.import_module", lacking)
        result = carnet("fleet")
        assert result.code == 2
        assert needle in result.err
        assert len(result.err.splitlines()) == 1


def test_a_closed_pipe_has_the_exit_code_of_a_shell(
    carnet: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def close(*args: object, **options: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("carnet.cli.main.cli.main", close)
    monkeypatch.setattr("carnet.cli.main._drop_output", lambda: None)
    assert carnet("markets").code == 141


def test_the_console_script_returns_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["carnet", "chek"])
    with pytest.raises(SystemExit) as exit_:
        main()
    assert exit_.value.code == 2


def test_what_a_user_typed_cannot_move_the_cursor(carnet: Callable[..., Any]) -> None:
    assert carnet("rule", "x\x1b[2J\x07y").err.startswith("unknown rule `x\\x1b[2J\\x07y`;")


def test_files_are_written_with_the_users_mode_and_links_are_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    link.symlink_to(target)
    output.write_whole(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o640
    output.write_whole(tmp_path / "fresh", b"x")
    assert (tmp_path / "fresh").stat().st_mode & 0o777 == 0o666 & ~output._umask()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fresh", "link", "target"]


def test_a_device_is_written_to_and_not_replaced() -> None:
    output.write_whole(Path(os.devnull), b"x")
    assert not Path(os.devnull).is_file()


def test_binary_formats_do_not_go_to_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    with pytest.raises(Exception, match="not text"):
        output.emit(b"x", "")


def test_progress_shows_only_on_a_terminal_and_only_after_a_second(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for terminal, patience in ((False, 0.0), (True, 60.0)):
        monkeypatch.setattr(progress, "_is_terminal", lambda terminal=terminal: terminal)
        monkeypatch.setattr(progress, "PATIENCE_S", patience)
        with progress.Progress(2) as step, progress.waiting("Reading"):
            step("DE")
        assert "DE" not in capsys.readouterr().err
    monkeypatch.setattr(progress, "PATIENCE_S", -1.0)
    with progress.Progress(2) as step:
        step("DE")
        step("SG")
    assert "2/2 SG" in capsys.readouterr().err


def test_what_fails_at_which_threshold() -> None:
    sys.path.insert(0, str(ROOT / "tests" / "report"))
    import report_samples as samples

    bavaria, dubai, japan = (samples.report(market) for market in (samples.bavaria(), samples.dubai(), samples.japan()))
    table = {"blocking": (True, False), "major": (True, True), "any": (True, True), "never": (False, False)}
    for level, expected in table.items():
        assert (fails(bavaria, level), fails(dubai, level)) == expected, level
        assert not fails(japan, level)
    assert not fails(japan, "undetermined")
    waits = samples.report(samples.japan()._replace(outcome=Outcome.UNDETERMINED, findings=()))
    assert [fails(waits, level) for level in (*table, "undetermined")] == [False, False, False, False, True]


def test_binary_formats_go_into_a_pipe(profile: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    pytest.importorskip("openpyxl")
    assert run(["check", str(profile), "-m", "SG", "-f", "xlsx", "--fail-on", "never"]) == 0
    assert capsysbinary.readouterr().out.startswith(b"PK")


def test_what_nobody_reads_is_dropped(capfd: pytest.CaptureFixture[str]) -> None:
    before = os.dup(1)
    try:
        _drop_output()
        os.write(1, b"lost")
    finally:
        os.dup2(before, 1)
        os.close(before)
    os.write(1, b"read")
    assert capfd.readouterr().out == "read"


def test_streams_that_cannot_be_told_how_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr("sys.stdout", out)
    assert run(["--version"]) == 0
    assert out.getvalue() == f"carnet {__version__}\n"


def test_a_command_that_is_not_there() -> None:
    assert isinstance(cli, LazyGroup)
    context = cli.make_context("carnet", ["markets"])
    assert cli.get_command(context, "ghost") is None
    assert set(cli.list_commands(context)) == set(ENTRIES)


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("carnet quest", ["plain,questions", "plain,questionnaire"]),
        ("carnet check prof", ["file,prof"]),
        ("carnet check p.yaml -m de,ae-d", ["plain,de,AE-DU"]),
        ("carnet fact automation.sae_l", ["plain,automation.sae_level", "plain,automation.sae_level_installed"]),
        ("carnet whatif p.yaml --set odd.max_speed", ["plain,odd.max_speed_kmh="]),
        ("carnet rule de.traffic.zebr", ["plain,de.traffic.zebra"]),
        ("carnet instrument un-r157", ["plain,UN-R157"]),
    ],
)
def test_a_shell_can_complete(words: str, offered: list[str]) -> None:
    typed = {"COMP_WORDS": words, "COMP_CWORD": str(words.count(" ")), "_CARNET_COMPLETE": "bash_complete"}
    assert python("-m", "carnet", **typed).stdout.split() == offered
