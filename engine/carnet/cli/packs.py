# SPDX-License-Identifier: Apache-2.0
"""`carnet test` and `carnet lint`: for those who write and review law."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from carnet.cli.main import FOUND, OK
from carnet.cli.output import write_whole
from carnet.cli.progress import Progress, waiting
from carnet.errors import InputError
from carnet.law.casework.chosen import cases_file, chosen_cases, without_chosen_cases
from carnet.law.casework.scope import Scope, scope
from carnet.law.link import LinkedLaw, link_law

if TYPE_CHECKING:
    from carnet.law.casework.mutate import Unnoticed
    from carnet.law.casework.propose import Proposal
    from carnet.law.model import Place, Rule

LEAST_NOTICED = 95.0


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
@click.option("--propose", is_flag=True, help="Print the cases that rules lack, as YAML.")
@click.option("--write", is_flag=True, help="With --propose: add them to the files of cases. Read them afterwards.")
@click.option("--renew", is_flag=True, help="Choose the cases of rules anew and write them: after a change of the law.")
@click.option("--mutate", is_flag=True, help="Change one thing at a time in each rule: do its cases notice?")
@click.pass_context
def test_command(
    ctx: click.Context,
    folder: str | None,
    prefix: str,
    codes: tuple[str, ...],
    evaluator: str,
    propose: bool,
    write: bool,
    renew: bool,
    mutate: bool,
) -> None:
    """Run the cases of every rule and duty.

    DIR is a folder of packs of your own, read over the bundled law, or a part of the bundled law such as
    jurisdictions/DE. Without it, the whole bundled law is tested. With --mutate, the exit code is 1 when fewer than
    95 % of the changes are noticed.
    """
    if (write and not propose) or sum((propose, mutate, renew)) > 1:
        message = "`--write` goes with `--propose`, and `--renew` and `--mutate` go alone"
        raise InputError(message, hint="see `carnet test --help`")
    chosen = scope(folder, codes, prefix)
    law = open_linked(chosen)
    if propose or renew:
        ctx.exit(OK if run_proposals(law, chosen, write or renew, renew) else FOUND)
    if mutate:
        ctx.exit(OK if run_mutations(law, chosen) else FOUND)
    ctx.exit(OK if run_tests(law, chosen, evaluator) else FOUND)


@click.command("lint")
@folder_argument
@jurisdiction_option
@click.option(
    "--only", multiple=True, callback=_codes, metavar="NAME", help="Only this lint rule; repeat or use commas."
)
@click.option(
    "--fail-on",
    type=click.Choice(("error", "warning")),
    default="error",
    show_default=True,
    help="Exit with 1 when something is at least this grave.",
)
@click.pass_context
def lint_command(
    ctx: click.Context, folder: str | None, codes: tuple[str, ...], only: tuple[str, ...], fail_on: str
) -> None:
    """Check packs of law for mistakes; docs/lint has a page for each kind.

    DIR is a folder of packs of your own, read over the bundled law, or a part of the bundled law such as
    jurisdictions/DE. Without it, the whole bundled law is checked.
    """
    chosen = scope(folder, codes)
    law = open_linked(chosen)
    list(chosen.rules(law))
    ctx.exit(FOUND if run_checks(law, chosen, only, fail_on) else OK)


def run_checks(law: LinkedLaw, chosen: Scope, only: tuple[str, ...], fail_on: str) -> bool:
    """Print what was found; whether some of it is grave enough."""
    from carnet.law.lint.model import Level
    from carnet.law.lint.run import run_lint

    with waiting("Checking the law ..."):
        found = run_lint(law, chosen, only)
    for lint in found:
        click.echo(f"{_at(lint.place)}: {lint.level}: {lint.rule}: {lint.message}; {lint.hint}")
    counts = {level: sum(lint.level is level for lint in found) for level in Level}
    said = [
        _count(number, level) if level is not Level.INFO else f"{number:,} {level}" for level, number in counts.items()
    ]
    click.echo(", ".join(said))
    return bool(counts[Level.ERROR] or (fail_on == "warning" and counts[Level.WARNING]))


def open_linked(chosen: Scope) -> LinkedLaw:
    """The law with its cases, compiled afresh: the cache does not keep them."""
    with waiting("Reading the law ..."):
        return link_law(chosen.folders)


def run_tests(law: LinkedLaw, chosen: Scope, evaluator: str) -> bool:
    """Print each case that fails, then what was run; whether all passed."""
    from carnet.law.casework.cases import run_cases
    from carnet.logic.evaluators import evaluator as find_evaluator

    engine = find_evaluator(evaluator)
    rules = list(chosen.rules(law))
    cases = failures = 0
    for result in run_cases(law, chosen, engine, rules):
        cases += 1
        if not result.passes:
            failures += 1
            click.echo(f"{_at(result.place)}: {result.owner}: {result.failure}")
    outcome = f"{failures:,} of {cases:,} cases failed" if failures else f"{_count(cases, 'case')} passed"
    click.echo(f"{outcome} ({_count(len(rules), 'rule')}{_bare(rules)})")
    return not failures


def run_proposals(law: LinkedLaw, chosen: Scope, write: bool, renew: bool = False) -> bool:
    """Print or write the cases that rules lack; whether there was one for every rule in need.

    With `renew`, those that were chosen before are chosen anew.
    """
    from carnet.law.casework.propose import Proposer

    if renew:
        law = without_chosen_cases(law, chosen)
    proposer = Proposer(law)
    rules = list(chosen.rules(law))
    proposals = []
    with Progress(len(rules)) as progress:
        for rule in rules:
            proposals.append(proposer.propose(rule))
            progress(rule.id)
    found = [proposal for proposal in proposals if proposal.cases]
    if write:
        _write(law, found)
    else:
        _print(found)
    stuck = [proposal for proposal in proposals if proposal.problem]
    for proposal in stuck:
        click.echo(f"# {_at(proposal.rule.place)}: {proposal.rule.id}: {proposal.problem}", err=write)
    cases = sum(len(proposal.cases) for proposal in found)
    click.echo(f"# {'wrote ' if write else ''}{_count(cases, 'case')} for {_count(len(found), 'rule')}", err=not write)
    return not stuck


def _print(proposals: Sequence[Proposal]) -> None:
    from carnet.law.casework.yamltext import case_lines

    for proposal in proposals:
        rule = proposal.rule
        click.echo(f"# {_at(rule.place)}\n- id: {rule.id}\n  tests:")
        click.echo("\n".join(line for case in proposal.cases for line in case_lines(case, rule.jurisdiction, 4)))


def _write(law: LinkedLaw, proposals: Sequence[Proposal]) -> None:
    """Add the cases to the files of cases beside the packs; none is touched before all are ready."""
    from carnet.law.casework.yamltext import cases_text

    added = {proposal.rule.id: proposal.cases for proposal in proposals}
    packs = dict.fromkeys(proposal.rule.place.file for proposal in proposals)
    texts = {}
    for code, jurisdiction in law.jurisdictions.items():
        for file in packs:
            rules = [rule for rule in jurisdiction.rules if rule.place.file == file]
            cases = {rule.id: (*chosen_cases(rule), *added.get(rule.id, ())) for rule in rules}
            if rules:
                held = {id_: items for id_, items in cases.items() if items}
                texts[cases_file(Path(file))] = cases_text(Path(file).name, code, held)
    for path, text in texts.items():
        write_whole(path, text.encode("utf-8"))


def run_mutations(law: LinkedLaw, chosen: Scope) -> bool:
    """Print each change that no case notices, and the share noticed; whether it is large enough."""
    from carnet.law.casework.mutate import Mutator

    mutator = Mutator(law)
    rules = list(chosen.rules(law))
    tried = missed = 0
    with Progress(len(rules)) as progress:
        for rule in rules:
            result = mutator.rule(rule)
            tried += result.tried
            missed += len(result.unnoticed)
            for change in result.unnoticed:
                click.echo(_unnoticed(change))
            progress(rule.id)
    share = 1000 * (tried - missed) // tried / 10 if tried else 100.0
    click.echo(f"{share} % of {_count(tried, 'change')} noticed ({_count(len(rules), 'rule')}{_bare(rules)})")
    return share >= LEAST_NOTICED


def _unnoticed(change: Unnoticed) -> str:
    from carnet.law.casework.yamltext import shown_case

    rule = change.rule
    hint = f"; a case to notice it: {shown_case(change.case, rule.jurisdiction)}" if change.case else ""
    return f"{_at(rule.place)}: {rule.id}: {change.what}{hint}"


def _bare(rules: Sequence[Rule]) -> str:
    bare = sum(not rule.tests for rule in rules)
    return f", {_count(bare, 'rule')} without a case" if bare else ""


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _at(place: Place) -> str:
    return f"{shown_file(place.file)}:{place.line}"


def shown_file(file: str) -> str:
    """A file as one would name it from here."""
    path = Path(file)
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_absolute() and path.is_relative_to(here) else file
