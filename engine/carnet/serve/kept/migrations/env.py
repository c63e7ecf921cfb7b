# SPDX-License-Identifier: Apache-2.0
"""How Alembic reaches the database: by the connection that the store has opened, within its transaction."""

from __future__ import annotations

from alembic import context

from carnet.serve.kept.tables import Table

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Table.metadata, transactional_ddl=False
)
context.run_migrations()
