# SPDX-License-Identifier: Apache-2.0
"""Reads facts and approvals from the mappings of a profile, collecting everything that is wrong on the way.

Facts may be nested by section or written flat (`odd.max_speed_kmh: 95`), mixed at will. An empty value (`null`)
declares nothing; in an overlay it takes back what a wider layer declared.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from json.encoder import encode_basestring as quoted
from typing import Any

from carnet.declare.approval_states import HELD, NOT_HELD, implied
from carnet.declare.former import Renamed, old_words
from carnet.declare.values import Names, read_value
from carnet.declare.vocabulary import Fact, Value
from carnet.errors import SHOWN_PROBLEMS, CarnetError, Place, Problems, ProfileError, shown, suggest
from carnet.frozen import Frozen
from carnet.source import Key, Source, dotted

TOP_KEYS = (
    "name",
    "description",
    "complete",
    "waivers",
    "features",
    "in",
    "partners",
    "confidential",
    "confirmations",
    "choices",
    "attachments",
)

Keys = tuple[Key, ...]
_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=False, default=str)
# What most values are; an encoder takes several times as long for a single one.
_TEXTS: Mapping[type, Callable[[Any], str]] = {
    str: quoted,
    bool: lambda value: "true" if value else "false",
    int: repr,
    tuple: lambda items: f"[{', '.join(map(quoted, items))}]",
}


@dataclass(frozen=True, slots=True)
class Layer:
    """Facts declared in one place of a profile: the base, or an overlay. None takes a wider declaration back.

    Once its profile is read, its mappings are frozen.
    """

    values: dict[str, Value | None] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    _lines: dict[str, str] | None = field(default=None, repr=False, compare=False)

    @property
    def lines(self) -> Mapping[str, str]:
        """Each declaration as a line of a JSON object: what is hashed, and costs too much to write out again."""
        if self._lines is None:
            said = ((path, value) for path, value in self.values.items() if value is not None)
            object.__setattr__(self, "_lines", Frozen({path: json_line(path, value) for path, value in said}))
        assert self._lines is not None
        return self._lines

    def under(self, later: Layer) -> Layer:
        """These declarations with later ones in their place."""
        lines = {**self.lines, **later.lines}
        for path, value in later.values.items():
            if value is None:
                lines.pop(path, None)
        return Layer(Frozen({**self.values, **later.values}), Frozen({**self.places, **later.places}), Frozen(lines))


def json_line(key: str, value: Any) -> str:
    """A key and its value; two of them sort as their keys do."""
    return f"{quoted(key)}: {_TEXTS.get(type(value), _JSON.encode)(value)}"


class LayerReader:
    """Reads the layers of one source; `finish` raises what was found wrong."""

    def __init__(self, source: Source, names: Names) -> None:
        self.source = source
        self.names = names
        self.problems: list[CarnetError] = []
        self.renamed: list[Renamed] = []

    def finish(self) -> None:
        if self.problems:
            raise Problems(self.problems)

    def place(self, keys: Keys) -> Place:
        if not self.source.places:
            return Place(self.source.file, path=dotted(keys))
        return self.source.place(keys)

    def problem(self, keys: Keys, message: str, hint: str | Callable[[], str] = "") -> None:
        """Report what is wrong at a place; a hint that takes its time is looked for only where it will be shown."""
        if callable(hint):
            hint = hint() if len(self.problems) < SHOWN_PROBLEMS else ""
        self.problems.append(ProfileError(message, self.place(keys), hint))

    def mapping(self, value: Any, keys: Keys, what: str) -> Mapping[str, Any]:
        """The mapping at a place; empty where nothing is written, and after reporting that it is no mapping."""
        if value is not None and not isinstance(value, Mapping):
            self.problem(keys, f"{what} is not a mapping of names to values", "write `name: value` lines")
        return value if isinstance(value, Mapping) else {}

    def value(self, fact: Fact, raw: Any, keys: Keys) -> Value | None:
        """The value declared for a fact, or None after reporting why it cannot be used."""
        for word, at in old_words(fact, raw):
            here = (*keys, *at)
            self.renamed.append(Renamed(word, fact.renamed[word], self.place(here), here, fact.path))
        return read_value(
            fact, raw, self.names, lambda message, hint, *index: self.problem((*keys, *index), message, hint)
        )

    def layer(self, data: Any, keys: Keys = (), skip: tuple[str, ...] = ()) -> Layer:
        """The facts declared in a mapping; keys in `skip` are the caller's."""
        layer = Layer()
        rows = self.mapping(data, keys, shown(dotted(keys)) if keys else "the profile")
        self._facts(layer, {key: value for key, value in rows.items() if key not in skip}, "", keys)
        self._imply_states(layer)
        return layer

    def _facts(self, layer: Layer, data: Mapping[str, Any], prefix: str, keys: Keys) -> None:
        for key, value in data.items():
            path, here = f"{prefix}{key}", (*keys, key)
            fact = self.names.vocabulary.facts.get(path) or self._formerly(path, here)
            if fact is not None:
                self._declare(layer, fact, value, here)
            elif path == "approvals" or path.startswith("approvals."):
                self._approvals(layer, path[len("approvals.") :], value, here)
            elif path in self.names.prefixes or path in self.names.former_prefixes:
                self._facts(layer, self.mapping(value, here, f"the section `{path}`"), f"{path}.", here)
            else:
                self.problem(here, f"unknown fact {shown(path)}", partial(self._nearest, path))

    def _formerly(self, path: str, keys: Keys) -> Fact | None:
        """The fact that had this path before."""
        new = self.names.vocabulary.former.get(path) if "." in path else None
        if new is None:
            return None
        self.renamed.append(Renamed(path, new, self.place(keys), keys))
        return self.names.vocabulary.facts[new]

    def _declare(self, layer: Layer, fact: Fact, raw: Any, keys: Keys) -> None:
        if fact.path in layer.places:
            line = layer.places[fact.path].line
            self.problem(keys, f"`{fact.path}` is declared twice", f"see line {line}" if line else "keep one of them")
            return
        layer.places[fact.path] = self.place(keys)
        value = None if raw is None else self.value(fact, raw, keys)
        if value is not None or raw is None:
            layer.values[fact.path] = value

    def _approvals(self, layer: Layer, name: str, value: Any, keys: Keys) -> None:
        """Read what stands below `approvals`: all (no name), one (`UN-R157`) or a field of one (`UN-R157.series`)."""
        approval, _, field_name = name.partition(".")
        if not approval:
            for key, entry in self.mapping(value, keys, "`approvals`").items():
                self._approvals(layer, str(key), entry, (*keys, key))
        elif not self._is_known(approval, keys):
            return
        elif field_name:
            self._approval_field(layer, approval, field_name, value, keys)
        elif isinstance(value, Mapping) and value:
            for key, entry in value.items():
                self._approval_field(layer, approval, str(key), entry, (*keys, key))
        elif value is None or (isinstance(value, str) and (value == NOT_HELD or value in self._states)):
            self._whole_approval(layer, approval, value, keys)
        else:
            hint = "write `held`, `applied`, `none` or its fields, such as `{state: held, granted_on: 2026-05-01}`"
            self.problem(keys, f"the approval {shown(approval)} is in no state that can be declared", hint)

    @cached_property
    def _states(self) -> Collection[str]:
        """The words for the states of an approval."""
        state = self.names.vocabulary.approval_fields.get("state")
        return state.values if state else (HELD,)

    def _is_known(self, approval: str, keys: Keys) -> bool:
        known = self.names.approvals
        if known is None or approval in known:
            return True
        otherwise = "see `carnet market` for those of a market"
        self.problem(keys, f"unknown approval {shown(approval)}", lambda: suggest(approval[:60], known) or otherwise)
        return False

    def _approval_field(self, layer: Layer, approval: str, name: str, value: Any, keys: Keys) -> None:
        fields, new = self.names.vocabulary.approval_fields, self.names.vocabulary.former.get(name)
        if new is not None and name not in fields:
            old, path = (f"approvals.{approval}.{word}" for word in (name, new))
            self.renamed.append(Renamed(old, path, self.place(keys), keys))
            name = new
        if name in fields:
            self._declare(layer, self.names.vocabulary.fact(f"approvals.{approval}.{name}"), value, keys)
        else:
            hint = suggest(name[:40], fields) or f"fields: {', '.join(fields)}"
            self.problem(keys, f"unknown field {shown(name)} of the approval `{approval}`", hint)

    def _whole_approval(self, layer: Layer, approval: str, word: str | None, keys: Keys) -> None:
        """A word for its state says so; `none` also takes back the fields of a wider layer, null everything."""
        fields = self.names.vocabulary.approval_fields
        for name in ["held"] if word not in (NOT_HELD, None) else fields:
            value = None if word is None or name != "held" else word == HELD
            self._declare(layer, self.names.vocabulary.fact(f"approvals.{approval}.{name}"), value, keys)
        if word not in (NOT_HELD, None) and "state" in fields:
            self._declare(layer, self.names.vocabulary.fact(f"approvals.{approval}.state"), word, keys)

    def _imply_states(self, layer: Layer) -> None:
        """Say of each approval of a layer what its fields imply: its state and whether it is held."""
        declared: dict[str, dict[str, Value | None]] = {}
        for path, value in layer.values.items():
            if path.startswith("approvals."):
                approval, _, name = path.rpartition(".")
                declared.setdefault(approval, {})[name] = value
        known = self.names.vocabulary.approval_fields
        for approval, fields in declared.items():
            first = next(path for path in layer.places if path.startswith(f"{approval}."))
            try:
                more = implied(fields)
            except ValueError as error:
                message, hint = error.args
                what = f"`{approval.partition('.')[2]}` {message}"
                self.problems.append(ProfileError(what, layer.places[first], hint))
                continue
            for name, value in more.items():
                path = f"{approval}.{name}"
                if name in known and path not in layer.places:
                    layer.values[path] = value
                    layer.places[path] = layer.places[first]

    def _nearest(self, path: str) -> str:
        if path in TOP_KEYS:
            return "overlays do not nest" if path == "in" else f"`{path}` stands at the top level of a profile"
        facts = self.names.vocabulary.facts
        last = path.rpartition(".")[2]
        same = [known for known in facts if known.rpartition(".")[2] == last]
        if same:
            return f"did you mean `{same[0]}`?"
        candidates = facts if "." in path else [*TOP_KEYS, "approvals", *self.names.vocabulary.sections, *facts]
        listing = self.names.vocabulary.listing(path)
        return suggest(path[:80], candidates) or f"see `{listing}` for what can be declared"
