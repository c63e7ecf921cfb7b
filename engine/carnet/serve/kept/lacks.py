# SPDX-License-Identifier: Apache-2.0
"""Lacks as people work on them: given to a person or a partner with a day, and talked about.

A lack is known by the id that reports give it (`approval:ID`, `fact:path@jurisdiction`).
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from carnet.serve.kept.profiles import find
from carnet.serve.kept.store import Store
from carnet.serve.kept.tables import Assignment, Comment, now
from carnet.serve.problems import Refused


def assign(
    store: Store,
    who: str,
    profile: str,
    lack: str,
    title: str,
    *,
    person: str = "",
    partner: str = "",
    due: dt.date | None = None,
    on: int = 0,
) -> Assignment:
    """Give a lack to a person or a partner. on: the version that this changes, 0 where nobody has it yet.

    Raises:
        Refused: when it is given to nobody or both, or somebody changed it meanwhile.
    """
    if bool(person) == bool(partner):
        raise Refused(422, "input", "a lack is given to a person or to a partner", "name one of them")
    with store.writing() as session:
        find(session, profile)
        query = select(Assignment).where(Assignment.profile == profile, Assignment.lack == lack)
        found = session.scalars(query.with_for_update()).one_or_none()
        if (found.version if found else 0) != on:
            by = f" by {found.who} at {found.at[:16]}" if found else ""
            raise Refused(412, "meanwhile", f"the lack was given to somebody else meanwhile{by}", "look at it again")
        given = found or Assignment(profile=profile, lack=lack, version=0)
        given.title, given.person, given.partner = title, person, partner
        given.due, given.who, given.at = due.isoformat() if due else None, who, now()
        given.version += 1
        session.add(given)
        session.flush()
        store.log(session, who, "lack.assign", f"{profile} {lack}"[:500], person=person, partner=partner, due=given.due)
    return given


def release(store: Store, who: str, profile: str, id_: str) -> None:
    """Take a lack back from whoever has it."""
    with store.writing() as session:
        given = session.get(Assignment, id_)
        if given is None or given.profile != profile:
            raise no_lack()
        session.delete(given)
        store.log(session, who, "lack.release", f"{profile} {given.lack}"[:500])


def assignments(store: Store, profile: str | None = None, partner: str | None = None) -> list[Assignment]:
    """Who has which lack, the next due first."""
    query = select(Assignment).order_by(Assignment.due.is_(None), Assignment.due, Assignment.id)
    if profile is not None:
        query = query.where(Assignment.profile == profile)
    if partner is not None:
        query = query.where(Assignment.partner == partner)
    with store.reading() as session:
        return list(session.scalars(query))


def addressed(session: Session, id_: str, partner: str) -> Assignment:
    """A lack that is addressed to a partner.

    Raises:
        Refused: when there is none, or it is another's.
    """
    given = session.get(Assignment, id_)
    if given is None or not partner or given.partner != partner:
        raise no_lack()
    return given


def comment(store: Store, who: str, profile: str, lack: str, text: str, partner: str = "") -> Comment:
    """Say something of a lack. partner: who may read it beside ourselves; whoever has the lack later does not.

    Raises:
        Refused: when the lack is not given to that partner.
    """
    with store.writing() as session:
        find(session, profile)
        query = select(Assignment.partner).where(Assignment.profile == profile, Assignment.lack == lack)
        if partner and session.scalars(query).one_or_none() != partner:
            raise Refused(422, "input", "the lack is not given to this partner", "give it to him first")
        said = Comment(profile=profile, lack=lack, who=who, text=text, partner=partner)
        session.add(said)
        session.flush()
        store.log(session, who, "lack.comment", f"{profile} {lack}"[:500], comment=said.id, partner=partner)
    return said


def comments(store: Store, profile: str, lack: str | None = None, partner: str | None = None) -> list[Comment]:
    """What was said, in its order. partner: only what that partner may read."""
    query = select(Comment).where(Comment.profile == profile).order_by(Comment.at, Comment.id)
    if partner is not None:
        query = query.where(Comment.partner == partner)
    with store.reading() as session:
        return list(session.scalars(query if lack is None else query.where(Comment.lack == lack)))


def no_lack() -> Refused:
    return Refused(404, "no-lack", "there is no such lack given to anybody", "list them")
