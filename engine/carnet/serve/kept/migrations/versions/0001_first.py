# SPDX-License-Identifier: Apache-2.0
"""The first shape of the store. The log takes new lines only: the database itself refuses to change or remove one."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def identity() -> sa.Column[str]:
    return sa.Column("id", sa.String(32), primary_key=True)


def profile(**more: Any) -> sa.Column[str]:
    return sa.Column("profile", sa.String(32), sa.ForeignKey("profiles.id"), **more)


def made() -> tuple[sa.Column[str], ...]:
    """By whom and when."""
    return sa.Column("who", sa.String(300), nullable=False), sa.Column("at", sa.String(30), nullable=False)


def upgrade() -> None:
    text, day, who = sa.String, sa.String(10), sa.String(300)
    op.create_table(
        "profiles",
        identity(),
        sa.Column("name", text(300), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("archived", sa.Boolean, nullable=False),
    )
    op.create_table(
        "versions",
        profile(primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sha256", text(64), nullable=False),
        *made(),
        sa.Column("why", text(2000), nullable=False),
    )
    op.create_table(
        "approval_care",
        profile(primary_key=True),
        sa.Column("approval", text(200), primary_key=True),
        sa.Column("owner", who, nullable=False),
        sa.Column("remind_on", day),
        sa.Column("note", text(2000), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "assignments",
        identity(),
        profile(nullable=False),
        sa.Column("lack", text(300), nullable=False),
        sa.Column("title", text(500), nullable=False),
        sa.Column("person", who, nullable=False),
        sa.Column("partner", who, nullable=False, index=True),
        sa.Column("due", day),
        *made(),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("profile", "lack"),
    )
    op.create_table(
        "comments",
        identity(),
        profile(nullable=False, index=True),
        sa.Column("lack", text(300), nullable=False),
        *made(),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "evidence",
        identity(),
        profile(nullable=False, index=True),
        sa.Column("lack", text(300), nullable=False),
        sa.Column("name", text(200), nullable=False),
        sa.Column("sha256", text(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("media_type", text(100), nullable=False),
        *made(),
    )
    op.create_table(
        "snapshots",
        identity(),
        profile(nullable=False, index=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("markets", sa.JSON, nullable=False),
        sa.Column("as_of", day),
        sa.Column("today", day, nullable=False),
        sa.Column("receipt", sa.JSON, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("sha256", text(64), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        *made(),
    )
    op.create_table(
        "settings", sa.Column("name", text(100), primary_key=True), sa.Column("value", text(500), nullable=False)
    )
    op.create_table(
        "log",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(30), nullable=False),
        sa.Column("who", who, nullable=False),
        sa.Column("action", text(100), nullable=False),
        sa.Column("subject", text(500), nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("sha256", text(64), nullable=False),
    )
    for statement in SEALS[op.get_bind().dialect.name]:
        op.execute(statement)


SEALS = {
    "sqlite": [
        f"CREATE TRIGGER log_no_{verb.lower()} BEFORE {verb} ON log "
        "BEGIN SELECT RAISE(ABORT, 'the log is not changed'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION log_is_sealed() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the log is not changed'; END $$",
        "CREATE TRIGGER log_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON log "
        "FOR EACH STATEMENT EXECUTE FUNCTION log_is_sealed()",
    ],
}
