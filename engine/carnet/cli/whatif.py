# SPDX-License-Identifier: Apache-2.0
"""`carnet whatif`: what another declaration would change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import click

from carnet.api import Law
from carnet.assess.changes import FindingChange
from carnet.assess.model import Receipt
from carnet.cli import complete, options, output
from carnet.cli.progress import waiting
from carnet.declare.former import Renamed
from carnet.declare.profile import Profile
from carnet.errors import Place
from carnet.plan.supposing import Supposed, place_of, suppose, supposed_profile
from carnet.plan.sweep import parse_sweep, sweep
from carnet.plan.whatif import KINDS, kind, overridden, parse_settings
from carnet.report import digest
from carnet.report.digest import counted, outcome_name
from carnet.report.inert import to_json
from carnet.report.layout import Page, clean
from carnet.report.supposed import supposed_data, sweep_data, write_lacks, write_summary, write_sweep
from carnet.report.terminal import COLOURS
from carnet.spoken import N_, _

FEW = 8
MANY = 12
"""Of more markets than this a what-if is summed up unless everything is asked for."""


@click.command("whatif")
@options.profile_argument
@click.option(
    "--set",
    "settings",
    metavar="PATH=VALUE",
    multiple=True,
    shell_complete=complete.settings,
    help="Declare a fact, also `in.DE.PATH`, `features.NAME.PATH` or `approvals.ID=held`; repeat for more.",
)
@click.option(
    "--unset",
    metavar="PATH",
    multiple=True,
    shell_complete=complete.facts,
    help="Make a fact unknown; repeat for more.",
)
@click.option(
    "--sweep",
    "swept",
    metavar="PATH[=A:B:STEP]",
    callback=options.given,
    shell_complete=complete.facts,
    help="Go through values of a fact and find where outcomes flip; without values through all it may have.",
)
@click.option("--against", metavar="OTHER", callback=options.given, help="Suppose another profile instead.")
@click.option("--in", "overlay", metavar="CODE", callback=options.given, help="Only in this jurisdiction and below it.")
@click.option("--feature", metavar="NAME", callback=options.given, help="Only for this feature of the vehicle.")
@options.market_options
@options.as_of_option
@click.option("-f", "--format", "form", type=click.Choice(["terminal", "json"]), default="terminal")
@options.evaluator_option
@options.language_option
@options.law_option
@click.option("-v", "--verbose", is_flag=True, help="Show every change.")
def whatif_command(
    profile: str,
    settings: Sequence[str],
    unset: Sequence[str],
    swept: str | None,
    against: str | None,
    overlay: str | None,
    feature: str | None,
    codes: Sequence[str],
    every: bool,
    as_of: dt.date | None,
    form: str,
    evaluator: str | None,
    language: str | None,
    folders: Sequence[str],
    verbose: bool,
) -> None:
    """Show what would change if PROFILE declared something else. Without -m, in every market."""
    wanted = parse_settings(settings, unset)
    if against and wanted:
        raise click.UsageError("--against stands instead of --set and --unset")
    if not wanted and not against and not swept:
        raise click.UsageError("nothing is set: use --set PATH=VALUE, --unset PATH, --sweep PATH or --against OTHER")
    options.speak(language, machine=form == "json")
    law = options.open_law(folders)
    declared = options.open_profile(law, profile)
    former = ((text, law.vocabulary.former.get(place_of(text).path)) for text in wanted)
    options.say_renamed([Renamed(place_of(text).path, new, Place(f"--set {text}")) for text, new in former if new])
    markets = options.markets_of(law, codes, every or not codes)
    overlay = options.markets_of(law, [overlay], False)[0] if overlay else None
    other = options.open_profile(law, against) if against else supposed_profile(declared, wanted, overlay, feature)
    if swept:
        prefix = f"features.{feature}." * bool(feature) + f"in.{overlay}." * bool(overlay)
        _sweep(law, other, markets, prefix + swept, (as_of, evaluator), form, verbose)
        return
    with waiting(_("Assessing what that changes ...")):
        found = suppose(law, declared, markets, other, as_of, evaluator)
    if form == "json":
        output.emit(to_json(supposed_data(found)), "")
        return
    page = Page(output.page_width(), output.wants_colour())
    _write(page, found, verbose)
    for text in wanted:
        place = place_of(text)
        where = place.code or overlay, place.feature or feature
        _overridden(page, place.path, overridden(law, declared, markets, place.path, *where))
    _receipt(page, found.receipt)
    output.emit(str(page), "", for_people=True)


def _sweep(
    law: Law,
    profile: Profile,
    markets: Sequence[str],
    text: str,
    how: tuple[dt.date | None, str | None],
    form: str,
    verbose: bool,
) -> None:
    path, values = parse_sweep(text)
    with waiting(_("Going through the values ...")):
        found = sweep(law, profile, markets, path, values, *how)
    if form == "json":
        output.emit(to_json(sweep_data(found)), "")
        return
    page = Page(output.page_width(), output.wants_colour())
    write_sweep(page, found, verbose)
    place = place_of(path)
    above = overridden(law, profile, markets, place.path, place.code or None, place.feature or None)
    _overridden(page, place.path, above)
    _receipt(page, found.receipt)
    output.emit(str(page), "", for_people=True)


def _receipt(page: Page, receipt: Receipt) -> None:
    page.gap()
    page.text(_("Receipt: {receipt}.").format(receipt=digest.receipt(receipt)), dim=True)
    page.text(_(digest.DISCLAIMER), dim=True)


def _write(page: Page, found: Supposed, verbose: bool) -> None:
    changes, names = found.changes, {market.market: market.name for market in found.markets}
    if not changes.outcomes and not changes.findings:
        page.text(_("Nothing changes in {markets}.").format(markets=_markets(names)))
        return
    if len(names) > MANY and not verbose:
        write_summary(page, found)
        return
    if changes.outcomes:
        page.heading(_("Outcomes"))
    for change in changes.outcomes:
        before, after = (page.style(outcome_name(o), **COLOURS[o]) for o in (change.before, change.after))
        page.raw(f"  {change.market}  {clean(names[change.market])}: {before} -> {after}")
    if not changes.outcomes:
        page.text(_("No market's outcome changes."))
    write_lacks(page, found, verbose)
    for name, title in KINDS.items():
        _kind(page, _(title), [change for change in changes.findings if kind(change) == name], verbose)


def _overridden(page: Page, path: str, above: Sequence[tuple[str, str]]) -> None:
    """Where the profile declares a fact again, the setting says nothing; how to set it there."""
    for feature, code in above:
        named = [_("feature {name}").format(name=f"`{feature}`")] * bool(feature)
        where = _(" and ").join(named + [f"`in: {code}`"] * bool(code))
        options = " ".join([f"--feature {feature}"] * bool(feature) + [f"--in {code}"] * bool(code))
        page.gap()
        told = _("{fact} has a value of its own in {where}, which this leaves alone: add {options} to change it.")
        page.text(told.format(fact=f"`{path}`", where=where, options=f"`{options}`"))


def _kind(page: Page, title: str, changes: Sequence[FindingChange], verbose: bool) -> None:
    """Changes of one kind, each rule once with the markets it concerns."""
    rules: dict[tuple[str, str, str], list[str]] = {}
    for change in changes:
        rules.setdefault((change.rule, change.title, change.feature), []).append(change.market)
    if rules:
        page.heading(f"{title} ({len(rules)})")
    for rule, name, feature in list(rules)[: None if verbose else FEW]:
        prefix = f"{feature}: " if feature else ""
        told = _("{rule} in {markets}")
        page.text(told.format(rule=f"{prefix}{name} [{rule}]", markets=_markets(rules[rule, name, feature])), 2, "-")
    if len(rules) > FEW and not verbose:
        page.text(_("and {n} more; -v shows all").format(n=len(rules) - FEW), 2, "-", dim=True)


def _markets(codes: Iterable[str]) -> str:
    codes = list(dict.fromkeys(codes))
    return ", ".join(codes) if len(codes) <= 12 else counted(len(codes), N_("1 market"), N_("{n} markets"))
