# SPDX-License-Identifier: Apache-2.0
"""A turn's reasons in words, for the terminal and for calendars."""

from __future__ import annotations

from carnet.assess.model import Status
from carnet.report.timeline import Reason
from carnet.report.words import said
from carnet.spoken import N_, _

_KINDS = {
    "approval_expires": N_("approval {title} is no longer valid"),
    "approval_begins": N_("approval {title} begins"),
    "approval_expected": N_("approval {title} is expected"),
    "waiver_expires": N_("the waiver of {title} ends"),
}
_AFTER = {
    Status.GAP: N_("a gap"),
    Status.UNDETERMINED: N_("not known"),
    Status.COMPLIANT: N_("met"),
    Status.NOT_APPLICABLE: N_("not applicable"),
}


def reason_words(reason: Reason) -> str:
    """What happened, and how the profile stands to it."""
    if reason.kind in _KINDS:
        return _(_KINDS[reason.kind]).format(title=reason.title)
    law = f" ({reason.provision})" if reason.provision else ""
    title = f"{reason.title}{law}"
    if reason.kind == "ends":
        before = _(_AFTER.get(reason.before or Status.GAP, "a gap"))
        return _("{title} ends; it was {before}").format(title=title, before=before)
    told = {
        "title": title,
        "after": _(_AFTER[reason.after or Status.GAP]),
        "severity": said("severity", reason.severity),
    }
    if reason.kind == "starts":
        return _("{title} starts; {after}, {severity}").format(**told)
    return _("{title} changes; {after}, {severity}").format(**told)
