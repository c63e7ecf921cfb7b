# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server of this test run's own, on a socket in a folder, gone when it ends."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

REQUIRED = "CARNET_POSTGRES_TESTS"
"""Set by `make postgres`: without a server the tests then fail instead of being left out."""


def reason() -> str:
    """Why no server can be started here; empty where one can."""
    if not (shutil.which("initdb") and shutil.which("postgres")):
        return "`initdb` and `postgres` are not on the path"
    if _user() == "":
        return "PostgreSQL does not run as root, and there is no user `postgres` or `nobody`"
    return ""


def _user() -> str | None:
    """Who is to run it, where root may not; None: whoever runs the tests."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), "")


@contextmanager
def server() -> Iterator[str]:
    """The address of a database on it."""
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        user, data = _user(), str(Path(name) / "data")
        if user:
            shutil.chown(name, user)
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "user": user, "cwd": name}
        subprocess.run(["initdb", "-D", data, "-A", "trust", "--no-sync", "-U", "carnet"], check=True, **quiet)
        options = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=40"]
        process = subprocess.Popen(["postgres", "-D", data, "-k", name, *options], **quiet)
        try:
            for _ in range(200):
                ask = ["psql", "-h", name, "-U", "carnet", "-c", "select 1", "postgres"]
                if subprocess.run(ask, **quiet).returncode == 0:
                    break
                time.sleep(0.1)
            yield f"postgresql://carnet@/postgres?host={name}"
        finally:
            process.terminate()
            process.wait(30)
