# SPDX-License-Identifier: Apache-2.0
"""Whose duty a finding is: ours, or a partner's.

The declared roles decide. Where they are not declared, the way of entering the market says which roles a company
usually has; where that is unknown too, nobody is named. What the law asks of a company as such (its investments, its
own technology and data crossing a border) is ours in every role.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ROLES_OF_ENTRY: Mapping[str, frozenset[str]] = {
    "whole_vehicle_export": frozenset(("manufacturer", "ads_developer")),
    "international_supplier": frozenset(("ads_developer", "component_supplier")),
    "foreign_maker_partnership": frozenset(("ads_developer", "component_supplier")),
    "with_domestic_partner": frozenset(("ads_developer", "component_supplier")),
    "joint_venture_platform": frozenset(("ads_developer", "operator", "owner", "remote_operator")),
}
COMPANY = "company"
ROLES_THAT_BEAR: Mapping[str, frozenset[str]] = {
    "manufacturer": frozenset(("manufacturer",)),
    "ads_developer": frozenset(("ads_developer",)),
    "operator": frozenset(("operator", "test_organiser")),
    "owner": frozenset(("owner",)),
    "importer": frozenset(("importer", "distributor")),
    "platform": frozenset(("platform",)),
    "technical_supervisor": frozenset(("operator", "remote_operator")),
    "driver": frozenset(("driver",)),
}
ROLES = frozenset(("organisation.roles", "commercial.entry_mode"))


def is_ours(duty_holder: str, facts: Mapping[str, Any]) -> bool | None:
    """Whether the company bears the duty; None when neither its roles nor its way in are declared."""
    if duty_holder == COMPANY:
        return True
    roles = facts.get("organisation.roles")
    own = frozenset(roles) if roles is not None else ROLES_OF_ENTRY.get(facts.get("commercial.entry_mode", ""))
    return None if own is None else not own.isdisjoint(ROLES_THAT_BEAR[duty_holder])
