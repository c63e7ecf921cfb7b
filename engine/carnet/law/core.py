# SPDX-License-Identifier: Apache-2.0
"""The part of a linked law that every check needs, and how little of a jurisdiction does for one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from carnet.declare.vocabulary import Vocabulary
from carnet.frozen import Frozen, freeze
from carnet.law.cache import Cache
from carnet.law.known import Scale
from carnet.law.limits import Limits
from carnet.law.model import Approval, Jurisdiction
from carnet.law.shared_model import Action, Bearers, Derivation
from carnet.logic.places import Places

if TYPE_CHECKING:
    from carnet.law.link import LinkedLaw

KINDS = ("rules", "routes", "instruments")


class Core(NamedTuple):
    """What every check needs, whatever the market: heads are jurisdictions without rules, routes and notes."""

    version: str
    as_of: dt.date
    sha256: str
    vocabulary: Vocabulary
    groups: Mapping[str, tuple[str, ...]]
    actions: Mapping[str, Action]
    derivations: tuple[Derivation, ...]
    heads: Mapping[str, Jurisdiction]
    approvals: Mapping[str, Approval]
    where: Mapping[str, str]
    instrument_home: Mapping[str, str]
    homes: tuple[str, ...]
    bearers: Bearers
    scale: Scale
    places: Places


def without_tests(jurisdiction: Jurisdiction) -> Jurisdiction:
    """A jurisdiction as checks need it: rules without their own cases."""
    return jurisdiction._replace(rules=tuple(rule._replace(tests=()) for rule in jurisdiction.rules))


def core_of(linked: LinkedLaw, sha256: str) -> Core:
    """The part of a linked law that is not a jurisdiction's own."""
    jurisdictions = linked.jurisdictions.values()
    where = {f"{kind}:{item.id}": j.id for j in jurisdictions for kind in KINDS for item in getattr(j, kind)}
    return Core(
        version=linked.version,
        as_of=linked.as_of,
        sha256=sha256,
        vocabulary=linked.vocabulary,
        groups=linked.groups,
        actions=linked.actions,
        derivations=linked.derivations,
        heads={
            j.id: j._replace(rules=(), routes=(), notes=(), not_covered=(), instruments=(), approvals=(), parameters={})
            for j in jurisdictions
        },
        approvals={approval.id: approval for j in jurisdictions for approval in j.approvals},
        where=where,
        instrument_home={item.id: j.id for j in jurisdictions for item in j.instruments},
        homes=tuple(
            j.id
            for j in jurisdictions
            if "home" in [rule.layer for rule in j.rules] + [route.layer for route in j.routes]
        ),
        bearers=linked.bearers,
        scale=linked.scale,
        places=linked.places,
    )


def compiled(folders: Sequence[Path]) -> tuple[Core, Cache, dict[str, Jurisdiction]]:
    """The law of some folders, compiled and cached as it is read now; its hash is that of the bytes that were read."""
    from carnet.law.cache import LawText
    from carnet.law.link import link_law

    text = LawText(folders)
    linked = link_law(text, cases=False)
    core = freeze(core_of(linked, text.sha256))
    cache = Cache(text.sha256, folders)
    jurisdictions = {code: freeze(without_tests(item)) for code, item in linked.jurisdictions.items()}
    for code, jurisdiction in jurisdictions.items():
        cache.write(code, jurisdiction)
    cache.write("core", core)
    return core, cache, jurisdictions


def limits_of(core: Core) -> Limits:
    """What limits a grant, as the vocabulary says."""
    fields = core.vocabulary.approval_fields
    return Limits(
        Frozen({name: field.limit for name, field in fields.items() if field.limit}),
        core.places,
        frozenset(name for name, kind in core.bearers.approval_kinds.items() if kind.permits_tests),
        tuple(name for name, field in fields.items() if field.in_tests),
    )
