# SPDX-License-Identifier: Apache-2.0
"""`carnet law`: how well the law was read, and its releases."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from carnet.cli import options
from carnet.cli.output import check_writable, write_whole
from carnet.errors import InputError, Place
from carnet.law import installed
from carnet.law.due import Standing, standing
from carnet.law.locate import bundled_law
from carnet.source import read_file
from carnet.spoken import NAMES


@click.group("law")
def law_command() -> None:
    """How well the law was read, and its releases."""


@law_command.command("status")
@options.market_options
@options.as_of("Day from which readings count as old. [default: today]")
@click.option("-f", "--format", "form", type=click.Choice(("terminal", "json")), default="terminal", show_default=True)
@click.option("-v", "--verbose", is_flag=True, help="Name every rule that is due or doubtful.")
@options.law_option
def status_command(
    codes: Sequence[str], every: bool, as_of: dt.date | None, form: str, verbose: bool, folders: Sequence[str]
) -> None:
    """Show per jurisdiction when its law was read, what is due again, undated and doubtful.

    Without -m every jurisdiction is shown, those with most that is due first.
    """
    law = options.open_law(folders)
    today = as_of or dt.date.today()
    chosen = law.codes if every or not codes else options.markets_of(law, codes, every)
    found = [standing(law.jurisdiction(code), today) for code in chosen]
    found = sorted((item for item in found if item.rules), key=lambda item: (-len(item.due), item.code))
    if form == "json":
        data = {"law": law.version, "as_of": today.isoformat(), "jurisdictions": [item._asdict() for item in found]}
        click.echo(json.dumps(data, default=str, ensure_ascii=False, indent=2))
        return
    kept = ", ".join(installed.installed()) or "none"
    click.echo(f"Law {law.version}, read as of {law.as_of}; releases installed: {kept}; taken: {installed.current()}\n")
    click.echo(f"{'':6} {'':22} {'rules':>5} {'read':>5} {'due':>5} {'undated':>8} {'doubtful':>9}  oldest      newest")
    for item in found:
        _line(item, verbose)
    _totals(found)


def _line(item: Standing, verbose: bool) -> None:
    days = f"{item.oldest or '-':<11} {item.newest or '-'}" if not item.oldest else f"{item.oldest}  {item.newest}"
    numbers = f"{item.rules:>5} {item.recorded:>5} {len(item.due):>5} {len(item.undated):>8} {len(item.doubtful):>9}"
    click.echo(f"{item.code:6} {item.name[:22]:22} {numbers}  {days}")
    if verbose:
        for word, rules in (("due", item.due), ("undated", item.undated), ("doubtful", item.doubtful)):
            for rule in rules:
                click.echo(f"       {word:9} {rule}")


def _totals(found: Sequence[Standing]) -> None:
    click.echo()
    for name, key in (("basis", "by_basis"), ("confidence", "by_confidence")):
        total: Counter[str] = sum((Counter(getattr(item, key)) for item in found), Counter())
        click.echo(f"{name:11} " + ", ".join(f"{value} {number:,}" for value, number in total.most_common()))
    due, doubtful = (sum(len(getattr(item, key)) for item in found) for key in ("due", "doubtful"))
    click.echo(f"{sum(item.rules for item in found):,} rules, {due:,} due, {doubtful:,} blocking ones doubtful")


@law_command.command("build")
@click.option("-o", "--output", "file", required=True, metavar="FILE.zip", help="The file to write.")
@click.option("--key", required=True, metavar="KEY.pem", help="The Ed25519 private key to sign with.")
@click.option("--folder", default="", metavar="DIR", help="A whole law to build from; the bundled one by default.")
@click.option("--draft", is_flag=True, help="Also where translations are missing that a release must have.")
def build_command(file: str, key: str, folder: str, draft: bool) -> None:
    """Make a signed release of the law: the same text gives the same file."""
    from carnet.law.link import link_law
    from carnet.law.locale.progress import COMPLETE, keeps, progress
    from carnet.law.release import build, signing_key

    check_writable(file, [key], [folder] if folder else [])
    root = Path(folder) if folder else bundled_law()
    if not (root / "rules" / "law.yaml").is_file():
        raise InputError("holds no whole law", Place(str(root)), "a release has `rules/law.yaml` and `jurisdictions/`")
    pem = read_file(Path(key))
    signing_key(pem, Place(key))  # looked at before the law is linked, which takes a while
    law = link_law([root], cases=False)
    for language in () if draft else (language for language in COMPLETE if keeps(root, language)):
        if missing := progress(language, [root]).missing:
            what = f"{len(missing):,} texts have no {NAMES[language]} translation, the first `{missing[0].key}`"
            hint = f"`carnet law locale {language} --missing` lists them; `--draft` builds without"
            raise InputError(what, Place(str(root / missing[0].file), missing[0].line), hint)
    raw = build(root, law.version, law.as_of, pem)
    write_whole(Path(file), raw)
    click.echo(f"{file}: law {law.version}, {len(raw):,} bytes")


@law_command.command("locale")
@click.argument("language", required=False)
@click.option("--missing", is_flag=True, help="List each text without a translation: key, tab, English.")
@options.law_option
def locale_command(language: str | None, missing: bool, folders: Sequence[str]) -> None:
    """Show how much of the law's texts is translated, by kind, into LANGUAGE or each."""
    from carnet.law.locale.catalogue import expect_catalogue, languages
    from carnet.law.locale.progress import progress

    chosen = [expect_catalogue(language)] if language else languages()
    law = options.open_law(folders)
    for name in chosen:
        found = progress(name, law.folders)
        if missing:
            for wording in found.missing:
                click.echo(f"{wording.catalogue}:{wording.key}\t{wording.text}")
            continue
        done = len(found.texts) - len(found.missing)
        stale = f", {len(found.stale):,} translations of texts that are gone" if found.stale else ""
        click.echo(f"{NAMES[name]} ({name}): {done:,} of {len(found.texts):,} texts{stale}")
        for kind, (total, lacking) in found.kinds().items():
            click.echo(f"  {kind:28} {total - lacking:>6,} of {total:>6,}")


@law_command.command("install")
@click.argument("file", metavar="FILE.zip")
def install_command(file: str) -> None:
    """Verify a release of the law and take it from now on; earlier ones stay usable by their version."""
    name = installed.install(Path(file))
    click.echo(f"installed law {name}; `carnet law use bundled` goes back")


@law_command.command("use")
@click.argument("name", metavar="VERSION|bundled")
def use_command(name: str) -> None:
    """Take an installed release, or the law that came with the engine, from now on."""
    click.echo(f"the law taken is {installed.use(name)}")


@law_command.command("key")
@click.option("-o", "--output", "file", required=True, metavar="KEY.pem", help="Where the private key is written.")
def key_command(file: str) -> None:
    """Make a key to sign releases with, and print the public half that others trust (CARNET_LAW_KEYS)."""
    from carnet.law.release import new_key

    path = Path(file)
    if path.exists():
        raise InputError("exists already", Place(file), "a key is never overwritten; name another file")
    check_writable(file)
    private, public = new_key()
    write_whole(path, private, mode=0o600)
    click.echo(public)
