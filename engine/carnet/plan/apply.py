# SPDX-License-Identifier: Apache-2.0
"""Declarations put into a profile where nothing else outweighs them: the overlay of the market itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from carnet.declare.profile import Profile
from carnet.declare.vocabulary import Value
from carnet.plan.sought import Changes


def applied(profile: Profile, market: str, changes: Changes) -> Profile:
    """The profile with these declarations for one market."""
    by_feature: dict[str, dict[str, Any]] = defaultdict(dict)
    for (feature, path), value in changes.items():
        for name in (feature,) if feature else ("", *_overriding(profile, market, path)):
            by_feature[name][path] = written(value)
    for feature, facts in by_feature.items():
        profile = profile.with_set(facts, market=market, feature=feature or None, name="plan")
    return profile


def _overriding(profile: Profile, market: str, path: str) -> list[str]:
    """Features whose own overlay for the market would outweigh that of the market."""
    layers = profile.content.layers
    return [name for name in profile.features if (name, market) in layers and path in layers[name, market].values]


def written(value: Value | None) -> Any:
    """A value as a profile writes it."""
    return list(value) if isinstance(value, tuple) else value


def settings(changes: Changes) -> Mapping[str, Any]:
    """Declarations by path, as `--set` takes them."""
    return {path: written(value) for (_, path), value in changes.items()}
