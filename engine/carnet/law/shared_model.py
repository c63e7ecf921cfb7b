# SPDX-License-Identifier: Apache-2.0
"""What all jurisdictions share, linked: actions, who bears which duties, derived facts, the cases of duties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from carnet.law.grounds import Place
from carnet.law.model import Approval
from carnet.law.planning import CostClass, Exceptions, Work
from carnet.logic.condition import Condition, facts_read
from carnet.logic.formula import Expr


class Action(NamedTuple):
    """Something a company does to close gaps; weeks are Carnet's estimates, not law."""

    id: str
    title: str
    who: str
    with_: tuple[str, ...]
    weeks: tuple[int, int]
    after: tuple[str, ...]


class ApprovalKind(NamedTuple):
    """What the approvals of one kind have in common; the second of each pair where one opens a testing route."""

    title: str
    applicants: tuple[str, str]
    actions: tuple[str, str]
    topic: str = "market_access"
    work: Work = Work.APPROVAL
    usual: Exceptions = Exceptions()
    permits_tests: bool = False


class Bearers(NamedTuple):
    """Who bears what: the roles that bear each holder's duties (None: every role), the roles that a way of entering a
    market usually brings, and what the approvals of one kind have in common."""

    titles: Mapping[str, str]
    roles: Mapping[str, frozenset[str] | None]
    entry_modes: Mapping[str, frozenset[str]]
    approval_kinds: Mapping[str, ApprovalKind]
    costs: Mapping[str, CostClass]

    def applicant(self, approval: Approval, testing: bool) -> str:
        """Who applies for an approval: as its catalogue says, else as for its kind."""
        return approval.exceptions.applicant or self.approval_kinds[approval.kind].applicants[testing]

    def obtaining(self, kind: str, testing: bool) -> str:
        """The action that obtains an approval of a kind; empty where the catalogue has none."""
        return self.approval_kinds[kind].actions[testing]


class Derivation(NamedTuple):
    """A derived fact before a market's parameters are put in."""

    path: str
    type: str
    unit: str
    title: str
    source: str
    condition: Condition | None
    expr: Expr | None
    place: Place

    def reads(self) -> frozenset[str]:
        """The facts that it is made of, derived ones as such."""
        if self.condition is not None:
            return facts_read(self.condition)
        return self.expr.facts() if self.expr else frozenset()


class DutyCase(NamedTuple):
    """A duty's own test, with parameter values of its own."""

    duty: str
    applies_when: Condition
    requires: Condition
    given: Mapping[str, object]
    expect: str
    place: Place
