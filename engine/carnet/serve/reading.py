# SPDX-License-Identifier: Apache-2.0
"""Profiles that were sent or saved, read against the law that answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carnet.api import Law, Profile


def read_profile(law: Law, content: Mapping[str, Any] | str, name: str = "profile") -> Profile:
    """The profile itself; see `Profile.from_text` for the errors, whose places begin with `name`."""
    known = {"approvals": law.approvals, "jurisdictions": law.codes}
    if isinstance(content, str):
        return Profile.from_text(content, law.vocabulary, name=name, **known)
    return Profile.from_dict(content, law.vocabulary, name=name, **known)
