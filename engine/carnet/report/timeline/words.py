# SPDX-License-Identifier: Apache-2.0
"""A turn's reasons in English, for the terminal and for calendars."""

from __future__ import annotations

from carnet.assess.model import Status
from carnet.report.timeline import Reason

_KINDS = {
    "approval_expires": "approval {title} is no longer valid",
    "approval_begins": "approval {title} begins",
    "approval_expected": "approval {title} is expected",
    "waiver_expires": "the waiver of {title} ends",
}
_AFTER = {
    Status.GAP: "a gap",
    Status.UNDETERMINED: "not known",
    Status.COMPLIANT: "met",
    Status.NOT_APPLICABLE: "not applicable",
}


def reason_words(reason: Reason) -> str:
    """What happened, and how the profile stands to it."""
    if reason.kind in _KINDS:
        return _KINDS[reason.kind].format(title=reason.title)
    law = f" ({reason.provision})" if reason.provision else ""
    if reason.kind == "ends":
        return f"{reason.title}{law} ends; it was {_AFTER.get(reason.before or Status.GAP, 'a gap')}"
    verb = "starts" if reason.kind == "starts" else "changes"
    return f"{reason.title}{law} {verb}; {_AFTER[reason.after or Status.GAP]}, {reason.severity}"
