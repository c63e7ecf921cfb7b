# SPDX-License-Identifier: Apache-2.0
"""What a shell offers after the Tab key: files, and names of the bundled law."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import click
from click.shell_completion import CompletionItem

from carnet.api import Law, load_law
from carnet.errors import CarnetError
from carnet.spoken import LANGUAGES

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def files(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """The shell completes the file itself."""
    return [CompletionItem(typed, type="file")]


def names(known: Callable[[Law], Iterable[str]], after: str = "") -> Completer:
    """Names that begin with what is typed since the last comma, in any case; `after` is set behind each."""

    def complete(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
        done, comma, begun = typed.rpartition(",")
        try:
            found = [name for name in known(load_law()) if name.lower().startswith(begun.lower())]
        except CarnetError:
            return []
        return [CompletionItem(f"{done}{comma}{name}{after}") for name in found]

    return complete


def languages(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    return [CompletionItem(language) for language in LANGUAGES if language.startswith(typed)]


markets = names(lambda law: law.markets())
rules = names(lambda law: law.ids("rules"))
instruments = names(lambda law: law.ids("instruments"))
facts = names(lambda law: [*law.vocabulary.facts, *law.approvals])
approvals = names(lambda law: law.approvals)
settings = names(lambda law: law.vocabulary.facts, "=")
