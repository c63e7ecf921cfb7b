# SPDX-License-Identifier: Apache-2.0
"""How the server is started: settings from a file and the command line, tokens made, and processes that answer."""

from __future__ import annotations

import gc
import hashlib
import os
import secrets
import shutil
import socket
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError

from carnet.api import load_law
from carnet.errors import InputError, Place, Problems, shown, suggest
from carnet.serve.app import create_app
from carnet.serve.guard.watch import SHARED, log_to_stderr
from carnet.serve.kept.store import Store
from carnet.serve.settings import Role, Settings, Token
from carnet.source import Source, read_source

ENVIRONMENT = "CARNET_SERVE_SETTINGS"
"""Where worker processes find the settings: a file that only this user can read."""

COLLECT = (100_000, 20, 20)
"""When memory is looked through: an assessment of all markets makes some hundred thousand objects that stay."""


def read_settings(
    file: Path | None,
    changes: Mapping[str, Any],
    hosts: Sequence[str] = (),
    tokens: Sequence[Token] = (),
    law: Sequence[str] = (),
) -> Settings:
    """The settings of a file, with those of the command line over or beside them.

    Raises:
        Problems: everything in the file that is no setting, each with its place.
        InputError: when the server could be reached from elsewhere by anybody.
    """
    source = read_source(file) if file else Source("<command line>", {})
    if not isinstance(source.data, dict):
        raise InputError("is no mapping of settings", source.place(), "write `port: 8000`, one setting a line")
    data: dict[str, Any] = {**source.data, **changes}
    more: dict[str, list[Any]] = {
        "hosts": list(hosts),
        "tokens": [token.model_dump() for token in tokens],
        "law": list(law),
    }
    for name, values in more.items():
        if values:
            listed: Any = data.get(name) or []
            data[name] = [*listed, *values] if isinstance(listed, list) else listed
    try:
        settings = Settings.model_validate(data)
    except ValidationError as error:
        raise Problems(_mistake(source, each) for each in error.errors()) from None
    settings.check()
    return settings


def _mistake(source: Source, error: Any) -> InputError:
    place: Place = source.place(tuple(error["loc"]))
    known = [*Settings.model_fields, *type(Settings().limits).model_fields]
    hint = suggest(str(error["loc"][-1])[:40], known) if error["type"] == "extra_forbidden" else "see docs/serve.md"
    key = ".".join(map(str, error["loc"]))
    return InputError(f"{shown(key)}: {error['msg'].lower()}", place, hint)


def make_token(text: str) -> tuple[Token, str]:
    """A new token for `NAME:ROLE` or `NAME:partner:COMPANY`, and its secret, which is kept nowhere.

    Raises:
        InputError: when the role is not known.
    """
    name, _, rest = text.partition(":")
    role, _, partner = rest.partition(":")
    roles = get_args(Role)
    if not name.strip() or (role or "reader") not in roles:
        raise InputError(f"{shown(text)} is no name and role", hint=f"write `ann:editor`; roles: {', '.join(roles)}")
    secret = secrets.token_urlsafe(32)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    return Token.model_validate({"name": name, "role": role or "reader", "partner": partner, "sha256": digest}), secret


def expect_startable(settings: Settings) -> None:
    """Say mistakes in the law, in what is kept and in the address before anything listens.

    Raises:
        CarnetError: the first of them.
    """
    load_law(*settings.law)
    if settings.data is not None:
        Store(settings.data, settings.database).close()
    try:
        family, kind, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as tried:
            if os.name == "posix":  # elsewhere the option lets two listen at one address
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except (OSError, UnicodeError) as error:
        why = (getattr(error, "strerror", None) or "no such name").lower()
        what = f"cannot listen at {shown(f'{settings.host}:{settings.port}')} ({why})"
        raise InputError(what, hint="choose another `--port` or `--host`") from None


def run(settings: Settings) -> None:
    """Serve until stopped; with several workers in processes that share a folder and the secret of sessions."""
    scratch = Path(tempfile.mkdtemp(prefix="carnet-"))
    try:
        shared = settings.model_copy(
            update={"scratch": settings.scratch or scratch, "secret": settings.secret or secrets.token_urlsafe(32)}
        )
        options: dict[str, Any] = {
            "host": settings.host,
            "port": settings.port,
            "log_config": None,
            "server_header": False,
            "proxy_headers": False,
            "timeout_keep_alive": 15,
            "timeout_graceful_shutdown": 10,
            "limit_concurrency": 1000,
        }
        if settings.workers == 1:
            log_to_stderr(settings.log_level)
            uvicorn.run(made_ready(shared), **options)
            return
        handed = scratch / "settings.json"
        handed.touch(mode=0o600)
        handed.write_text(shared.model_dump_json(), encoding="utf-8")
        os.environ[ENVIRONMENT] = str(handed)
        (scratch / "metrics").mkdir()
        os.environ[SHARED] = str(scratch / "metrics")
        uvicorn.run("carnet.serve.running:worker", factory=True, workers=settings.workers, **options)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def worker() -> FastAPI:
    """The application of a worker process, by the settings that it was handed."""
    settings = Settings.model_validate_json(Path(os.environ[ENVIRONMENT]).read_text(encoding="utf-8"))
    log_to_stderr(settings.log_level)
    return made_ready(settings)


def made_ready(settings: Settings) -> FastAPI:
    """The application of a process that only serves: the law is read and set aside, for good, from what is looked
    through for memory to free, which takes half the time of a what-if otherwise."""
    app = create_app(settings)
    assert app.state.services.law
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT)
    return app
