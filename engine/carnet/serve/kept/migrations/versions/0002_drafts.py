# SPDX-License-Identifier: Apache-2.0
"""Profiles that people have open, whether they are saved or not."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(400), nullable=False, index=True),
        sa.Column("origin", sa.String(300), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("markets", sa.JSON, nullable=False),
        sa.Column("as_of", sa.String(10)),
        sa.Column("saved", sa.String(32), nullable=False),
        sa.Column("saved_version", sa.Integer, nullable=False),
        sa.Column("used", sa.String(30), nullable=False),
    )
