# SPDX-License-Identifier: Apache-2.0
"""`carnet test` and `carnet lint`: for those who write and review law."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from carnet.cli.main import FOUND, OK
from carnet.cli.progress import waiting
from carnet.law.link import LinkedLaw, link_law
from carnet.law.proof.scope import Scope, scope


def _codes(ctx: click.Context, param: click.Parameter, value: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code.strip() for entry in value for code in entry.split(",") if code.strip()))


folder_argument = click.argument("folder", metavar="[DIR]", required=False)
jurisdiction_option = click.option(
    "-j",
    "--jurisdiction",
    "codes",
    metavar="CODE",
    multiple=True,
    callback=_codes,
    help="Only what these jurisdictions enact; repeat or use commas.",
)


@click.command("test")
@folder_argument
@click.option("--rule", "prefix", default="", metavar="PREFIX", help="Only rules whose id starts like this.")
@jurisdiction_option
@click.option("--evaluator", default="native", show_default=True, metavar="native|rete", help="How cases are run.")
@click.pass_context
def test_command(ctx: click.Context, folder: str | None, prefix: str, codes: tuple[str, ...], evaluator: str) -> None:
    """Run the cases of every rule and duty.

    DIR is a folder of packs of your own, read over the bundled law, or a part of the bundled law such as
    jurisdictions/DE. Without it, the whole bundled law is tested.
    """
    chosen = scope(folder, codes, prefix)
    ctx.exit(OK if run_tests(open_linked(chosen), chosen, evaluator) else FOUND)


def open_linked(chosen: Scope) -> LinkedLaw:
    """The law with its cases, compiled afresh: the cache does not keep them."""
    with waiting("Reading the law ..."):
        return link_law(chosen.folders)


def run_tests(law: LinkedLaw, chosen: Scope, evaluator: str) -> bool:
    """Print each case that fails, then what was run; whether all passed."""
    from carnet.law.proof.cases import run_cases
    from carnet.logic.evaluators import evaluator as find_evaluator

    engine = find_evaluator(evaluator)
    rules = list(chosen.rules(law))
    cases = failures = 0
    for result in run_cases(law, chosen, engine, rules):
        cases += 1
        if not result.passes:
            failures += 1
            click.echo(f"{shown_file(result.place.file)}:{result.place.line}: {result.owner}: {result.failure}")
    bare = sum(not rule.tests for rule in rules)
    without = f", {_count(bare, 'rule')} without a case" if bare else ""
    outcome = f"{failures:,} of {_count(cases, 'case')} fail" if failures else f"{_count(cases, 'case')} pass"
    click.echo(f"{outcome} ({_count(len(rules), 'rule')}{without})")
    return not failures


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def shown_file(file: str) -> str:
    """A file as one would name it from here."""
    path = Path(file)
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_absolute() and path.is_relative_to(here) else file
