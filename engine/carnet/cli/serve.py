# SPDX-License-Identifier: Apache-2.0
"""`carnet serve`: the web app, the HTTP API and the Model Context Protocol."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from carnet.cli import options


@click.command("serve")
@click.option("--host", help="Address to listen on. [default: 127.0.0.1, this machine only]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on. [default: 8000]")
@click.option("--data", type=click.Path(path_type=Path), metavar="DIR", help="Folder of kept work. [default: none]")
@click.option("--database", metavar="URL", help="Keep work at postgresql://user@host/name instead of a file.")
@click.option("--settings", "file", metavar="FILE", help="YAML file of settings; see docs/serve.md.")
@click.option("--allow-host", "hosts", metavar="NAME", multiple=True, help="Name that browsers know this server by.")
@click.option("--token", "tokens", metavar="NAME:ROLE", multiple=True, help="Make a token and show it once.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that answer. [default: 1]")
@options.law_option
def serve_command(
    host: str | None,
    port: int | None,
    data: Path | None,
    database: str | None,
    file: str | None,
    hosts: Sequence[str],
    tokens: Sequence[str],
    workers: int | None,
    folders: Sequence[str],
) -> None:
    """Serve the web app and the HTTP API, on this machine only unless told who may ask.

    Stop it with Ctrl-C.
    """
    from carnet.serve.running import expect_startable, make_token, read_settings, run

    given = {"host": host, "port": port, "data": data, "database": database, "workers": workers}
    made = [make_token(text) for text in tokens]
    changes = {name: value for name, value in given.items() if value is not None}
    settings = read_settings(Path(file) if file else None, changes, hosts, [token for token, _ in made], folders)
    for token, secret in made:
        click.echo(f"token of {token.name} ({token.role}), shown this once: {secret}", err=True)
    expect_startable(settings)
    where = f"[{settings.host}]" if ":" in settings.host else settings.host
    click.echo(f"Carnet on http://{where}:{settings.port}/ (stop with Ctrl-C)", err=True)
    run(settings)
