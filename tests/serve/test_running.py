# SPDX-License-Identifier: Apache-2.0
"""Starting the server: settings are read strictly, tokens are kept as hashes, and only the command imports it all."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from carnet.errors import InputError, Problems
from carnet.serve.running import expect_startable, make_token, read_settings

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("fastapi", "starlette", "uvicorn", "sqlalchemy", "alembic", "authlib", "mcp", "prometheus_client", "psycopg")


def test_every_mistake_in_a_file_has_its_place(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text("prot: 1\nlimits: {seconds: never}\n", encoding="utf-8")
    with pytest.raises(Problems) as found:
        read_settings(file, {})
    assert [str(error).partition(": ")[0] for error in found.value.errors] == [f"{file}:1:1", f"{file}:2:10"]
    assert "did you mean `port`?" in str(found.value)


def test_the_command_line_stands_above_the_file(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text("port: 1\nhosts: [a.example]\nlimits: {seconds: 5}\n", encoding="utf-8")
    settings = read_settings(file, {"port": 2}, hosts=["b.example"])
    assert (settings.port, settings.hosts, settings.limits.seconds) == (2, ("a.example", "b.example"), 5)


def test_a_token_is_kept_as_its_hash() -> None:
    token, secret = make_token("bob:partner:Uber")
    assert (token.name, token.role, token.partner) == ("bob", "partner", "Uber")
    assert token.sha256 == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in token.model_dump_json()
    with pytest.raises(InputError, match="no name and role"):
        make_token("bob:root")


def test_other_commands_import_none_of_it() -> None:
    code = (
        "import sys; from carnet.cli.main import run; run(['check', sys.argv[1], '-m', 'DE-BY', '--fail-on', 'never']);"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, str(ROOT / "examples" / "suv-l2.yaml")]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "engine")},
    )
    assert done.stderr.strip() == "[]"


def test_a_server_that_anybody_could_reach_does_not_start() -> None:
    command = [sys.executable, "-m", "carnet", "serve", "--host", "0.0.0.0"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT / "engine")}
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing says who may ask" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"data": "file"}, "cannot keep work"),
        ({"data": "broken"}, "the kept work cannot be opened (file is not a database)"),
        ({"data": "new", "database": "postgresql://bob:s3cret@127.0.0.1:1/db"}, "the kept work cannot be opened"),
        ({"data": "new", "database": "postgresql://bob:s3cret@h:bad/db"}, "the address of the database cannot be read"),
        ({"data": "new", "database": "mysql://bob:s3cret@h/db"}, "work is not kept in `mysql`"),
        ({"database": "postgresql://bob:s3cret@h/db"}, "no folder for the evidence beside it"),
        ({"host": "", "tokens": True}, "is no name of this server"),
        ({"host": "no.such.name.invalid", "tokens": True}, "cannot listen at"),
        ({"port": "taken"}, "cannot listen at"),
    ],
)
def test_what_cannot_start_says_so_before_anything_listens(
    options: dict[str, object], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("", encoding="utf-8")
    Path("broken").mkdir()
    Path("broken/carnet.db").write_bytes(b"no database" * 99)
    tokens = [make_token("a:admin")[0]] if options.pop("tokens", False) else []
    with socket.create_server(("127.0.0.1", 0)) as taken:
        if options.get("port"):
            options["port"] = taken.getsockname()[1]
        with pytest.raises(InputError) as found:
            expect_startable(read_settings(None, {"port": 0, **options}, tokens=tokens))
    assert said in str(found.value)
    assert "s3cret" not in str(found.value)


def test_an_address_of_a_database_is_not_shown(tmp_path: Path) -> None:
    settings = read_settings(None, {"data": tmp_path, "database": "postgresql://bob:s3cret@h/db"})
    assert "s3cret" not in repr(settings)
