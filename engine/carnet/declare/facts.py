# SPDX-License-Identifier: Apache-2.0
"""The facts that count for one market, feature and day, out of the layers of a profile.

A nearer layer outweighs a wider one: base, feature, then the overlays of each jurisdiction from the outermost to the
market itself, and within a jurisdiction the feature's own overlay last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from carnet.declare.vocabulary import Fact, Value
from carnet.errors import Place

if TYPE_CHECKING:
    from carnet.declare.layers import Layer
    from carnet.declare.reading import LayerKey

Signature = frozenset[tuple[str, Value]]


@dataclass(frozen=True, slots=True)
class Closed:
    """The values of undeclared facts in sections declared complete, and the section that answers for each."""

    values: Mapping[str, Value]
    sections: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """Values by path; a path that is missing is unknown.

    `signature` is equal for two markets whose facts are equal apart from `context.*`, so that they can share work.
    `closed` names, for each path that a section declared complete answers for, that section.
    """

    values: dict[str, Value]
    signature: Signature
    closed: Mapping[str, str]
    _layers: tuple[Layer, ...] = field(repr=False)
    _notes: Mapping[str, str] = field(repr=False)

    def place(self, path: str) -> Place | None:
        """Where the value that counts was declared; None when it was not declared at all."""
        for layer in reversed(self._layers):
            if path in layer.values:
                return layer.places[path] if layer.values[path] is not None else None
        return None

    def why(self, path: str) -> str:
        """Why a fact has a value other than the declared one, or one without being declared; else empty."""
        if path in self._notes:
            return self._notes[path]
        section = self.closed.get(path)
        return f"not declared, and `{section}` is declared complete" if section and not self.place(path) else ""


def layers_for(layers: Mapping[LayerKey, Layer], market_chain: Sequence[str], feature: str | None) -> tuple[Layer, ...]:
    """The layers that count for a market (its chain: itself first, then its ancestors), the weakest first."""
    return tuple(layers[key] for key in layer_order(market_chain, feature) if key in layers)


def layer_order(market_chain: Sequence[str], feature: str | None) -> tuple[LayerKey, ...]:
    """The layers that a market and feature may have, the weakest first."""
    order: list[LayerKey] = [("", ""), (feature or "", "")]
    for code in reversed(market_chain):
        order += [("", code), (feature or "", code)]
    return tuple(dict.fromkeys(order))


def gather_facts(
    layers: tuple[Layer, ...],
    closed: Closed,
    as_of: dt.date,
    context: Mapping[str, Value],
    recognises: Mapping[str, tuple[str, ...]],
) -> Facts:
    """Lay the layers over each other, then decide which approvals count on the day."""
    declared: dict[str, Value | None] = {}
    for layer in layers:
        declared.update(layer.values)
    values = dict(closed.values)
    values.update((path, value) for path, value in declared.items() if value is not None)
    notes = _lapse(values, as_of)
    notes.update(_recognise(values, recognises))
    signature = frozenset(values.items())
    values.update(context)
    return Facts(values, signature, closed.sections, layers, notes)


def _lapse(values: dict[str, Value], as_of: dt.date) -> dict[str, str]:
    """Take `held` from approvals that are not valid on the day, and say why."""
    notes = {}
    for path in [path for path, value in values.items() if value is True and is_held(path)]:
        approval = path.removesuffix("held")
        granted_on, valid_until = values.get(f"{approval}granted_on"), values.get(f"{approval}valid_until")
        if isinstance(granted_on, dt.date) and granted_on > as_of:
            notes[path] = f"granted only on {granted_on}"
        elif isinstance(valid_until, dt.date) and valid_until < as_of:
            notes[path] = f"expired on {valid_until}"
        if path in notes:
            values[path] = False
    return notes


def _recognise(values: dict[str, Value], recognises: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Count an approval as held where the market takes another one for it; recognition is not passed on."""
    notes = {}
    for approval, others in recognises.items():
        path = f"approvals.{approval}.held"
        other = next((other for other in others if values.get(f"approvals.{other}.held") is True), None)
        if other and values.get(path) is not True:
            notes[path] = f"held through `{other}`, which is recognised for it"
    values.update(dict.fromkeys(notes, True))
    return notes


def is_held(path: str) -> bool:
    """Whether a path says that some approval is held."""
    return path.startswith("approvals.") and path.endswith(".held")


def close(complete: Sequence[str], facts: Mapping[str, Fact], approvals: Iterable[str]) -> Closed:
    """What the sections declared complete answer where nothing is declared: no, none, not held.

    Numbers, choices, dates and texts stay unknown: no value stands for their absence.
    """
    values: dict[str, Value] = {}
    sections: dict[str, str] = {}
    for section in complete:
        for path, fact in facts.items():
            if path.startswith(f"{section}.") and fact.type in ("bool", "set"):
                values[path] = False if fact.type == "bool" else ()
                sections.setdefault(path, section)
    if "approvals" in complete:
        held = [f"approvals.{approval}.held" for approval in approvals]
        values.update(dict.fromkeys(held, False))
        sections.update(dict.fromkeys(held, "approvals"))
    return Closed(values, sections)
