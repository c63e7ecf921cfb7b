# SPDX-License-Identifier: Apache-2.0
"""What lies outside a limit of a grant, in words: what the law would allow, and where the grant ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from carnet.assess.evidence import Evidence
from carnet.assess.model import Because, Status, Told
from carnet.law.model import Approval, Remedy
from carnet.logic.condition import Condition, facts_read
from carnet.logic.wording import value_text
from carnet.spoken import N_, _

INCOMPARABLE = N_("cannot be compared; write codes (ISO 3166-2, UN/LOCODE) on both sides")


class LimitTeller:
    """Explains one limit of one grant.

    kept: that it is kept. action: what obtains such an approval.
    """

    def __init__(self, evidence: Evidence, approval: Approval, field: str, kept: Condition, action: str) -> None:
        self._evidence, self._approval, self._field, self._kept = evidence, approval, field, kept
        self._action = action

    def told(self, status: Status, waiting: Iterable[Condition], forbidden: Callable[[], frozenset[str]]) -> Told:
        """waiting: what leaves it open whether it matters. forbidden: the facts of which law is broken anyway."""
        evidence, kept = self._evidence, self._kept
        if status is Status.COMPLIANT:
            return Told(evidence.because(kept, True))
        if status is Status.UNDETERMINED:
            unknown = evidence.unknown((*waiting, kept))
            return Told(() if unknown else evidence.open(kept, _(INCOMPARABLE)), unknown)
        if status is Status.NOT_APPLICABLE:
            return Told()
        text = _("Stay within the grant, or have {approval} extended").format(approval=self._approval.id)
        return Told(self._because(forbidden()), remedy=evidence.remedy(Remedy(self._action, text), kept))

    def _because(self, forbidden: frozenset[str]) -> tuple[Because, ...]:
        """What decides, with where the grant ends beside the first line."""
        values = self._evidence.values
        first, *rest = self._evidence.because(self._kept, False)
        beyond = self._evidence.law.vocabulary.approval_fields[self._field].beyond
        if beyond is None:
            return (first, *rest)
        facts = [path for path in sorted(facts_read(self._kept)) if not path.startswith("approvals.")]
        declared = next((values[path] for path in facts if path in values), None)
        granted = values.get(f"approvals.{self._approval.id}.{self._field}")
        words = [beyond.grant] if not forbidden.isdisjoint(facts) else [beyond.law, beyond.grant]
        note = ", ".join(words).format_map({"declared": value_text(declared), "granted": value_text(granted)})
        return (first._replace(note="; ".join(filter(None, (note, first.note)))), *rest)
