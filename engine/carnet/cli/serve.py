# SPDX-License-Identifier: Apache-2.0
"""`carnet serve`: the web app and the HTTP API."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import uvicorn

from carnet.cli import options
from carnet.serve.app import create_app
from carnet.serve.settings import Settings


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; 0 takes a free one."
)
@click.option("--data", type=click.Path(path_type=Path), metavar="DIR", help="Folder of kept work. [default: none]")
@options.law_option
def serve_command(host: str, port: int, data: Path | None, folders: Sequence[str]) -> None:
    """Serve the web app and the HTTP API, on this machine only unless told who may ask."""
    settings = Settings(host=host, port=port, data=data, law=tuple(folders))
    click.echo(f"Carnet on http://{host}:{port}/ (stop with Ctrl-C)", err=True)
    uvicorn.run(create_app(settings), host=host, port=port, log_level="warning", server_header=False)
