# SPDX-License-Identifier: Apache-2.0
"""A plan for one partner: the steps of its role alone, without what the profile marks as confidential."""

from __future__ import annotations

from carnet.declare.profile import Profile
from carnet.errors import UnknownName, shown, suggest
from carnet.law.law import Law
from carnet.plan.model import LaunchChoice, Opening, Plan, Setting, Shut, Step
from carnet.plan.obstacles import Obstacle
from carnet.plan.withheld import Withheld


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


def plan_for(law: Law, plan: Plan, role: str, profile: Profile) -> Plan:
    """The plan as it may be handed to whoever has a role: its steps, but for those that tell something confidential."""
    hidden = Withheld(law, profile)
    own = [step for step in plan.steps if step.who == role]
    steps = [step for step in own if not hidden.name(step.id)]
    names = {step.id for step in steps}
    return plan._replace(
        steps=tuple(_step(step, names, hidden) for step in steps),
        openings=tuple(_opening(one, names, hidden) for one in plan.openings),
        shut=tuple(_shut(one, hidden) for one in plan.shut),
        role=role,
        withheld=len(own) - len(steps),
    )


def _step(step: Step, own: set[str], hidden: Withheld) -> Step:
    return step._replace(
        settings=_shown(step.settings, hidden),
        after=tuple(name for name in step.after if name in own),
        closes=tuple(rule for rule in step.closes if not hidden.rule(rule)),
        lacks=tuple(name for name in step.lacks if not hidden.name(name)),
    )


def _opening(one: Opening, own: set[str], hidden: Withheld) -> Opening:
    return one._replace(
        steps=tuple(name for name in one.steps if name in own),
        critical=tuple(name for name in one.critical if name in own),
        assumptions=_shown(one.assumptions, hidden),
        launch=one.launch and _launch(one.launch, hidden),
        others=tuple(_launch(other, hidden) for other in one.others),
    )


def _launch(launch: LaunchChoice, hidden: Withheld) -> LaunchChoice:
    settings = _shown(launch.settings, hidden)
    own = launch.kind == "choice" and len(settings) < len(launch.settings)  # its name may tell what it is about
    return launch._replace(settings=settings, name="" if own else launch.name)


def _shut(shut: Shut, hidden: Withheld) -> Shut:
    kept = (one for one in shut.obstacles if not hidden.rule(one.rule))
    return shut._replace(obstacles=tuple(_obstacle(one, hidden) for one in kept))


def _obstacle(one: Obstacle, hidden: Withheld) -> Obstacle:
    """What is not known is told by the facts to declare."""
    facts = one.text.split(", ") if one.kind == "unknown" else []
    return one._replace(text=", ".join(path for path in facts if not hidden.path(path))) if facts else one


def _shown(settings: tuple[Setting, ...], hidden: Withheld) -> tuple[Setting, ...]:
    return tuple(one for one in settings if not hidden.path(one.path))
