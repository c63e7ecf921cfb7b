# SPDX-License-Identifier: Apache-2.0
"""Whose duty a finding is: ours, or a partner's.

The declared roles decide. Where they are not declared, the way of entering the market says which roles a company
usually has; where that is unknown too, nobody is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carnet.law.shared_model import Bearers

ROLES = frozenset(("organisation.roles", "commercial.entry_mode"))


def is_ours(duty_holder: str, facts: Mapping[str, Any], bearers: Bearers) -> bool | None:
    """Whether the company bears the duty; None when neither its roles nor its way in are declared."""
    bearing = bearers.roles[duty_holder]
    if bearing is None:
        return True
    roles = facts.get("organisation.roles")
    own = frozenset(roles) if roles is not None else bearers.entry_modes.get(facts.get("commercial.entry_mode", ""))
    return None if own is None else not own.isdisjoint(bearing)
