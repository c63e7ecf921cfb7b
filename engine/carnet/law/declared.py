# SPDX-License-Identifier: Apache-2.0
"""Where a condition of the law may ask whether a fact is declared: only where its absence can make nothing better.

A rule may require that something is declared, since its absence is then a gap. Anywhere else, or turned round, a rule
or a way in would come and go with what somebody forgot to say (docs/decisions/0013-declared.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from carnet.source import Path_


def misplaced(data: Any, path: Path_, required: bool) -> Iterator[Path_]:
    """The places in a condition as written at which `declared` may not stand.

    required: whether it is what a rule requires.
    """
    if isinstance(data, list):
        for at, item in enumerate(data):
            yield from misplaced(item, (*path, at), required)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key == "declared" and isinstance(value, bool) and not (required and value):
                yield (*path, key)
            yield from misplaced(value, (*path, key), required and key != "not")
