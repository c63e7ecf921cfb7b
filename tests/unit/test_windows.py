# SPDX-License-Identifier: Apache-2.0
"""What Windows does otherwise, simulated: no owners and modes, no fork, other paths, line ends, encodings, pipes.

Windows itself is not at hand; these stand for it, and `requires` of the wheel for machines without a compiler.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path, PureWindowsPath

import pytest
from packaging.requirements import Requirement

from carnet.cli.main import run
from carnet.errors import Place
from carnet.law import cache, locate
from carnet.pickles import Pickles
from carnet.source import parse_source, source_of

ROOT = Path(__file__).resolve().parents[2]
ENGINE = sorted((ROOT / "engine").rglob("*.py"))
MACHINES = [
    {"sys_platform": system, "python_version": version, "python_full_version": f"{version}.1", "extra": ""}
    for system in ("win32", "linux", "darwin")
    for version in ("3.11", "3.12", "3.13", "3.14")
]


@pytest.mark.parametrize(
    "machine", MACHINES, ids=lambda machine: "-".join([machine["sys_platform"], machine["python_version"]])
)
def test_durable_rules_is_asked_for_only_where_it_can_be_built(machine: dict[str, str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [Requirement(text) for text in project["dependencies"]]
    names = {each.name for each in wanted if each.marker is None or each.marker.evaluate(machine)}
    assert ("durable-rules" in names) is (machine["sys_platform"] != "win32" and machine["python_version"] < "3.13")
    assert {"click", "pydantic", "pyyaml"} <= names


def test_constraints_agree_with_the_requirements() -> None:
    lines = [Requirement(line) for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(text for texts in project["optional-dependencies"].values() for text in texts),
    ]
    for text in wanted:
        need = Requirement(text)
        for machine in MACHINES:
            if need.name != "carnet-law" and (need.marker is None or need.marker.evaluate(machine)):
                pins = [each for each in lines if each.name == need.name]
                pins = [each for each in pins if each.marker is None or each.marker.evaluate(machine)]
                assert len(pins) == 1, (text, machine)
                (version,) = pins[0].specifier
                assert version.operator == "=="
                assert need.specifier.contains(version.version)
    assert not [line for line in lines if line.url]


@pytest.mark.parametrize("path", ENGINE, ids=lambda path: str(path.relative_to(ROOT / "engine")))
def test_no_module_needs_what_windows_has_not(path: Path) -> None:
    text = path.read_text("utf-8")
    for module in ("fcntl", "pwd", "grp", "resource", "termios", "pty"):
        guarded = f"try:\n    import {module}\nexcept ImportError:"  # with another way for where it is missing
        assert f"import {module}" not in text or guarded in text
    for name in ("os.fork", "SIGKILL", "SIGHUP", "SIGPIPE", "os.getuid", "os.uname", '"/dev/', '"/tmp'):
        assert name not in text, name
    for line in text.splitlines():
        opens = ("read_text(", "write_text(", ".open(", " open(")
        if any(word in line for word in opens) and '"rb"' not in line and '"wb"' not in line:
            own = (
                "os.open(",
                "Law.open(",
                "_open(",
                "webbrowser",
                "Image.open",
                "zipfile",
                "def ",
                "formatter.",
                "evidence.open(",
                "archive.open(",
            )
            assert "utf-8" in line or any(word in line for word in own), line


def test_without_owners_and_modes_the_cache_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("geteuid", "getuid", "fork"):
        monkeypatch.delattr(os, name, raising=False)
    monkeypatch.delattr(os, "O_NOFOLLOW", raising=False)
    monkeypatch.delenv("CARNET_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    Pickles("part").write("name", 5)
    (tmp_path / "carnet" / "key").chmod(0o666)  # what a mode says there
    assert Pickles("part").read("name") == 5
    assert (tmp_path / "carnet" / "part" / "name.pickle").is_file()


def test_law_is_read_to_be_hashed_where_no_change_of_state_is_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    law = tmp_path / "jurisdictions" / "XX"
    law.mkdir(parents=True)
    (law / "a.yaml").write_text("rules: []\n", encoding="utf-8")
    monkeypatch.setattr(cache, "SETTLED_NS", 0)
    monkeypatch.setattr("carnet.law.cache.os", _Windows())
    before = cache.content_hash([tmp_path])
    state = (law / "a.yaml").stat()
    (law / "a.yaml").write_text("notes: []\n", encoding="utf-8")
    os.utime(law / "a.yaml", ns=(state.st_atime_ns, state.st_mtime_ns))
    assert cache.content_hash([tmp_path]) != before


class _Windows:
    """The module `os` under another name of the system."""

    name = "nt"

    def __getattr__(self, name: str) -> object:
        return getattr(os, name)


def test_files_of_law_have_one_order_whatever_separates_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["jurisdictions/DE/a.yaml", "jurisdictions/DE-BY/a.yaml", "jurisdictions/DE1/a.yaml", "rules/x.yaml"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("rules: []\n", encoding="utf-8")
    here = [Path(name).relative_to(tmp_path).as_posix() for name, _ in locate.walk_law(tmp_path)]
    assert here == sorted(names)
    backslashes = [str(PureWindowsPath(name)) for name in names]
    assert sorted(backslashes, key=lambda name: name.replace("\\", "/")) == [
        str(PureWindowsPath(name)) for name in here
    ]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_line_ends_mean_nothing(ends: str) -> None:
    text = ends.join(["name: x", "odd:", "  snow: true", "waivers:", "  - {rule: a, reason: >-", "    b", "    c}", ""])
    text = ends.join(["name: x", "description: >-", "  one", "  two", "odd: {snow: true}", ""])
    source = source_of(text.encode(), "p.yaml")
    assert source.data == {"name": "x", "description": "one two", "odd": {"snow": True}}
    assert str(source.place(("odd", "snow"))) == "p.yaml:5:7"


def test_a_byte_order_mark_means_nothing() -> None:
    assert source_of(b"\xef\xbb\xbfname: x\r\n", "p.yaml").data == {"name": "x"}


def test_places_name_drives_and_backslashes_as_they_are() -> None:
    assert str(Place(r"C:\Users\José\p.yaml", 3, 4)) == r"C:\Users\José\p.yaml:3:4"
    assert str(parse_source("a: 1", r"C:\p.yaml").place(("a",))) == r"C:\p.yaml:1:1"


def test_a_closed_pipe_as_windows_says_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def closed(*args: object, **options: object) -> None:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr("carnet.cli.main.cli.main", closed)
    monkeypatch.setattr("carnet.cli.main._drop_output", lambda: None)
    assert run(["markets"]) == 2
    assert capsys.readouterr().err == "standard output cannot be written (invalid argument)\n"
    monkeypatch.setattr("carnet.cli.main.WINDOWS", True)
    assert run(["markets"]) == 141
    assert capsys.readouterr().err == ""


CONSOLE = """
import os, sys
for name in ("fork", "geteuid", "getuid", "O_NOFOLLOW", "mkfifo", "register_at_fork"):
    if hasattr(os, name):
        delattr(os, name)
