# SPDX-License-Identifier: Apache-2.0
"""What a search may declare otherwise, and what a declaration costs it: what the product is stays as it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from carnet.assess.evidence import EXEMPTIONS
from carnet.declare.facts import is_held
from carnet.errors import UnknownName, shown, suggest

if TYPE_CHECKING:
    from carnet.declare.profile import Profile
    from carnet.law.law import Law
    from carnet.plan.sought import Key
    from carnet.plan.trial import Trial

NEVER = ("derived.", "context.")
UNDECLARED, DECLARED, APPROVAL, EXCEPTION, SCOPE = 1, 4, 16, 48, 64
"""Prices: to say what was not said, to change what was, to obtain an approval or an exemption, to offer less than was
declared."""
OFFERED = frozenset(
    (
        *(
            f"odd.{name}"
            for name in ("road_types", "zones", "structures", "area", "places", "weather", "light", "months")
        ),
        *(f"odd.{name}" for name in ("max_speed_kmh", "posted_limit_max_kmh", "rain_max_mm_h", "visibility_min_m")),
        *(f"odd.temperature_{end}_c" for end in ("min", "max")),
        *(f"automation.{name}" for name in ("max_speed_kmh", "hands_off", "eyes_off")),
        *(f"operation.{name}" for name in ("fleet_size", "fare_charged", "carries")),
    )
)
"""What a company offers: the domain, the speed, the number of vehicles."""

RECORD = frozenset(
    (
        *(f"vehicle.{name}" for name in ("model_year", "type_approved_on", "manufactured_on", "first_registered_on")),
        "vehicle.age_at_import_years",
        "supply_chain.software_finished_on",
        "organisation.permit_revoked_on",
    )
)
"""What has happened, and when: no plan changes it, nor assumes the day that would suit best."""
BUILD = frozenset(
    f"vehicle.{name}"
    for name in (
        *("seats", "gross_mass_kg", "kerb_mass_kg", "length_m", "width_m", "height_m", "axles", "power_kw"),
        *("propulsion", "design_country"),
    )
)
"""How large the vehicle is and what drives it: another one is another product, no way round a rule for this one."""


class Bounds:
    """keep: facts or sections to leave as they are. never: approvals not to count on. change: identity facts that may
    be declared otherwise all the same. offer: whether less may be offered than is declared (domain, speed, fleet). What
    is not declared may be said unless it is kept; but nobody guesses what the product or its maker is, nor what has
    happened: what is fixed by `identity`, `RECORD` or `BUILD` and not declared stays unknown and is asked for."""

    def __init__(
        self,
        law: Law,
        profile: Profile,
        keep: Iterable[str] = (),
        never: Iterable[str] = (),
        change: Iterable[str] = (),
        offer: bool = True,
    ) -> None:
        self.keep = frozenset(_known(law, path) for path in keep)
        self.never = frozenset(_approval(law, name) for name in never)
        free = frozenset(_known(law, path) for path in change)
        identity = {path for path, fact in law.vocabulary.facts.items() if fact.identity}
        declared = {path for layer in profile.content.layers.values() for path in layer.values}
        fixed = identity | RECORD | BUILD | {path for path in declared if not offer and path in OFFERED}
        self.fixed = frozenset(path for path in fixed if not _within(path, free))

    def allow(self, trial: Trial, path: str, value: Any) -> bool:
        """Whether a fact may be declared so."""
        if path.startswith(NEVER) or path in self.fixed or _within(path, self.keep):
            return False
        if not path.startswith("approvals."):
            return True
        name = path.removeprefix("approvals.").rpartition(".")[0]
        return name not in self.never and not (value is True and is_held(path) and name in trial.not_yet)

    def price(self, trial: Trial, key: Key, value: Any) -> int:
        """What a declaration costs: an approval more than a change, a change more than saying what was not said."""
        path = key[1]
        if path.startswith("approvals."):
            if value is False or value is None:
                return UNDECLARED
            return EXCEPTION if self.exceptional(trial, path) else APPROVAL
        chain = trial.law.chain(trial.code)
        before = trial.profile.declared(path, chain, key[0] or None)
        if before is None:
            return UNDECLARED
        return SCOPE if path in OFFERED else DECLARED

    def exceptional(self, trial: Trial, path: str) -> bool:
        """Whether a declaration counts on an exemption, or on a permit to test for what is not a test."""
        approval = trial.law.approvals.get(path.removeprefix("approvals.").rpartition(".")[0])
        if approval is None:
            return False
        return approval.kind in EXEMPTIONS or (approval.kind == "test_permit" and not trial.testing)

    def price_of_way(self, trial: Trial, way: Mapping[str, Any]) -> int:
        return sum(self.price(trial, ("", path), value) for path, value in way.items())


def _within(path: str, names: Collection[str]) -> bool:
    """Whether a path is among the names, or under one of them."""
    parts = path.split(".")
    return any(".".join(parts[:end]) in names for end in range(1, len(parts) + 1))


def _known(law: Law, path: str) -> str:
    """A fact, an approval or a section that exists.

    Raises:
        UnknownName: with the nearest one.
    """
    path = path.strip().rstrip(".*")
    sections = {".".join(name.split(".")[:end]) for name in law.vocabulary.facts for end in (1, 2)}
    if path in sections or path == "approvals" or path in law.vocabulary:
        return path
    if path.startswith("approvals."):
        _approval(law, path.removeprefix("approvals."))
        return path
    hint = suggest(path[:80], [*law.vocabulary.facts, *sections]) or "`carnet facts` lists them"
    raise UnknownName(f"unknown fact or section {shown(path)}", hint=hint)


def _approval(law: Law, name: str) -> str:
    name = name.strip().removeprefix("approvals.").removesuffix(".held")
    if name not in law.approvals:
        raise UnknownName(f"unknown approval {shown(name)}", hint=suggest(name[:80], law.approvals))
    return name
