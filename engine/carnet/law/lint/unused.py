# SPDX-License-Identifier: Apache-2.0
"""What stands in the law and plays no part in it."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.law.lint.model import Found, Level, Linted, lint_rule
from carnet.law.model import Jurisdiction
from carnet.logic.condition import Applied, Condition, facts_read, leaves, params_read

READ_BY_ENGINE = (
    "organisation.roles",
    "organisation.home_country",
    "commercial.entry_mode",
    "operation.start_date",
    "vehicle.type_approved_on",
)


def conditions(law: Linted) -> Iterator[Condition]:
    """Every condition of the law, before a market's values are put in."""
    for derivation in law.linked.derivations:
        if derivation.condition is not None:
            yield derivation.condition
    for item in law.linked.jurisdictions.values():
        yield from (rule.applies_when for rule in item.rules)
        yield from (rule.requires for rule in item.rules)
        yield from (route.available_when for route in item.routes)
        yield from (explanation.when for explanation in (*item.closed_for, *item.decided_below))


@lint_rule("unread-fact", Level.WARNING)
def unread_fact(law: Linted) -> Found:
    read = set(READ_BY_ENGINE)
    for condition in conditions(law):
        read |= facts_read(condition)
    for derivation in law.linked.derivations:
        read |= derivation.expr.facts() if derivation.expr else set()
    for path in law.linked.vocabulary.facts:
        if path not in read:
            yield (
                law.fact_place(path),
                f"no rule reads the fact `{path}`",
                "remove it, or use it where the law asks for it",
            )
    for derivation in law.linked.derivations:
        if derivation.path not in read:
            yield derivation.place, f"no rule reads the derived fact `{derivation.path}`", "remove it"


@lint_rule("unasked-approval", Level.WARNING)
def unasked_approval(law: Linted) -> Found:
    asked = set(_approvals(law))
    for item in law.linked.jurisdictions.values():
        for approval in item.approvals:
            if approval.id not in asked:
                hint = "add it to the `needs:` of a route or to a rule, or remove it"
                yield approval.place, f"no rule and no route asks for the approval `{approval.id}`", hint


def _approvals(law: Linted) -> Iterator[str]:
    for condition in conditions(law):
        for leaf in leaves(condition):
            if isinstance(leaf, Applied):
                yield from leaf.approvals
        yield from (path.split(".")[1] for path in facts_read(condition) if path.startswith("approvals."))
    for item in law.linked.jurisdictions.values():
        yield from (name for route in item.routes for group in route.needs for name in group)
        yield from (name for approval in item.approvals for group in approval.after for name in group)
        yield from (name for others in item.recognises.values() for name in others)


@lint_rule("unused-action", Level.WARNING)
def unused_action(law: Linted) -> Found:
    used = {rule.remedy.action for rule in law.every_rule}
    used |= {action for kind in law.linked.bearers.approval_kinds.values() for action in kind.actions}
    for action in law.linked.actions.values():
        if action.id not in used:
            yield (
                law.action_place(action.id),
                f"no remedy is the action `{action.id}`",
                "remove it, or name it in a `remedy:`",
            )


@lint_rule("remedy-without-action", Level.WARNING)
def remedy_without_action(law: Linted) -> Found:
    for rule in law.rules():
        if rule.curable and not rule.remedy.action:
            hint = "give `remedy: {action: ...}`, or say `curable: false` where nothing can be done"
            yield rule.place, f"rule `{rule.id}` names no action that closes its gap", hint


@lint_rule("unused-parameter", Level.INFO)
def unused_parameter(law: Linted) -> Found:
    used: set[str] = set()
    for condition in conditions(law):
        used |= params_read(condition)
    for derivation in law.linked.derivations:
        used |= derivation.expr.params() if derivation.expr else set()
    for item in law.linked.jurisdictions.values():
        yield from _unused(item, used)


def _unused(item: Jurisdiction, used: set[str]) -> Found:
    for parameter in item.parameters.values():
        if parameter.name not in used:
            yield parameter.place, f"no rule uses the parameter `{parameter.name}`", "it is shown with the market only"
