# SPDX-License-Identifier: Apache-2.0
"""The status table: what a rule finds, from the truth of its two conditions."""

from __future__ import annotations

from enum import StrEnum

from carnet.logic.condition import Truth


class Status(StrEnum):
    """Of a finding."""

    COMPLIANT = "compliant"
    GAP = "gap"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not_applicable"


def status_of(applies: Truth, requires: Truth) -> Status:
    """What is asked cannot be a gap where it does not apply, nor undetermined where it is met anyway."""
    if applies is False:
        return Status.NOT_APPLICABLE
    if requires is True:
        return Status.COMPLIANT
    return Status.GAP if applies and requires is False else Status.UNDETERMINED
