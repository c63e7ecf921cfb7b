# SPDX-License-Identifier: Apache-2.0
"""Saved profiles: written by versions, each made on the one before, so that nobody's work is written over unseen."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from carnet.api import Law, Profile
from carnet.serve.kept.store import Store
from carnet.serve.kept.tables import SavedProfile, Version
from carnet.serve.problems import Refused
from carnet.serve.reading import read_profile


def save_new(store: Store, law: Law, who: str, text: str, why: str) -> Version:
    """Keep a profile; it has to be one.

    Raises:
        Problems: everything in it that does not follow the vocabulary.
    """
    profile = read_profile(law, text)
    with store.writing() as session:
        saved = SavedProfile(name=profile.name[:300], version=1, archived=False)
        session.add(saved)
        session.flush()
        version = _version(saved, profile, text, who, why)
        session.add(version)
        store.log(session, who, "profile.create", saved.id, version=1, sha256=profile.sha256, why=why)
    return version


def save(store: Store, law: Law, who: str, id_: str, text: str, why: str, on: int) -> Version:
    """Keep a new version of a profile, made on version `on`.

    Raises:
        Refused: when somebody has written a version meanwhile, naming who and when.
    """
    profile = read_profile(law, text)
    with store.writing() as session:
        changed = session.execute(
            update(SavedProfile)
            .where(SavedProfile.id == id_, SavedProfile.version == on)
            .values(version=on + 1, name=profile.name[:300])
        )
        if not changed.rowcount:  # type: ignore[attr-defined]
            raise _meanwhile(session, id_, on)
        version = _version(find(session, id_), profile, text, who, why)
        session.add(version)
        store.log(session, who, "profile.change", id_, version=on + 1, sha256=profile.sha256, why=why)
    return version


def archive(store: Store, who: str, id_: str, archived: bool) -> None:
    """Leave a profile out of lists, or take it back into them; nothing of it is removed."""
    with store.writing() as session:
        find(session, id_).archived = archived
        store.log(session, who, "profile.archive" if archived else "profile.restore", id_)


def listed(store: Store, archived: bool = False) -> list[tuple[SavedProfile, Version]]:
    """The saved profiles by name, each with its present version."""
    with store.reading() as session:
        query = (
            select(SavedProfile, Version)
            .join(Version, (Version.profile == SavedProfile.id) & (Version.number == SavedProfile.version))
            .where(SavedProfile.archived == archived)
            .order_by(SavedProfile.name, SavedProfile.id)
        )
        return [(saved, version) for saved, version in session.execute(query)]


def history(store: Store, id_: str) -> list[Version]:
    """All versions, the newest first."""
    with store.reading() as session:
        find(session, id_)
        return list(session.scalars(select(Version).where(Version.profile == id_).order_by(Version.number.desc())))


def version_of(store: Store, id_: str, number: int | None = None) -> Version:
    """A version, by default the present one."""
    with store.reading() as session:
        wanted = number if number is not None else find(session, id_).version
        version = session.get(Version, (id_, wanted))
    if version is None:
        raise Refused(404, "no-version", f"the profile has no version {wanted}", "its history lists them")
    return version


def find(session: Session, id_: str) -> SavedProfile:
    """A saved profile.

    Raises:
        Refused: when there is none.
    """
    saved = session.get(SavedProfile, id_)
    if saved is None:
        raise Refused(404, "no-profile", "there is no such saved profile", "list them: /v1/work/profiles")
    return saved


def _version(saved: SavedProfile, profile: Profile, text: str, who: str, why: str) -> Version:
    return Version(profile=saved.id, number=saved.version, text=text, sha256=profile.sha256, who=who, why=why)


def _meanwhile(session: Session, id_: str, on: int) -> Refused:
    saved = find(session, id_)
    newest = session.get(Version, (id_, saved.version))
    by = f" by {newest.who} at {newest.at[:16]}" if newest else ""
    detail = f"you changed version {on}, and version {saved.version} was written{by}"
    hint = f"compare with version {saved.version} and save on it; nothing of yours was lost or written"
    return Refused(412, "meanwhile", detail, hint, {"etag": f'"{saved.version}"'})
