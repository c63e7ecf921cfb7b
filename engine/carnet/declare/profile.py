# SPDX-License-Identifier: Apache-2.0
"""A profile: what a company declares about its vehicle, service and organisation, with differences by market.

It holds no market law. Reading one checks it whole and reports everything that is wrong at once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from carnet.declare.canonical import heads_of, plain
from carnet.declare.expected import expected_in
from carnet.declare.facts import Facts, gather_facts, is_held, layer_order
from carnet.declare.former import Renamed
from carnet.declare.layers import Layer, LayerReader, json_line
from carnet.declare.reading import Attachment, Confirmation, Content, LayerKey, Waiver, read_content
from carnet.declare.values import Names
from carnet.declare.vocabulary import Value, Vocabulary
from carnet.errors import Place, SourceError, UnknownName, WrongType, expect_text, shown, suggest
from carnet.frozen import Frozen, freeze
from carnet.source import MAX_BYTES, Source, parse_source, read_source

START_DATE = "operation.start_date"


@dataclass(frozen=True)
class Profile:
    """Declared facts in layers: the base, features, and overlays by jurisdiction.

    expecting: whether approvals asked for count as held from the day on which they are expected (`expected_on`).
    """

    file: str
    content: Content = field(repr=False)
    names: Names = field(repr=False)
    expecting: bool = False

    @classmethod
    def from_file(
        cls,
        path: str | Path,
        vocabulary: Vocabulary | None = None,
        *,
        approvals: Collection[str] | None = None,
        jurisdictions: Collection[str] | None = None,
    ) -> Self:
        """Read a YAML or JSON file; unknown approvals and jurisdictions are refused where the known are given.

        `carnet.Profile` takes the names of the bundled law where no vocabulary is given.

        Raises:
            SourceError: when the file cannot be read as strict YAML.
            Problems: everything in it that does not follow the vocabulary, each with its place.
        """
        if not isinstance(path, (str, Path)):
            raise WrongType("path", "the path of a file", path)
        return cls._from_source(read_source(Path(path)), vocabulary, approvals, jurisdictions)

    @classmethod
    def from_text(
        cls,
        text: str,
        vocabulary: Vocabulary | None = None,
        *,
        name: str = "<text>",
        approvals: Collection[str] | None = None,
        jurisdictions: Collection[str] | None = None,
    ) -> Self:
        """Read YAML or JSON text; see `from_file`."""
        expect_text("text", text)
        if len(text) > MAX_BYTES or len(text.encode("utf-8", "replace")) > MAX_BYTES:
            raise SourceError(f"is larger than {MAX_BYTES // 1024} KiB", Place(name), "split it")
        return cls._from_source(parse_source(text, name), vocabulary, approvals, jurisdictions)

    @classmethod
    def from_dict(
        cls,
        data: Mapping[str, Any],
        vocabulary: Vocabulary | None = None,
        *,
        name: str = "<data>",
        approvals: Collection[str] | None = None,
        jurisdictions: Collection[str] | None = None,
    ) -> Self:
        """Check data of the same shape as a file; places then carry no line."""
        return cls._from_source(Source(name, data), vocabulary, approvals, jurisdictions)

    @classmethod
    def _from_source(
        cls,
        source: Source,
        vocabulary: Vocabulary | None,
        approvals: Collection[str] | None,
        jurisdictions: Collection[str] | None,
    ) -> Self:
        if vocabulary is None:
            names = cls._default_names()
        else:
            known = (None if codes is None else frozenset(codes) for codes in (approvals, jurisdictions))
            names = Names(vocabulary, *known)
        return cls(source.file, freeze(read_content(source, names)), names)

    @classmethod
    def _default_names(cls) -> Names:
        """The names to check against where a caller gives none."""
        raise TypeError("a profile is read against a vocabulary")

    @property
    def name(self) -> str:
        """The declared name, else the name of the file."""
        return self.content.name or Path(self.file).stem

    @property
    def description(self) -> str:
        return self.content.description

    @property
    def features(self) -> tuple[str, ...]:
        """The automated features assessed one by one; empty where the base is the only one."""
        return self.content.features

    @property
    def complete(self) -> tuple[str, ...]:
        return self.content.complete

    @property
    def waivers(self) -> tuple[Waiver, ...]:
        return self.content.waivers

    @property
    def partners(self) -> Mapping[str, str]:
        """Who does what besides the company itself: names by role."""
        return self.content.partners

    @property
    def confidential(self) -> tuple[str, ...]:
        """Facts, sections and approvals that no file for a partner may show."""
        return self.content.confidential

    @property
    def confirmations(self) -> tuple[Confirmation, ...]:
        """Rules known from memory whose text somebody read for the company."""
        return self.content.confirmations

    @property
    def choices(self) -> Mapping[str, Layer]:
        """What the company could declare instead, by name."""
        return self.content.choices

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """Files that show what is declared, for the dossiers of applications."""
        return self.content.attachments

    @property
    def renamed(self) -> tuple[Renamed, ...]:
        """Names of before that were read for those of now; `str()` of one is a warning."""
        return self.content.renamed

    @property
    def overlays(self) -> tuple[str, ...]:
        """The jurisdictions for which something differs, in the order of the file."""
        return tuple(dict.fromkeys(code for _, code in self.content.layers if code))

    @cached_property
    def sha256(self) -> str:
        """A hash of what is declared: the same for another order, notation, unit or file name."""
        heads = [json_line(key, value) for key, value in heads_of(self.content).items()]
        heads += [json_line("expecting", True)] if self.expecting else []
        text = ", ".join(sorted([*heads, *self.content.layers["", ""].lines.values()]))
        return hashlib.sha256(f"{{{text}}}".encode()).hexdigest()

    @cached_property
    def identity(self) -> str:
        """What lasts while facts change, and what another product, or one from another file, does not share."""
        known, base = self.names.vocabulary.facts, self.content.layers["", ""]
        product = sorted(text for path, text in base.lines.items() if path in known and known[path].identity)
        told = "\0".join([self.name, Path(self.file).as_posix(), *product])
        return hashlib.sha256(told.encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """The profile in flat canonical form; `from_dict` reads it back."""
        base = plain(self.content.layers["", ""])
        return heads_of(self.content) | {path: value for path, value in base.items() if value is not None}

    def facts(
        self,
        market_chain: Sequence[str],
        feature: str | None = None,
        *,
        as_of: dt.date,
        context: Mapping[str, Value] | None = None,
        recognises: Mapping[str, tuple[str, ...]] | None = None,
        begins: Mapping[str, dt.date] | None = None,
    ) -> Facts:
        """What counts in a market on a day.

        Args:
            market_chain: the market, then its ancestors.
            feature: one of `features`; None takes the base alone.
            as_of: approvals not yet granted or past their end are not held.
            context: values of `context.*`.
            recognises: approvals that stand for another one in this market.
            begins: approvals that do not exist yet on that day, with the first day on which they do.
        """
        layers, context, recognises, begins = self.content.layers, context or {}, recognises or {}, begins or {}
        order = tuple(name for name in layer_order(market_chain, self._feature(feature)) if name in layers)
        key = (order, as_of, tuple(context.items()), tuple(recognises.items()), tuple(begins.items()))
        facts = self._gathered.get(key)
        if facts is None:
            counting, closed = tuple(layers[name] for name in order), self.names.closed(self.complete)
            args = (counting, closed, as_of, context, recognises, begins, self.expecting)
            facts = self._gathered[key] = gather_facts(*args)
        return facts

    def declared(self, path: str, market_chain: Sequence[str] = (), feature: str | None = None) -> Value | None:
        """The value declared for a market, before any approval lapses or counts for another; None if there is none."""
        layers = self.content.layers
        for name in reversed(layer_order(market_chain, self._feature(feature))):
            if name in layers and path in layers[name].values:
                return layers[name].values[path]
        return None

    def default_as_of(
        self, market_chain: Sequence[str], feature: str | None = None, *, today: dt.date | None = None
    ) -> dt.date:
        """The day a market is assessed on unless one is named: when operation starts there, else today."""
        start = self.declared(START_DATE, market_chain, feature)
        return start if isinstance(start, dt.date) else today or dt.date.today()

    def with_set(
        self, changes: Mapping[str, Any], *, market: str | None = None, feature: str | None = None, name: str = "--set"
    ) -> Self:
        """The profile with some facts declared otherwise: in its base, or in the overlay of a market or feature.

        Values are written as in a file (`"80 mph"`, `held`); None takes a declaration back. Setting an approval means
        "suppose we held it", so its dates are taken back too unless they are set.

        Raises:
            Problems: when a change does not follow the vocabulary.
        """
        if not isinstance(changes, Mapping):
            raise WrongType("changes", "a mapping of facts to values", changes)
        for argument, value in (("market", market), ("feature", feature), *(("path", path) for path in changes)):
            if value is not None or argument == "path":
                expect_text(argument, value)
        reader = LayerReader(Source(name, None), self.names)
        layer = reader.layer(changes)
        if market and self.names.jurisdictions is not None and market not in self.names.jurisdictions:
            raise UnknownName(f"unknown jurisdiction {shown(market)}", hint=suggest(market, self.names.jurisdictions))
        reader.finish()
        for path in [path for path, value in layer.values.items() if value is True and is_held(path)]:
            for date in ("granted_on", "valid_until"):
                layer.values.setdefault(f"{path.removesuffix('held')}{date}", None)
                layer.places.setdefault(f"{path.removesuffix('held')}{date}", layer.places[path])
        key: LayerKey = (self._feature(feature) or "", market or "")
        merged = self.content.layers.get(key, Layer()).under(layer)
        return replace(self, content=replace(self.content, layers=Frozen({**self.content.layers, key: merged})))

    def with_expected(self) -> Self:
        """The profile with approvals asked for counted as held from the day on which they are expected."""
        return replace(self, expecting=True)

    @property
    def expected(self) -> Mapping[str, dt.date]:
        """The approvals that are asked for and expected, with the day."""
        return expected_in(layer.values for layer in self.content.layers.values())

    def _feature(self, feature: str | None) -> str | None:
        if feature and feature not in self.features:
            raise UnknownName(f"unknown feature {shown(feature)}", hint=suggest(feature[:60], self.features))
        return feature

    @cached_property
    def _gathered(self) -> dict[tuple[Any, ...], Facts]:
        """Facts by what they come from: markets in which the same layers count share them."""
        return {}
