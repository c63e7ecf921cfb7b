# SPDX-License-Identifier: Apache-2.0
"""A plan for one partner: the steps of its role alone, without what the profile marks as confidential."""

from __future__ import annotations

from carnet.declare.profile import Profile
from carnet.errors import UnknownName, shown, suggest
from carnet.law.law import Law
from carnet.plan.model import LaunchChoice, Opening, Plan, Setting, Step


def role_of(law: Law, profile: Profile, name: str) -> str:
    """The role that is meant by its own name, or by that of the partner who has it.

    Raises:
        UnknownName: with the nearest role.
    """
    by_partner = {partner.lower(): role for role, partner in profile.partners.items()}
    role = by_partner.get(name.strip().lower(), name.strip().lower().replace(" ", "_"))
    if role not in law.bearers.titles:
        hint = suggest(role, law.bearers.titles) or f"one of {', '.join(law.bearers.titles)}"
        raise UnknownName(f"unknown role {shown(name, 60)}", hint=hint)
    return role


def plan_for(plan: Plan, role: str, profile: Profile) -> Plan:
    """The plan as it may be handed to whoever has a role."""
    hidden = profile.confidential
    steps = tuple(_step(step, hidden) for step in plan.steps if step.who == role)
    own = {step.id for step in steps}
    openings = tuple(_opening(one, own, hidden) for one in plan.openings)
    return plan._replace(steps=steps, openings=openings, role=role)


def _step(step: Step, hidden: tuple[str, ...]) -> Step:
    return step._replace(settings=_shown(step.settings, hidden))


def _opening(one: Opening, own: set[str], hidden: tuple[str, ...]) -> Opening:
    return one._replace(
        steps=tuple(name for name in one.steps if name in own),
        critical=tuple(name for name in one.critical if name in own),
        assumptions=_shown(one.assumptions, hidden),
        launch=one.launch and _launch(one.launch, hidden),
        others=tuple(_launch(other, hidden) for other in one.others),
    )


def _launch(launch: LaunchChoice, hidden: tuple[str, ...]) -> LaunchChoice:
    return launch._replace(settings=_shown(launch.settings, hidden))


def _shown(settings: tuple[Setting, ...], hidden: tuple[str, ...]) -> tuple[Setting, ...]:
    return tuple(one for one in settings if not any(f"{one.path}.".startswith(f"{name}.") for name in hidden))
