# SPDX-License-Identifier: Apache-2.0
"""The facts that count for one market, feature and day, out of the layers of a profile.

A nearer layer outweighs a wider one: base, feature, then the overlays of each jurisdiction from the outermost to the
market itself, and within a jurisdiction the feature's own overlay last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from carnet.declare.closed import Closed
from carnet.declare.layers import Layer
from carnet.declare.vocabulary import Value
from carnet.errors import Place

if TYPE_CHECKING:
    from carnet.declare.reading import LayerKey

Signature = frozenset[tuple[str, Value]]


@dataclass(frozen=True)
class Facts:
    """Values by path; a path that is missing is unknown.

    `closed` names, for each path that a section declared complete answers for, that section.
    """

    values: dict[str, Value]
    closed: Mapping[str, str]
    _layers: tuple[Layer, ...] = field(repr=False)
    _notes: Mapping[str, str] = field(repr=False)

    @cached_property
    def signature(self) -> Signature:
        """Equal for two markets whose facts are equal apart from `context.*`, so that they can share work."""
        return frozenset((path, value) for path, value in self.values.items() if not path.startswith("context."))

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

    def differing(self, later: Facts) -> frozenset[str]:
        """The paths of which these facts say anything else later, when one layer was declared otherwise.

        What is declared otherwise has a place of its own.
        """
        old, new = _not_in(later._layers, self._layers), _not_in(self._layers, later._layers)
        named = {path for path, place in new.places.items() if old.places.get(path) is not place}
        named.update(old.places.keys() - new.places.keys(), self._notes, later._notes)
        return frozenset(path for path in named if self._said(path) != later._said(path))

    def _said(self, path: str) -> tuple[Any, ...]:
        value = self.values.get(path)
        return value, type(value), self.place(path), self.why(path)


def _not_in(others: tuple[Layer, ...], layers: tuple[Layer, ...]) -> Layer:
    """The one layer that is not among the others, or one that declares nothing."""
    return next((layer for layer in layers if all(layer is not other for other in others)), Layer())


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
    values = {**closed.values, **{path: value for path, value in declared.items() if value is not None}}
    notes = _lapse(values, as_of)
    notes.update(_recognise(values, recognises))
    values.update(context)
    return Facts(values, closed.sections, layers, notes)


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
