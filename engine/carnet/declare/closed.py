# SPDX-License-Identifier: Apache-2.0
"""Sections declared complete: what is not declared in them is answered, too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from carnet.declare.vocabulary import Fact, Value
from carnet.frozen import Frozen


@dataclass(frozen=True, slots=True)
class Closed:
    """The values of undeclared facts in sections declared complete, and the section that answers for each."""

    values: Mapping[str, Value]
    sections: Mapping[str, str]


def close(complete: Sequence[str], facts: Mapping[str, Fact], approvals: Iterable[str]) -> Closed:
    """What the sections declared complete answer where nothing is declared: no, none, not held.

    Numbers, choices, dates and texts stay unknown: no value stands for their absence.
    """
    values: dict[str, Value] = {}
    sections: dict[str, str] = {}
    for section in complete:
        for path, fact in facts.items():
            if path.startswith(f"{section}.") and fact.type in ("bool", "set"):
                values[path] = False if fact.type == "bool" else ()
                sections.setdefault(path, section)
    if "approvals" in complete:
        held = [f"approvals.{approval}.held" for approval in approvals]
        values.update(dict.fromkeys(held, False))
        sections.update(dict.fromkeys(held, "approvals"))
    return Closed(Frozen(values), Frozen(sections))
