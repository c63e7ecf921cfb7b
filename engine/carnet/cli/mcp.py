# SPDX-License-Identifier: Apache-2.0
"""`carnet mcp`: the tools for assistants, over standard input and output."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import click

from carnet.api import load_law
from carnet.cli import options


@click.command("mcp")
@options.law_option
def mcp_command(folders: Sequence[str]) -> None:
    """Answer an assistant that speaks the Model Context Protocol, over standard input and output.

    Started by the assistant's program; docs/mcp.md says how to add it there. `carnet serve` answers at /mcp too.
    """
    from carnet.serve.assistant.server import create_server

    create_server(functools.cache(lambda: load_law(*folders))).run("stdio")
