# SPDX-License-Identifier: Apache-2.0
"""The examples of embedding run as they stand, and the hooks call commands that exist."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
import yaml

from carnet.cli.main import ENTRIES
from carnet.serve.app import create_app
from carnet.serve.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
EMBED = ROOT / "examples" / "embed"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(Settings(port=port)), port=port, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(600):
        if server.started:
            break
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)


def run(name: str, *args: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "engine")}
    command = [sys.executable, str(EMBED / name), *args]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_a_planning_tool_holds_a_session() -> None:
    done = run("session.py", str(ROOT / "examples" / "robotaxi-munich.yaml"))
    assert done.returncode == 0, done.stderr
    assert len(re.findall(r"^ +\d+ km/h: ", done.stdout, re.MULTILINE)) == 4


def test_a_planning_tool_asks_over_http(address: str, tmp_path: Path) -> None:
    done = run("over_http.py", str(ROOT / "examples" / "suv-l2.yaml"), address)
    assert done.returncode == 0, done.stderr
    assert len(re.findall(r"^ +\d+ km/h: ", done.stdout, re.MULTILINE)) == 4
    assert "done: " in done.stderr
    (tmp_path / "wrong.yaml").write_text("automation: {sae_level: 9}\n", encoding="utf-8")
    assert "profile.automation.sae_level" in run("over_http.py", str(tmp_path / "wrong.yaml"), address).stderr


def test_hooks_and_workflows_call_what_exists() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    used = yaml.safe_load((EMBED / "pre-commit-config.yaml").read_text("utf-8"))["repos"][0]["hooks"]
    assert {hook["id"] for hook in used} <= {hook["id"] for hook in hooks}
    workflow = (EMBED / "profiles.yml").read_text("utf-8")
    called = {hook["entry"].split()[1] for hook in hooks} | set(re.findall(r"run: carnet (\S+)", workflow))
    assert called <= set(ENTRIES)
