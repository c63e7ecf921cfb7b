# SPDX-License-Identifier: Apache-2.0
"""Reads the parts of a profile file around its facts: features, overlays, closed sections, waivers, partners."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from carnet.declare.former import Renamed
from carnet.declare.layers import TOP_KEYS, Keys, Layer, LayerReader
from carnet.declare.values import Names
from carnet.declare.vocabulary import Fact
from carnet.errors import Place, SourceError, shown, suggest
from carnet.source import Source

LayerKey = tuple[str, str]
"""Feature and jurisdiction, each empty where the layer counts for all."""

SCHEMA_KEY = "$schema"
"""Where editors note by which schema they complete a JSON file; it says nothing."""
MAX_FEATURES = 50
FEATURE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}\Z")
ROLES = "organisation.roles"
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


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What somebody read for the company where nobody here could: the rule counts for it as if its text were read."""

    rule: str
    by: str
    on: dt.date
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that shows what is declared: of a rule, of an approval, or of a paper that an application is made with.

    to: the id of a rule or approval, or `APPROVAL/paper` as `carnet dossier` names it; the caller checks it.
    """

    to: str
    file: str
    by: str
    on: dt.date
    place: Place


@dataclass(frozen=True, slots=True)
class Content:
    """What a profile file says, checked.

    partners: names by role. confidential: paths and sections that leave nobody's hands. choices: what the company could
    declare instead, by name. renamed: the names of before in it, in the order of reading.
    """

    name: str
    description: str
    features: tuple[str, ...]
    complete: tuple[str, ...]
    waivers: tuple[Waiver, ...]
    layers: dict[LayerKey, Layer]
    partners: dict[str, str] = field(default_factory=dict)
    confidential: tuple[str, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    choices: dict[str, Layer] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    renamed: tuple[Renamed, ...] = ()


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
    layers = {("", ""): reader.layer(data, skip=(*TOP_KEYS, SCHEMA_KEY))}
    reader.text(data, SCHEMA_KEY)
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
        partners=reader.partners(data.get("partners")),
        confidential=reader.confidential(data.get("confidential")),
        confirmations=reader.confirmations(data.get("confirmations")),
        choices=reader.choices(data.get("choices")),
        attachments=reader.attachments(data.get("attachments")),
    )
    reader.finish()
    return replace(content, renamed=tuple(reader.renamed))


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
        return {
            name: self.mapping(value, ("features", name), f"the feature {shown(name)}")
            for name, value in self._named(data, "features", "feature")
        }

    def choices(self, data: Any) -> dict[str, Layer]:
        """What the company could declare instead, by the name of the choice."""
        return {name: self.layer(value, ("choices", name)) for name, value in self._named(data, "choices", "choice")}

    def _named(self, data: Any, key: str, noun: str) -> Iterator[tuple[str, Any]]:
        entries = self.mapping(data, (key,), f"`{key}`")
        if len(entries) > MAX_FEATURES:
            self.problem((key,), f"`{key}` has more than {MAX_FEATURES} entries", "split the profile")
            return
        for name, value in entries.items():
            if not FEATURE.match(str(name)):
                hint = "use letters, digits, `-` and `_`"
                self.problem((key, name), f"the {noun} name {shown(name)} is not one word", hint)
            yield str(name), value

    def partners(self, data: Any) -> dict[str, str]:
        """Who does what besides the company itself: names by role."""
        roles = self.names.vocabulary.facts.get(ROLES)
        found = {}
        for role, _ in self.mapping(data, ("partners",), "`partners`").items():
            if roles and role not in roles.values:
                hint = suggest(str(role)[:40], roles.values) or f"roles: {', '.join(roles.values)}"
                self.problem(("partners", role), f"unknown role {shown(role)}", hint)
            found[str(role)] = self.text(data, role, ("partners",))
        return {role: name for role, name in found.items() if name}

    def confidential(self, data: Any) -> tuple[str, ...]:
        """Facts, sections and approvals that no file for a partner may show."""
        vocabulary = self.names.vocabulary
        found = []
        for index, item in enumerate(self.items(data, "confidential", "confidential: [supply_chain]")):
            known = {*vocabulary.facts, *self.names.prefixes, "approvals"}
            if isinstance(item, str) and "." in item and item in vocabulary.former:
                here = ("confidential", index)
                self.renamed.append(Renamed(item, vocabulary.former[item], self.place(here), here))
                item = vocabulary.former[item]
            approval = isinstance(item, str) and item.startswith("approvals.")
            if isinstance(item, str) and (item in known or (approval and self._approval_path(item))):
                found.append(item)
            else:
                hint = suggest(str(item)[:60], known) or "name a fact or a section"
                self.problem(("confidential", index), f"unknown fact or section {shown(item)}", hint)
        return tuple(dict.fromkeys(found))

    def _approval_path(self, path: str) -> bool:
        known = self.names.approvals
        return known is None or path.split(".")[1] in known

    def confirmations(self, data: Any) -> tuple[Confirmation, ...]:
        example = "- {rule: ..., by: ..., on: 2026-11-30, text: ...}"
        entries = enumerate(self.items(data, "confirmations", example))
        found = (self._confirmation(entry, ("confirmations", index)) for index, entry in entries)
        return tuple(entry for entry in found if entry)

    def _confirmation(self, data: Any, keys: Keys) -> Confirmation | None:
        entry = self._entry(data, keys, "a confirmation", ("rule", "by", "on", "text"))
        if entry is None:
            return None
        rule, by, text = (self.text(entry, key, keys) for key in ("rule", "by", "text"))
        on = self.value(Fact("on", "date"), entry["on"], (*keys, "on"))
        if not (rule and by and text and isinstance(on, dt.date)):
            return None
        return Confirmation(rule, by, on, text, self.place((*keys, "rule")))

    def attachments(self, data: Any) -> tuple[Attachment, ...]:
        example = "- {to: de.l4.mrm, file: reports/mrm.pdf, by: ..., on: 2026-11-30}"
        entries = enumerate(self.items(data, "attachments", example))
        found = (self._attachment(entry, ("attachments", index)) for index, entry in entries)
        return tuple(entry for entry in found if entry)

    def _attachment(self, data: Any, keys: Keys) -> Attachment | None:
        entry = self._entry(data, keys, "an attachment", ("to", "file", "by", "on"))
        if entry is None:
            return None
        to, file, by = (self.text(entry, key, keys) for key in ("to", "file", "by"))
        on = self.value(Fact("on", "date"), entry["on"], (*keys, "on"))
        if not (to and file and by and isinstance(on, dt.date)):
            return None
        return Attachment(to, file, by, on, self.place((*keys, "to")))

    def _entry(self, data: Any, keys: Keys, what: str, wanted: tuple[str, ...]) -> Mapping[str, Any] | None:
        """A mapping with just these keys, all of them given; None after reporting that it is not."""
        entry = self.mapping(data, keys, what)
        for key in entry:
            if key not in wanted:
                hint = suggest(str(key)[:40], wanted) or f"keys: {', '.join(wanted)}"
                self.problem((*keys, key), f"unknown key {shown(key)} in {what}", hint)
        missing = [key for key in wanted if entry.get(key) is None]
        if missing:
            self.problem(keys, f"{what} has no `{missing[0]}`", f"add `{missing[0]}:`")
        return None if missing else entry

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
        found: dict[str, Waiver] = {}
        for index, entry in entries:
            waiver = self._waiver(entry, ("waivers", index))
            if waiver and waiver.rule in found:
                hint = f"keep one of them, this or {found[waiver.rule].place}"
                self.problem(("waivers", index, "rule"), f"{shown(waiver.rule)} is waived twice", hint)
            elif waiver:
                found[waiver.rule] = waiver
        return tuple(found.values())

    def _waiver(self, data: Any, keys: Keys) -> Waiver | None:
        entry = self._entry(data, keys, "a waiver", _WAIVER_KEYS)
        if entry is None:
            return None
        rule, reason, by = (self.text(entry, key, keys) for key in _WAIVER_KEYS[:3])
        until = self.value(Fact("until", "date"), entry["until"], (*keys, "until"))
        if not (rule and reason and by and isinstance(until, dt.date)):
            return None
        return Waiver(rule, reason, by, until, self.place((*keys, "rule")))
