# SPDX-License-Identifier: Apache-2.0
"""Reads the parts of a profile file around its facts: features, overlays, closed sections and waivers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from carnet.declare.layers import TOP_KEYS, Keys, Layer, LayerReader
from carnet.declare.values import Names
from carnet.declare.vocabulary import Fact
from carnet.errors import Place, SourceError, shown, suggest
from carnet.source import Source

LayerKey = tuple[str, str]
"""Feature and jurisdiction, each empty where the layer counts for all."""

MAX_FEATURES = 50
_FEATURE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}\Z")
_WAIVER_KEYS = ("rule", "reason", "by", "until")


@dataclass(frozen=True, slots=True)
class Waiver:
    """A gap that someone took responsibility for until a day; the caller checks that the rule exists."""

    rule: str
    reason: str
    by: str
    until: dt.date
    place: Place

    def holds(self, day: dt.date) -> bool:
        """Whether it has not expired on the day."""
        return waiver_holds(self.until, day)


def waiver_holds(until: dt.date, day: dt.date) -> bool:
    """A waiver holds up to its last day, that day included."""
    return day <= until


@dataclass(slots=True)
class Content:
    """What a profile file says, checked."""

    name: str
    description: str
    features: tuple[str, ...]
    complete: tuple[str, ...]
    waivers: tuple[Waiver, ...]
    layers: dict[LayerKey, Layer]


def read_content(source: Source, names: Names) -> Content:
    """Check a whole profile.

    Raises:
        SourceError: when there is nothing but comments in it.
        Problems: everything that is wrong with it.
    """
    if source.data is None:
        raise SourceError("is empty", Place(source.file), "start one with `carnet init`")
    reader = _ProfileReader(source, names)
    data = reader.mapping(source.data, (), "the profile")
    layers = {("", ""): reader.layer(data, skip=TOP_KEYS)}
    layers.update((("", code), layer) for code, layer in reader.overlays(data.get("in"), ("in",)).items())
    features = reader.features(data.get("features"))
    for feature, entries in features.items():
        keys = ("features", feature)
        layers[feature, ""] = reader.layer(entries, keys, skip=("in",))
        overlays = reader.overlays(entries.get("in"), (*keys, "in"))
        layers.update(((feature, code), layer) for code, layer in overlays.items())
    content = Content(
        name=reader.text(data, "name"),
        description=reader.text(data, "description"),
        features=tuple(features),
        complete=reader.complete(data.get("complete")),
        waivers=reader.waivers(data.get("waivers")),
        layers=layers,
    )
    reader.finish()
    return content


class _ProfileReader(LayerReader):
    def text(self, data: Mapping[str, Any], key: str, keys: Keys = ()) -> str:
        value = data.get(key)
        if value is not None and not (isinstance(value, str) and value.strip()):
            self.problem((*keys, key), f"`{key}` is not text", "write it in quotes")
        return value if isinstance(value, str) else ""

    def items(self, data: Any, key: str, example: str) -> list[Any]:
        if data is not None and not isinstance(data, (list, tuple)):
            self.problem((key,), f"`{key}` is not a list", f"write `{example}`")
        return list(data) if isinstance(data, (list, tuple)) else []

    def features(self, data: Any) -> dict[str, Mapping[str, Any]]:
        """The feature overlays by name, in their order."""
        found = {}
        entries = self.mapping(data, ("features",), "`features`")
        if len(entries) > MAX_FEATURES:
            self.problem(("features",), f"`features` has more than {MAX_FEATURES} entries", "split the profile")
            return {}
        for name, value in entries.items():
            keys = ("features", name)
            if not _FEATURE.match(str(name)):
                hint = "use letters, digits, `-` and `_`"
                self.problem(keys, f"the feature name {shown(name)} is not one word", hint)
            found[str(name)] = self.mapping(value, keys, f"the feature {shown(name)}")
        return found

    def overlays(self, data: Any, keys: Keys) -> dict[str, Layer]:
        """The layers below an `in:` key, by jurisdiction."""
        found = {}
        known = self.names.jurisdictions
        for code, value in self.mapping(data, keys, "`in`").items():
            if known is not None and code not in known:
                hint = suggest(str(code)[:40], known) or "see `carnet markets`"
                self.problem((*keys, code), f"unknown jurisdiction {shown(code)}", hint)
            found[str(code)] = self.layer(value, (*keys, code))
        return found

    def complete(self, data: Any) -> tuple[str, ...]:
        """The sections (or parts of one, such as `operation.remote`) declared closed."""
        known = {*self.names.prefixes, "approvals"}
        found = []
        for index, item in enumerate(self.items(data, "complete", "complete: [approvals]")):
            if isinstance(item, str) and item in known:
                found.append(item)
            else:
                hint = suggest(str(item)[:60], known) or "see `carnet facts` for the sections"
                self.problem(("complete", index), f"unknown section {shown(item)}", hint)
        return tuple(dict.fromkeys(found))

    def waivers(self, data: Any) -> tuple[Waiver, ...]:
        example = "- {rule: ..., reason: ..., by: ..., until: 2027-01-31}"
        entries = enumerate(self.items(data, "waivers", example))
        found = (self._waiver(entry, ("waivers", index)) for index, entry in entries)
        return tuple(waiver for waiver in found if waiver)

    def _waiver(self, data: Any, keys: Keys) -> Waiver | None:
        entry = self.mapping(data, keys, "a waiver")
        for key in entry:
            if key not in _WAIVER_KEYS:
                hint = suggest(str(key)[:40], _WAIVER_KEYS) or f"keys: {', '.join(_WAIVER_KEYS)}"
                self.problem((*keys, key), f"unknown key {shown(key)} in a waiver", hint)
        missing = [key for key in _WAIVER_KEYS if entry.get(key) is None]
        if missing:
            self.problem(keys, f"a waiver has no `{missing[0]}`", f"add `{missing[0]}:`")
            return None
        rule, reason, by = (self.text(entry, key, keys) for key in _WAIVER_KEYS[:3])
        until = self.value(Fact("until", "date"), entry["until"], (*keys, "until"))
        if not (rule and reason and by and isinstance(until, dt.date)):
            return None
        return Waiver(rule, reason, by, until, self.place((*keys, "rule")))