import signal
for name in ("SIGPIPE", "SIGKILL", "SIGHUP", "SIGALRM"):
    if hasattr(signal, name):
        delattr(signal, name)
sys.modules["durable"] = None
from carnet.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    "words", [["check", "-m", "DE,FR"], ["compare", "-m", "SG"], ["timeline", "-m", "SG"], ["questions", "-m", "DE"]]
)
def test_commands_on_a_machine_without_all_that(words: list[str], tmp_path: Path) -> None:
    """Console of code page 1252, no UTF-8 mode, no durable-rules, nothing that only POSIX knows."""
    folder = tmp_path / "Ä ö & (1)"
    folder.mkdir()
    file = folder / "prüfung.yaml"
    file.write_bytes("name: Prüfung 車\r\nvehicle: {category: M1}\r\n".encode())
    env = {**os.environ, "PYTHONPATH": str(ROOT / "engine"), "PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1252"}
    command = [sys.executable, "-c", CONSOLE, words[0], str(file), *words[1:], "--as-of", "2027-01-01"]
    done = subprocess.run(command, capture_output=True, env=env, check=False, cwd=tmp_path)
    assert done.returncode in (0, 1), done.stderr
    assert done.stderr == b""
    text = done.stdout.decode("cp1252")
    assert words[0] not in ("check", "compare") or "Prüfung \\u8eca" in text


@pytest.mark.parametrize(
    ("words", "made"),
    [
        (["fleet", "t.csv", "-m", "DE", "--as-of", "2027-01-01", "-o", "o.csv"], ["o.csv"]),
        (["fleet", "t.csv", "-m", "DE", "--as-of", "2027-01-01", "-o", "folder"], ["folder"]),
        (["plan", "p.yaml", "-m", "SG", "-o", r"C:\Users\plan.json"], [r"C:\Users\plan.json"]),
        (["questionnaire", "p.yaml", "-m", "SG", "-o", "q.xlsx"], ["q.xlsx"]),
        (["law", "install", "law.zip"], []),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_files_are_made_on_a_machine_without_all_that(words: list[str], made: list[str], tmp_path: Path) -> None:
    for library in ("pyarrow", "duckdb", "ortools", "openpyxl", "cryptography"):
        pytest.importorskip(library)
    (tmp_path / "p.yaml").write_bytes("name: Prüfung\r\nvehicle: {category: M1}\r\n".encode())
    (tmp_path / "t.csv").write_bytes("profile,vehicle.seats\r\nPrüfung,4\r\n".encode())
    env = {**os.environ, "PYTHONPATH": str(ROOT / "engine"), "PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1252"}
    env |= {"LOCALAPPDATA": str(tmp_path / "data"), "XDG_DATA_HOME": str(tmp_path / "data")}
    before = {"data", *(path.name for path in tmp_path.iterdir())}
    done = subprocess.run(
        [sys.executable, "-c", CONSOLE, *words], capture_output=True, env=env, check=False, cwd=tmp_path
    )
    told = done.stderr.decode("cp1252")
    assert "internal error" not in told
    assert done.returncode == (0 if made else 2), told
    if not made:
        assert told == "law.zip: cannot be read (no such file or directory); check the path\n"
    assert sorted({path.name for path in tmp_path.iterdir()} - before) == made


def test_names_that_windows_keeps_for_itself_are_no_codes() -> None:
    """Files of the cache and of fleets are called by jurisdiction; none may be a device there."""
    reserved = {"CON", "PRN", "AUX", "NUL", *(f"{kind}{n}" for kind in ("COM", "LPT") for n in range(10))}
    codes = {path.name.upper() for path in (ROOT / "jurisdictions").iterdir()}
    files = [
        path
        for folder in ("jurisdictions", "rules", "engine", "docs", "examples")
        for path in (ROOT / folder).rglob("*")
    ]
    assert not reserved & {*codes, *(path.stem.upper() for path in files)}
    assert not [path for path in files if set(path.name) & set('<>:"|?*\\') or path.name.endswith((" ", "."))]
