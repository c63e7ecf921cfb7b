# SPDX-License-Identifier: Apache-2.0
"""What explanations need of one set of facts: values, where they were declared, and remedies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from carnet.assess.model import Because, RemedyPlan
from carnet.declare.facts import Facts
from carnet.declare.grants import OWN
from carnet.frozen import EMPTY, Frozen
from carnet.law.law import Law
from carnet.law.model import Remedy
from carnet.law.rulebook import plain_path
from carnet.logic.condition import Compare, Computed, Condition, FactRef, Operand, leaves, operand_facts
from carnet.logic.explain import ProfileView, Reason, reason_of, reasons, settling, truth_of
from carnet.logic.formula import Expr, evaluate, formula_text
from carnet.logic.program import Derived
from carnet.logic.solve import repairs
from carnet.logic.wording import operand_text, value_text
from carnet.spoken import ENGLISH, _, language

EXEMPTIONS = ("exemption", "individual_approval")
"""Kinds of approvals that are no ordinary way in: asked for, and sought, when no other is left."""


class Evidence:
    """Explains truths by one feature's facts.

    derived: the derived facts that could be computed; sources: what each one is made of.
    """

    def __init__(self, law: Law, facts: Facts, derived: Mapping[str, Any], sources: Mapping[str, Derived]) -> None:
        self.law = law
        self.facts = facts
        self.values: dict[str, Any] = {**facts.values, **derived}
        self.view = ProfileView(self.values, sources)

    def because(self, condition: Condition, truth: bool) -> tuple[Because, ...]:
        """What decided a condition, in the order of the law."""
        return tuple(self._because(reason) for reason in reasons(condition, self.values, truth))

    def open(self, condition: Condition, note: str) -> tuple[Because, ...]:
        """The comparisons of a condition that are unknown although what they compare is declared."""
        found = (leaf for leaf in leaves(condition) if isinstance(leaf, Compare))
        reasons_ = (reason_of(leaf, self.values) for leaf in found if truth_of(leaf, self.values) is None)
        return tuple(self._because(reason)._replace(note=note) for reason in reasons_)

    def without_value(self, conditions: Iterable[Condition]) -> tuple[Because, ...]:
        """The comparisons that stay open although all they read is declared: with a formula that has no value."""
        found: list[Because] = []
        for leaf in (leaf for condition in conditions for leaf in leaves(condition) if isinstance(leaf, Compare)):
            expr = self._formula(leaf)
            if expr is None or evaluate(expr, self.values) is not None:
                continue
            facts = {path: self.values.get(path) for path in sorted(expr.facts())}
            if None in facts.values():
                continue
            read = ", ".join(f"{plain_path(path)} {value_text(value)}" for path, value in facts.items())
            text = _("the formula {formula} has no value with {facts}: it divides by zero, or takes the root of less")
            note = text.format(formula=formula_text(expr, plain_path), facts=read)
            found.append(
                Because(plain_path(leaf.path), self.values.get(leaf.path), formula_text(expr, plain_path), note=note)
            )
        return tuple(dict.fromkeys(found))

    def _formula(self, leaf: Compare) -> Expr | None:
        """What a comparison computes: on its right, or the derived fact on its left."""
        if isinstance(leaf.operand, Computed):
            return leaf.operand.expr
        paths = (leaf.path, *operand_facts(leaf.operand))
        made = (self.view.derived[path].expr for path in paths if path in self.view.derived)
        return next((expr for expr in made if expr is not None), None)

    def _because(self, reason: Reason) -> Because:
        place = self.facts.place(reason.path)
        note = "; ".join(filter(None, (self.facts.why(reason.path), self._lacks(reason))))
        required = f"{reason.required} ({self._source(reason.operand)})" if reason.operand else reason.required
        line, name = place.line if place else 0, self._name(reason.path)
        path = plain_path(reason.path)
        return Because(path, reason.declared, required, line, note, name, reason.choice, reason.missing)

    def _lacks(self, reason: Reason) -> str:
        """What is missing: items of a set, or the rest of a length, time or weight."""
        if reason.missing:
            return _("lacks {values}").format(values=", ".join(self._known(reason.path, reason.missing)))
        unit = self.law.vocabulary.fact(plain_path(reason.path)).unit if reason.short_by else ""
        return _("lacks {values}").format(values=f"{value_text(reason.short_by)} {unit}") if unit else ""

    def _known(self, path: str, values: Iterable[str]) -> list[str]:
        """Values of a fact; in another language each with what it means, since it is an English word itself."""
        meanings = {} if language() == ENGLISH else self.law.vocabulary.fact(plain_path(path)).values
        return [f"{value} ({meanings[value]})" if value in meanings else str(value) for value in values]

    def _name(self, path: str) -> str:
        approval = self.law.approvals.get(path.split(".")[1]) if path.startswith("approvals.") else None
        return approval.title if approval else ""

    def _source(self, operand: Operand) -> str:
        """Where a value comes from that the law does not state itself; a derived fact with its title."""
        text, known = operand_text(operand, plain_path), self.law.vocabulary
        if isinstance(operand, FactRef) and operand.path.startswith("derived.") and text in known:
            title = known.fact(text).question
            return f"{text}: {title[:1].lower()}{title[1:]}" if title else text
        return text

    def unknown(self, conditions: Iterable[Condition]) -> tuple[str, ...]:
        """The undeclared facts that would settle these conditions; a derived fact cannot be declared."""
        found = (path for path in settling(conditions, self.view) if not path.startswith("derived."))
        return self.facts.asked(path.removesuffix(OWN) for path in found)

    def first(self, unknown: Sequence[str]) -> tuple[str, ...]:
        """What to ask first of these: whether an approval is held before its details, and no exemption."""
        found = dict.fromkeys(map(self._before_details, unknown))
        return tuple(path for path in found if not self._is_exemption(path))

    def _before_details(self, path: str) -> str:
        if not path.startswith("approvals."):
            return path
        held = f"{path.rpartition('.')[0]}.held"
        return path if self.values.get(held) is True else held

    def _is_exemption(self, path: str) -> bool:
        approval = self.law.approvals.get(path.split(".")[1]) if path.startswith("approvals.") else None
        return approval is not None and approval.kind in EXEMPTIONS

    def remedy(self, remedy: Remedy, requires: Condition) -> RemedyPlan:
        """How to close a gap: the action of the catalogue and the least change that makes the rule hold."""
        ways = repairs(requires, self.values, self.law.vocabulary)
        action = self.law.actions.get(remedy.action)
        return RemedyPlan(
            action=remedy.action,
            title=action.title if action else "",
            text=remedy.text,
            set=Frozen(ways[0]) if ways else EMPTY,
            who=action.who if action else "",
            with_=action.with_ if action else (),
            weeks=action.weeks if action else None,
            alternatives=tuple(map(Frozen, ways[1:])),
        )
