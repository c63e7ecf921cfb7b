# SPDX-License-Identifier: Apache-2.0
"""The tables. Times are texts of UTC that sort; identifiers are random; a profile's text is kept as it was written."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Table(DeclarativeBase):
    """What all tables share."""

    type_annotation_map = {dict[str, Any]: JSON, list[str]: JSON}  # noqa: RUF012


def new_id() -> str:
    return uuid.uuid4().hex


def now() -> str:
    """This moment, in UTC."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class SavedProfile(Table):
    """A profile by its present version; `archived` ones are left out of lists."""

    __tablename__ = "profiles"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(300))
    version: Mapped[int]
    archived: Mapped[bool] = mapped_column(default=False)


class Version(Table):
    """A profile as it stood: who wrote it, when and why."""

    __tablename__ = "versions"

    profile: Mapped[str] = mapped_column(ForeignKey("profiles.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    who: Mapped[str] = mapped_column(String(300))
    at: Mapped[str] = mapped_column(String(30), default=now)
    why: Mapped[str] = mapped_column(String(2000))


class ApprovalCare(Table):
    """Who looks after an approval, and when to be reminded; its state and end stand in the profile."""

    __tablename__ = "approval_care"

    profile: Mapped[str] = mapped_column(ForeignKey("profiles.id"), primary_key=True)
    approval: Mapped[str] = mapped_column(String(200), primary_key=True)
    owner: Mapped[str] = mapped_column(String(300))
    remind_on: Mapped[str | None] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(2000), default="")
    version: Mapped[int] = mapped_column(default=1)


class Assignment(Table):
    """A lack that somebody is to close: a person of ours, or a partner, who sees nothing else."""

    __tablename__ = "assignments"
    __table_args__ = (UniqueConstraint("profile", "lack"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    profile: Mapped[str] = mapped_column(ForeignKey("profiles.id"))
    lack: Mapped[str] = mapped_column(String(300))
    title: Mapped[str] = mapped_column(String(500))
    person: Mapped[str] = mapped_column(String(300), default="")
    partner: Mapped[str] = mapped_column(String(300), default="", index=True)
    due: Mapped[str | None] = mapped_column(String(10))
    who: Mapped[str] = mapped_column(String(300))
    at: Mapped[str] = mapped_column(String(30), default=now)
    version: Mapped[int] = mapped_column(default=1)


class Comment(Table):
    """What somebody said of a lack: among ourselves, or also for the partner named."""

    __tablename__ = "comments"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    profile: Mapped[str] = mapped_column(ForeignKey("profiles.id"), index=True)
    lack: Mapped[str] = mapped_column(String(300))
    who: Mapped[str] = mapped_column(String(300))
    at: Mapped[str] = mapped_column(String(30), default=now)
    text: Mapped[str] = mapped_column(Text)
    partner: Mapped[str] = mapped_column(String(300), default="", server_default="")


class Evidence(Table):
    """A file that shows that a lack is closed; its content is kept by hash, apart."""

    __tablename__ = "evidence"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    profile: Mapped[str] = mapped_column(ForeignKey("profiles.id"), index=True)
    lack: Mapped[str] = mapped_column(String(300))
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))
    who: Mapped[str] = mapped_column(String(300))
    at: Mapped[str] = mapped_column(String(30), default=now)


class Snapshot(Table):
    """A report as it was made, with all that is needed to make it again."""

    __tablename__ = "snapshots"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    profile: Mapped[str] = mapped_column(ForeignKey("profiles.id"), index=True)
    number: Mapped[int]
    markets: Mapped[list[str]]
    as_of: Mapped[str | None] = mapped_column(String(10))
    today: Mapped[str] = mapped_column(String(10))
    receipt: Mapped[dict[str, Any]]
    counts: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    who: Mapped[str] = mapped_column(String(300))
    at: Mapped[str] = mapped_column(String(30), default=now)


class Draft(Table):
    """A profile that somebody has open and alone sees; no work of the team, so that no archive holds it."""

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(String(400), index=True)
    origin: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    markets: Mapped[list[str]]
    as_of: Mapped[str | None] = mapped_column(String(10))
    saved: Mapped[str] = mapped_column(String(32))
    saved_version: Mapped[int]
    used: Mapped[str] = mapped_column(String(30))


class Setting(Table):
    """What is settled for all who use this store, such as the law in use."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[str] = mapped_column(String(500))


class Line(Table):
    """A line of the log; `sha256` is over it and the line before."""

    __tablename__ = "log"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(30))
    who: Mapped[str] = mapped_column(String(300))
    action: Mapped[str] = mapped_column(String(100))
    subject: Mapped[str] = mapped_column(String(500))
    detail: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
