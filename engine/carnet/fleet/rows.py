# SPDX-License-Identifier: Apache-2.0
"""The rows of a block that can be assessed, and those that were left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from carnet.fleet.facts import Declared
from carnet.fleet.table import FILE, LINE


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was left out: its number in the table (the first is 1), its name, the column and the reason.

    line: where it starts in its file, where that is text; file: which, where there are several.
    """

    row: int
    profile: str
    column: str
    reason: str
    line: int | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that can be assessed, each column null where the table has none.

    markets: null where every market asked for is meant. days: the rows' own. features: each row's, with blanks between.
    homes: the exporters' own countries. waivers: as `carnet.fleet.waivers` reads them.
    """

    profiles: pa.Array
    declared: Declared
    markets: pa.Array | None = None
    days: pa.Array | None = None
    features: pa.Array | None = None
    homes: pa.Array | None = None
    waivers: pa.Array | None = None
    rejects: tuple[Reject, ...] = ()


def without(block: Block, faults: Mapping[int, tuple[str, str]], first: int, batch: pa.RecordBatch) -> Block:
    """The block without the rows that have a fault."""
    keep = np.ones(block.declared.rows, np.bool_)
    keep[list(faults)] = False
    lines, files = (batch.column(name) if name in batch.schema.names else None for name in (LINE, FILE))
    rejects = tuple(
        Reject(
            first + row,
            block.profiles[row].as_py(),
            column,
            reason,
            lines[row].as_py() if lines is not None else None,
            files[row].as_py() if files is not None else None,
        )
        for row, (column, reason) in sorted(faults.items())
    )
    return select(block, pa.array(keep), rejects)


def select(block: Block, mask: pa.Array, rejects: tuple[Reject, ...] = ()) -> Block:
    """The rows of a mask."""

    def pick(column: pa.Array | None) -> pa.Array | None:
        return None if column is None else column.filter(mask)

    return Block(
        pick(block.profiles),
        block.declared.take(mask),
        pick(block.markets),
        pick(block.days),
        pick(block.features),
        pick(block.homes),
        pick(block.waivers),
        rejects,
    )
