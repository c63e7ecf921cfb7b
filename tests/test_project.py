# SPDX-License-Identifier: Apache-2.0
"""Promises of the project as a whole: small modules, one licence line, a wheel that works anywhere."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "engine").rglob("*.py"))


def test_no_module_is_longer_than_400_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): n for path in MODULES if (n := len(path.read_text("utf-8").splitlines())) > 400
    }
    assert long == {}


def test_every_module_begins_with_its_licence() -> None:
    files = [path for folder in ("engine", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    bare = [
        path.name for path in files if not path.read_text("utf-8").startswith("# SPDX-License-Identifier: Apache-2.0\n")
    ]
    assert bare == []


def test_nothing_imports_the_command_line_or_the_server() -> None:
    wrong = []
    for path in MODULES:
        if {"cli", "serve"} & set(path.relative_to(ROOT).parts) or path.name == "__main__.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            wrong += [f"{path.name}: {name}" for name in names if name.startswith(("carnet.cli", "carnet.serve"))]
    assert wrong == []


def run(*command: object, cwd: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.slow
def test_the_wheel_checks_a_profile_in_an_empty_environment_elsewhere(tmp_path: Path) -> None:
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", tmp_path, ROOT, cwd=tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "carnet/bundled/jurisdictions/DE/jurisdiction.yaml" in names
    assert "carnet/bundled/examples/robotaxi-munich.yaml" in names
    assert not [name for name in names if name.startswith(("tests/", "examples/"))]
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "p.yaml").write_text("name: Car\nautomation: {sae_level: 2}\n", encoding="utf-8")
    command = (tmp_path / "venv" / "bin" / "carnet", "check", "p.yaml", "-m", "DE-BY,SG", "--fail-on", "never")
    report = json.loads(run(*command, "-f", "json", cwd=elsewhere))
    assert [market["market"] for market in report["markets"]] == ["DE-BY", "SG"]
    assert "Carnet gap report: Car" in run(*command, cwd=elsewhere)
    assert "de.stvg" in run(tmp_path / "venv" / "bin" / "carnet", "instrument", "de.stvg", cwd=elsewhere)


def test_no_file_keeps_both_sides_of_a_conflict() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not in a repository")
    marks = (b"<<<<<<< ", b">>>>>>> ")
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file():
            lines = path.read_bytes().splitlines()
            assert not [line for line in lines if line.startswith(marks)], name
