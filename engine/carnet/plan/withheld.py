# SPDX-License-Identifier: Apache-2.0
"""What no file for a partner shows: the facts that a profile marks as confidential, and all that would tell them."""

from __future__ import annotations

from collections.abc import Iterable

from carnet.assess.lacks import Change, Lack
from carnet.declare.grants import APPROVALS
from carnet.declare.profile import Profile
from carnet.errors import UnknownName
from carnet.law.ids import GrantLimit, Need
from carnet.law.law import Law
from carnet.logic.condition import facts_read


class Withheld:
    """Knows which paths, steps, lacks and rules are confidential.

    What is derived from a confidential fact tells it, and so does the limit of a grant that is held against one.
    """

    def __init__(self, law: Law, profile: Profile) -> None:
        self._law, self._marked = law, profile.confidential
        self._derived: set[str] = set()
        self._limits: set[str] = set()
        for derivation in law.derivations:
            if any(map(self.path, derivation.reads())):
                self._derived.add(derivation.path)
        for name, condition in law.limits.fields.items():
            if any(map(self.path, (path for path in facts_read(condition) if not path.startswith("approval.")))):
                self._limits.add(name)

    def path(self, path: str) -> bool:
        """Whether a fact, or what is derived from it or said of a grant for its sake, is confidential."""
        if path in self._derived or any(f"{path}.".startswith(f"{name}.") for name in self._marked):
            return True
        return path.startswith(APPROVALS) and path.rpartition(".")[2] in self._limits

    def part(self, path: str) -> bool:
        """Whether a fact or approval is confidential, or something said of it."""
        return self.path(path) or any(name.startswith(f"{path}.") for name in self._marked)

    def name(self, name: str) -> bool:
        """Whether the id of a step or lack names a confidential fact or approval, or a rule that decides by one."""
        kind, _, rest = name.partition(":")
        about = rest.partition("@")[0]
        if kind in ("approval", "renewal"):
            return self.path(f"{APPROVALS}{about.partition(':')[0]}")
        return self.path(about) if kind == "fact" else self.rule(about)

    def rule(self, rule: str) -> bool:
        """Whether what a rule or need asks for is decided by something confidential."""
        try:
            clause = self._law.clause(rule)
        except UnknownName:  # a closure
            return False
        if isinstance(clause, Need):
            return any(self.path(f"{APPROVALS}{name}") for name in clause.group)
        if isinstance(clause, GrantLimit):
            return self.path(f"{APPROVALS}{clause.approval.id}.{clause.field}")
        return any(map(self.path, facts_read(clause.requires)))

    def changes(self, changes: Iterable[Change]) -> bool:
        """Whether one of these changes is of something confidential."""
        return any(self.path(change.path) for change in changes)

    def lack(self, lack: Lack) -> bool:
        """Whether a lack tells something confidential."""
        return self.name(lack.id) or self.changes(lack.changes)
