# SPDX-License-Identifier: Apache-2.0
"""Releases of the law: what a new one changes in the saved profiles, seen before it is switched on for all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from carnet.api import Law
from carnet.assess.check import check
from carnet.errors import CarnetError
from carnet.law.installed import BUNDLED, data_folder, installed
from carnet.law.locate import bundled_law
from carnet.report.diff import diff
from carnet.report.json import to_data
from carnet.serve.computing import Tick
from carnet.serve.kept import profiles
from carnet.serve.kept.store import Store
from carnet.serve.kept.tables import Setting
from carnet.serve.problems import Refused
from carnet.serve.reading import read_profile

IN_USE = "law"


def names() -> list[str]:
    """The releases that can be switched on: those installed, and the one that came with the engine."""
    return [BUNDLED, *installed()]


def in_use(store: Store) -> str | None:
    """The release that was switched on; None where none was."""
    with store.reading() as session:
        found = session.get(Setting, IN_USE)
    return found.value if found else None


def opened(name: str, packs: tuple[str, ...]) -> Law:
    """A release by its name, with the company's own packs over it.

    Raises:
        Refused: when it is not installed.
    """
    if name not in names():
        raise Refused(404, "no-release", "this release of the law is not installed", "see `carnet law status`")
    base = bundled_law() if name == BUNDLED else data_folder() / name
    return Law.open([base, *map(Path, packs)])


def preview(
    store: Store, now: Law, then: Law, markets: Sequence[str], as_of: dt.date | None, tick: Tick
) -> list[dict[str, Any]]:
    """For every saved profile what the other law changes, market by market, and why; what cannot be read is said."""
    found = []
    for saved, version in profiles.listed(store):
        head = {"profile": saved.id, "name": saved.name, "version": version.number}
        try:
            old, new = (
                to_data(check(law, read_profile(law, version.text), markets, as_of, "native", tick))
                for law in (now, then)
            )
        except CarnetError as error:
            found.append({**head, "error": str(error), "markets": []})
            continue
        difference = diff(old, new)
        changed = [asdict(market) | {"worse": market.worse} for market in difference.changed]
        found.append({**head, "error": None, "markets": changed})
    return found


def use(store: Store, who: str, name: str, law: Law) -> None:
    """Switch a release on, for every process that serves this store."""
    with store.writing() as session:
        session.merge(Setting(name=IN_USE, value=name))
        store.log(session, who, "law.use", name, version=law.version, sha256=law.sha256)
