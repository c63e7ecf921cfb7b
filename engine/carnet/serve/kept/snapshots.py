# SPDX-License-Identifier: Apache-2.0
"""Reports as they were made: kept with all they were made of, run again to see that they still come out the same."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import select

from carnet.api import Law
from carnet.assess.check import check
from carnet.assess.model import Report
from carnet.plan.questions import ask
from carnet.report.json import render
from carnet.serve.computing import Tick
from carnet.serve.kept.profiles import version_of
from carnet.serve.kept.store import Store
from carnet.serve.kept.tables import Snapshot
from carnet.serve.problems import Refused
from carnet.serve.reading import read_profile

EVALUATOR = "native"


class Rerun(NamedTuple):
    """Whether a report came out the same; else what it was made with that is not what there is now."""

    same: bool
    differs: tuple[str, ...]


def take(
    store: Store,
    law: Law,
    who: str,
    profile: str,
    markets: Sequence[str],
    as_of: dt.date | None,
    tick: Tick,
    number: int | None = None,
) -> Snapshot:
    """Make a report of a saved profile and keep it. The day is settled, so that it can be made again."""
    version = version_of(store, profile, number)
    report, text = _made(law, version.text, markets, as_of or dt.date.today(), tick)
    raw = text.encode()
    kept = Snapshot(
        profile=profile,
        number=version.number,
        markets=list(markets),
        as_of=(as_of or dt.date.today()).isoformat(),
        today=dt.date.today().isoformat(),
        receipt=report.receipt._asdict(),
        counts=counted(report),
        sha256=hashlib.sha256(raw).hexdigest(),
        body=zlib.compress(raw, 6),
        who=who,
    )
    with store.writing() as session:
        session.add(kept)
        session.flush()
        store.log(session, who, "snapshot.take", profile, snapshot=kept.id, version=version.number, sha256=kept.sha256)
    return kept


def _made(law: Law, text: str, markets: Sequence[str], as_of: dt.date, tick: Tick) -> tuple[Report, str]:
    report = check(law, read_profile(law, text), markets, as_of, EVALUATOR, tick)
    return report, render(report, ask=partial(ask, law))


def counted(report: Report) -> dict[str, Any]:
    """What a line of progress is drawn from."""
    outcomes = Counter(str(market.outcome) for market in report)
    severities = Counter[str]()
    for market in report:
        severities.update(market.severities)
    return {"outcomes": dict(outcomes), "gaps": dict(severities), "markets": len(report.markets)}


def listed(store: Store, profile: str) -> list[Snapshot]:
    """The snapshots of a profile, the newest first."""
    query = select(Snapshot).where(Snapshot.profile == profile).order_by(Snapshot.at.desc(), Snapshot.id)
    with store.reading() as session:
        return list(session.scalars(query))


def found(store: Store, profile: str, id_: str) -> Snapshot:
    with store.reading() as session:
        kept = session.get(Snapshot, id_)
    if kept is None or kept.profile != profile:
        raise Refused(404, "no-snapshot", "there is no such snapshot", "list them")
    return kept


def text_of(kept: Snapshot) -> str:
    """The report itself, in JSON."""
    return zlib.decompress(kept.body).decode()


def run_again(store: Store, law: Law, kept: Snapshot, tick: Tick) -> Rerun:
    """Make the report again with the law and engine of now; the same law and engine must give the same report."""
    version = version_of(store, kept.profile, kept.number)
    day = dt.date.fromisoformat(kept.as_of or kept.today)
    report, text = _made(law, version.text, kept.markets, day, tick)
    same = hashlib.sha256(text.encode()).hexdigest() == kept.sha256
    now = report.receipt._asdict()
    differs = tuple(name for name, value in kept.receipt.items() if now[name] != value)
    return Rerun(same, () if same else differs or _where(json.loads(text_of(kept)), json.loads(text)))


def _where(old: Any, new: Any) -> tuple[str, ...]:
    """The markets that differ although everything they are made of is the same: a fault, to be told."""
    now = {market["market"]: market for market in new["markets"]}
    return tuple(f"market {each['market']}" for each in old["markets"] if now.get(each["market"]) != each)


def weekly(store: Store, profile: str) -> list[dict[str, Any]]:
    """A line of progress: for each week with a snapshot the counts of its last one, the oldest first."""
    weeks: dict[str, Snapshot] = {}
    for kept in listed(store, profile):
        year, week, _ = dt.date.fromisoformat(kept.at[:10]).isocalendar()
        weeks.setdefault(f"{year}-W{week:02}", kept)
    return [{"week": week, "snapshot": kept.id, **kept.counts} for week, kept in sorted(weeks.items())]
