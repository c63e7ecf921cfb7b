# SPDX-License-Identifier: Apache-2.0
"""Comments say which partner may read them; those made before are internal, since nobody meant them for a partner."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("comments", sa.Column("partner", sa.String(300), nullable=False, server_default=""))
