# SPDX-License-Identifier: Apache-2.0
"""What comes due: approvals and waivers that end, days on which somebody wants to be reminded, lacks to be closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import select

from carnet.api import Law, Profile
from carnet.errors import CarnetError
from carnet.serve.kept import profiles
from carnet.serve.kept.lacks import assignments
from carnet.serve.kept.store import Store
from carnet.serve.kept.tables import ApprovalCare
from carnet.serve.problems import Refused
from carnet.serve.reading import read_profile


class Reminder(NamedTuple):
    """One thing, by its day; `kind` is approval_ends, waiver_ends, remind, due or unreadable."""

    day: dt.date
    kind: str
    profile: str
    name: str
    subject: str
    owner: str


def look_after(
    store: Store,
    law: Law,
    who: str,
    profile: str,
    approval: str,
    owner: str,
    remind_on: dt.date | None,
    note: str,
    on: int,
) -> ApprovalCare:
    """Say who looks after an approval. on: the version that this changes, 0 where nobody does yet.

    Raises:
        Refused: for an approval that does not exist, and when somebody changed it meanwhile.
    """
    if approval not in law.approvals:
        raise Refused(404, "unknown-name", "there is no such approval", "see /v1/catalogue")
    with store.writing() as session:
        profiles.find(session, profile)
        found = session.get(ApprovalCare, (profile, approval), with_for_update=True)
        if (found.version if found else 0) != on:
            raise Refused(412, "meanwhile", "somebody changed who looks after this approval", "look at it again")
        care = found or ApprovalCare(profile=profile, approval=approval, version=0)
        care.owner, care.note = owner, note
        care.remind_on = remind_on.isoformat() if remind_on else None
        care.version += 1
        session.add(care)
        session.flush()
        store.log(session, who, "approval.care", f"{profile} {approval}", owner=owner, remind_on=care.remind_on)
    return care


def care_of(store: Store, profile: str | None = None) -> list[ApprovalCare]:
    """Who looks after which approval."""
    query = select(ApprovalCare).order_by(ApprovalCare.profile, ApprovalCare.approval)
    with store.reading() as session:
        return list(session.scalars(query if profile is None else query.where(ApprovalCare.profile == profile)))


def coming(store: Store, law: Law, until: dt.date) -> list[Reminder]:
    """Everything that comes due until a day, what is overdue included, the next first."""
    found: list[Reminder] = []
    names: dict[str, str] = {}
    owners = {(care.profile, care.approval): care for care in care_of(store)}
    for saved, version in profiles.listed(store):
        names[saved.id] = saved.name
        try:
            profile = read_profile(law, version.text)
        except CarnetError as error:
            found.append(Reminder(dt.date.today(), "unreadable", saved.id, saved.name, str(error)[:300], version.who))
            continue
        for approval, day in _ends(profile):
            care = owners.get((saved.id, approval))
            found.append(Reminder(day, "approval_ends", saved.id, saved.name, approval, care.owner if care else ""))
        for waiver in profile.waivers:
            if waiver.until:
                found.append(Reminder(waiver.until, "waiver_ends", saved.id, saved.name, waiver.rule, waiver.by))
    for care in owners.values():
        if care.remind_on and care.profile in names:
            day = dt.date.fromisoformat(care.remind_on)
            found.append(Reminder(day, "remind", care.profile, names[care.profile], care.approval, care.owner))
    for given in assignments(store):
        if given.due and given.profile in names:
            day = dt.date.fromisoformat(given.due)
            owner = given.person or given.partner
            found.append(Reminder(day, "due", given.profile, names[given.profile], given.lack, owner))
    return sorted(each for each in found if each.day <= until)


def _ends(profile: Profile) -> Iterator[tuple[str, dt.date]]:
    """The approvals of a profile that end on a day, each with the first of its days."""
    ends: dict[str, dt.date] = {}
    for layer in profile.content.layers.values():
        for path, value in layer.values.items():
            if path.startswith("approvals.") and path.endswith(".valid_until") and isinstance(value, dt.date):
                approval = path.removeprefix("approvals.").removesuffix(".valid_until")
                ends[approval] = min(value, ends.get(approval, value))
    yield from ends.items()
