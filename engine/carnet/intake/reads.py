# SPDX-License-Identifier: Apache-2.0
"""Which facts a condition reads, directly or through what the law derives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carnet.errors import UnknownName
from carnet.logic.condition import Condition, facts_read

if TYPE_CHECKING:
    from carnet.api import Law
    from carnet.law.model import Rule


def facts_behind(law: Law, *conditions: Condition) -> frozenset[str]:
    """The facts that conditions read, those behind derived facts included."""
    read = {path for condition in conditions for path in facts_read(condition)}
    for derivation in reversed(law.derivations):
        if derivation.path in read:
            read |= facts_read(derivation.condition) if derivation.condition is not None else set()
            read |= derivation.expr.facts() if derivation.expr is not None else set()
    return frozenset(read)


def find_rule(law: Law, rule_id: str) -> Rule | None:
    """The rule of a finding; None for a need of a route."""
    try:
        return law.rule(rule_id)
    except UnknownName:
        return None
