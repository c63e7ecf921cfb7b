# SPDX-License-Identifier: Apache-2.0
"""The view of one set of facts that explanations need: values, where they were declared, and remedies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from carnet.assess.model import Because, RemedyPlan
from carnet.declare.facts import Facts
from carnet.law.law import Law
from carnet.law.model import Remedy
from carnet.logic.condition import Condition, Truth
from carnet.logic.explain import Reason, reasons, unknowns
from carnet.logic.program import Derived
from carnet.logic.solve import repairs
from carnet.logic.wording import value_text


class Evidence:
    """Truths and explanations for one feature's facts.

    truths: the evaluator's answers; places: where among them each condition stands. derived: the derived facts it could
    compute; sources: how each one is.
    """

    def __init__(
        self,
        law: Law,
        facts: Facts,
        truths: Sequence[Truth],
        places: Mapping[Condition, int],
        derived: Mapping[str, Any],
        sources: Mapping[str, Derived],
    ) -> None:
        self.law = law
        self.facts = facts
        self.values: dict[str, Any] = {**facts.values, **derived}
        self._truths = truths
        self._places = places
        self._derived = sources

    def later(self, facts: Facts, truths: Sequence[Truth], derived: Mapping[str, Any]) -> Evidence:
        """The evidence of the same program when facts changed."""
        return Evidence(self.law, facts, truths, self._places, derived, self._derived)

    def truth(self, condition: Condition) -> Truth:
        """The evaluator's answer for a condition of the program."""
        return self._truths[self._places[condition]]

    def because(self, condition: Condition, truth: bool) -> tuple[Because, ...]:
        """What decided a condition, in the order of the law."""
        return tuple(self._because(reason) for reason in reasons(condition, self.values, truth))

    def _because(self, reason: Reason) -> Because:
        place = self.facts.place(reason.path)
        line = place.line if place else 0
        note = "; ".join(filter(None, (self.facts.why(reason.path), self._lacks(reason))))
        required, name = self._named(shown(reason.required)), self._name(reason.path)
        return Because(shown(reason.path), reason.declared, required, line, note, name, reason.choice)

    def _lacks(self, reason: Reason) -> str:
        """What is missing: items of a set, or the rest of a length, time or weight."""
        if reason.missing:
            return f"lacks {', '.join(reason.missing)}"
        unit = self.law.vocabulary.fact(shown(reason.path)).unit if reason.short_by else ""
        return f"lacks {value_text(reason.short_by)} {unit}" if unit else ""

    def _name(self, path: str) -> str:
        approval = self.law.approvals.get(path.split(".")[1]) if path.startswith("approvals.") else None
        return approval.title if approval else ""

    def _named(self, required: str) -> str:
        """The derived fact that a value comes from, with its title."""
        head, mark, path = required.rstrip(")").partition(" (derived.")
        known = self.law.vocabulary
        title = known.fact(f"derived.{path}").question if mark and f"derived.{path}" in known else ""
        return f"{head}{mark}{path}: {title[:1].lower()}{title[1:]})" if title else required

    def unknown(self, conditions: Sequence[Condition]) -> tuple[str, ...]:
        """The undeclared facts that would settle these conditions; a derived fact cannot be declared."""
        found = [path for item in conditions for path in unknowns(item, self.values, self._derived)]
        return tuple(path for path in dict.fromkeys(found) if not path.startswith("derived."))

    def remedy(self, remedy: Remedy, requires: Condition) -> RemedyPlan:
        """How to close a gap: the action of the catalogue and the least change that makes the rule hold."""
        ways = repairs(requires, self.values, self.law.vocabulary)
        action = self.law.actions.get(remedy.action)
        return RemedyPlan(
            action=remedy.action,
            title=action.title if action else "",
            text=remedy.text,
            set=ways[0] if ways else {},
            who=action.who if action else "",
            with_=action.with_ if action else (),
            weeks=action.weeks if action else None,
            alternatives=tuple(ways[1:]),
        )


def shown(text: str) -> str:
    """A path or requirement without the mark of the market that computes a derived fact."""
    while "@" in text and "derived." in text:
        head, _, tail = text.partition("@")
        rest = tail.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789")
        text = head + rest
    return text
