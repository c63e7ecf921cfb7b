# SPDX-License-Identifier: Apache-2.0
"""The canonical form of what a profile declares: flat, the same whatever its order, notation and file name."""

from __future__ import annotations

from typing import Any

from carnet.declare.layers import Layer
from carnet.declare.reading import Content


def heads_of(content: Content) -> dict[str, Any]:
    """What a profile says besides the facts of its base."""
    layers = {key: plain(layer) for key, layer in content.layers.items() if key != ("", "")}
    data: dict[str, Any] = {"name": content.name, "description": content.description}
    data["complete"] = sorted(content.complete)
    data["waivers"] = [
        {"rule": waiver.rule, "reason": waiver.reason, "by": waiver.by, "until": waiver.until}
        for waiver in content.waivers
    ]
    data["partners"] = dict(content.partners)
    data["confidential"] = sorted(content.confidential)
    data["confirmations"] = [
        {"rule": item.rule, "by": item.by, "on": item.on, "text": item.text} for item in content.confirmations
    ]
    data["choices"] = {name: plain(layer) for name, layer in content.choices.items()}
    data["attachments"] = [
        {"to": item.to, "file": item.file, "by": item.by, "on": item.on} for item in content.attachments
    ]
    data["features"] = {feature: layers.get((feature, ""), {}) for feature in content.features}
    data["in"] = {code: layer for (feature, code), layer in layers.items() if not feature}
    for (feature, code), layer in layers.items():
        if feature and code:
            data["features"][feature].setdefault("in", {})[code] = layer
    return {key: value for key, value in data.items() if value}


def plain(layer: Layer) -> dict[str, Any]:
    """The facts of a layer, by path."""
    return {path: list(value) if isinstance(value, tuple) else value for path, value in layer.values.items()}
