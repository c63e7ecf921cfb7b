# SPDX-License-Identifier: Apache-2.0
"""A release of the law: looked up by code and id, resolved to the rulebook of a market and day."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from carnet.declare.vocabulary import Vocabulary
from carnet.errors import LawError, UnknownName, expect_text, nearest, shown, suggest
from carnet.frozen import Frozen
from carnet.law.cache import Cache, content_hash
from carnet.law.core import Core, compiled, limits_of
from carnet.law.ids import LIMITS, NEEDS, GrantLimit, Need, limit_named, need_named
from carnet.law.known import Known, known_by
from carnet.law.limits import Limits
from carnet.law.model import Approval, Instrument, Jurisdiction, Route, Rule
from carnet.law.planning import Planning, planned
from carnet.law.resolve import RulebookMaker
from carnet.law.rulebook import Rulebook
from carnet.law.shared_model import Action, Bearers, Derivation
from carnet.spoken import ENGLISH, known

if TYPE_CHECKING:
    from carnet.law.locale.speaker import Speaker


Made = TypeVar("Made")
PROGRAMS_KEPT = 100


class Law:
    """A release of the law, to look things up in. Immutable; safe to share between threads."""

    def __init__(self, core: Core, cache: Cache | None, jurisdictions: dict[str, Jurisdiction] | None = None) -> None:
        self._core = core
        self._cache = cache
        self._jurisdictions = dict(jurisdictions or {})
        self._rulebooks: dict[tuple[str, dt.date, bool], Rulebook] = {}
        self._not_yet: dict[dt.date, Mapping[str, dt.date]] = {}
        self._programs: dict[tuple[Any, ...], Any] = {}
        self._folders: tuple[Path, ...] = ()
        self._language = ENGLISH
        self._limits = limits_of(core)
        self._speaker: Speaker | None = None
        self._roots: tuple[Path, ...] = ()

    def __getstate__(self) -> dict[str, Any]:
        """For another process: without what was made ready to run, which is made again there."""
        return {**self.__dict__, "_programs": {}, "_rulebooks": {}}

    @classmethod
    def open(cls, folders: Sequence[Path]) -> Self:
        """Read from the cache, or compile and fill it."""
        cache = Cache(content_hash(folders), folders)
        core = cache.read("core")
        law = cls(core, cache) if isinstance(core, Core) else cls(*compiled(folders))
        law._folders = tuple(folders)
        law._roots = tuple(Path(os.path.abspath(folder)) for folder in folders)
        return law

    def in_language(self, language: str) -> Self:
        """The same law with its texts in another language; what is not translated stays English, marked as such.

        Raises:
            UnknownName: for a language that Carnet does not speak.
        """
        if known(language) == self.language:
            return self
        english: Self = self._speaker.english if self._speaker else self
        if language == ENGLISH:
            return english
        from carnet.law.locale.speaker import Speaker

        speaker = Speaker(language, english)
        other = type(self)(speaker.core(english._core), None)
        other._folders, other._roots, other._language, other._speaker = self._folders, self._roots, language, speaker
        return other

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where it was read from."""
        return self._folders

    @property
    def language(self) -> str:
        """The language of its texts."""
        return self._language

    @property
    def version(self) -> str:
        return self._core.version

    @property
    def as_of(self) -> dt.date:
        """The day on which this release was researched."""
        return self._core.as_of

    @property
    def sha256(self) -> str:
        return self._core.sha256

    @property
    def vocabulary(self) -> Vocabulary:
        return self._core.vocabulary

    @property
    def actions(self) -> Mapping[str, Action]:
        return self._core.actions

    @property
    def bearers(self) -> Bearers:
        """Who bears which duties, and who applies for which approvals."""
        return self._core.bearers

    @property
    def groups(self) -> Mapping[str, tuple[str, ...]]:
        return self._core.groups

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        return self._core.derivations

    @property
    def approvals(self) -> Mapping[str, Approval]:
        return self._core.approvals

    def planning(self, approval_id: str, testing: bool = False) -> Planning:
        """What it takes to obtain an approval: its own exceptions over what holds for its kind.

        testing: for a testing route, on which somebody else may be the one who applies.

        Raises:
            UnknownName: with the nearest id.
        """
        expect_text("id", approval_id)
        approval = self.approvals.get(approval_id)
        if approval is None:
            raise UnknownName(f"unknown approval {shown(approval_id, 80)}", hint=suggest(approval_id, self.approvals))
        kind, costs = self.bearers.approval_kinds[approval.kind], self.bearers.costs
        states = [self.head(code) for code in self.chain(approval.jurisdiction) if code in self.markets()]
        languages = next((state.languages for state in states if state.languages), ())
        applicant = self.bearers.applicant(approval, testing)
        return planned(approval, applicant, kind.work, kind.usual, languages, costs)

    @property
    def limits(self) -> Limits:
        """What limits a grant, and which place lies in which."""
        return self._limits

    def not_yet(self, day: dt.date) -> Mapping[str, dt.date]:
        """The approvals that do not exist yet on a day, with the first day on which they do."""
        if day not in self._not_yet:
            starts = ((name, approval.span.start) for name, approval in self.approvals.items())
            self._not_yet[day] = Frozen({name: start for name, start in starts if start and start > day})
        return self._not_yet[day]

    @property
    def codes(self) -> tuple[str, ...]:
        """Every jurisdiction, parents before children."""
        return tuple(self._core.heads)

    def markets(self) -> tuple[str, ...]:
        """Jurisdictions that a vehicle can enter: all but treaties and unions."""
        return tuple(code for code, head in self._core.heads.items() if head.kind not in ("treaty", "union"))

    def head(self, code: str) -> Jurisdiction:
        """A jurisdiction without its rules, routes and notes: cheap.

        Raises:
            UnknownName: with the nearest code.
        """
        expect_text("code", code)
        if code not in self._core.heads:
            names = {head.name.lower(): other for other, head in self._core.heads.items()}
            near = names.get(nearest(code.lower(), names), "")
            hint = f"did you mean `{near}`?" if near else suggest(code, self._core.heads)
            raise UnknownName(f"unknown market {shown(code, 40)}", hint=hint or "`carnet markets` lists them")
        return self._core.heads[code]

    def jurisdiction(self, code: str) -> Jurisdiction:
        """A jurisdiction with everything it enacts."""
        head = self.head(code)
        if self._speaker and code not in self._jurisdictions:
            self._jurisdictions[code] = self._speaker.record(self._speaker.english.jurisdiction(code))
        if code not in self._jurisdictions:
            read = self._cache.read(code) if self._cache else None
            if read is None:
                fresh, _, jurisdictions = compiled(self._roots)
                if fresh.sha256 != self.sha256:
                    raise LawError("the law was changed while it was in use", hint="load it again")
                self._jurisdictions.update(jurisdictions)
            else:
                self._jurisdictions[code] = read
        return self._jurisdictions.get(code, head)

    def chain(self, code: str) -> tuple[str, ...]:
        """A jurisdiction and its ancestors, nearest first."""
        codes = [code]
        while parent := self.head(codes[-1]).parent:
            codes.append(parent)
        return tuple(codes)

    def known(self, code: str) -> Known:
        """How well the law of a market is known."""
        return known_by([self.head(member) for member in self.chain(code)], self._core.scale)

    def rule(self, rule_id: str) -> Rule:
        """A rule by id."""
        return self._find("rules", rule_id, "rule")  # type: ignore[no-any-return]

    def route(self, route_id: str) -> Route:
        """A route by id."""
        return self._find("routes", route_id, "route")  # type: ignore[no-any-return]

    def clause(self, id_: str) -> Rule | Need | GrantLimit:
        """What a finding is about, by its id: a rule, a need of a route, or a limit of a grant.

        Raises:
            UnknownName: with the nearest id.
        """
        if LIMITS in id_:
            return limit_named(id_, self._relying, self.approvals, self._limits.fields)
        return need_named(self.route(id_.partition(NEEDS)[0]), id_) if NEEDS in id_ else self.rule(id_)

    def _relying(self, id_: str) -> Rule | Route:
        return self.route(id_) if f"routes:{id_}" in self._core.where else self.rule(id_)

    def instrument(self, instrument_id: str) -> Instrument:
        """An instrument by id."""
        return self._find("instruments", instrument_id, "instrument")  # type: ignore[no-any-return]

    def _find(self, kind: str, name: str, word: str) -> Any:
        expect_text("id", name)
        code = self._core.where.get(f"{kind}:{name}")
        if code is None:
            known = [key.partition(":")[2] for key in self._core.where if key.startswith(f"{kind}:")]
            raise UnknownName(f"unknown {word} {shown(name, 80)}", hint=suggest(name, known))
        return next(item for item in getattr(self.jurisdiction(code), kind) if item.id == name)

    def ids(self, kind: str) -> tuple[str, ...]:
        """Every id of `rules`, `routes` or `instruments`."""
        return tuple(key.partition(":")[2] for key in self._core.where if key.startswith(f"{kind}:"))

    @property
    def homes(self) -> tuple[str, ...]:
        """Jurisdictions that lay duties on their own exporters."""
        return self._core.homes

    def rulebook(self, market: str, day: dt.date, home: bool = False) -> Rulebook:
        """The law of a market on a day; with `home`, the export duties of that jurisdiction instead."""
        key = (market, day, home)
        if key not in self._rulebooks:
            self._rulebooks[key] = self.maker(market, day).make(home)
        return self._rulebooks[key]

    def sources(self, market: str) -> tuple[Jurisdiction, ...]:
        """All jurisdictions whose law can bind in a market: its chain, and those whose instruments it applies."""
        chain = tuple(self.jurisdiction(code) for code in self.chain(market))
        return (*chain, *self._adopted(chain))

    def maker(self, market: str, day: dt.date) -> RulebookMaker:
        """What resolves the law of a market and day: for whole rulebooks, and for single rules in their own tests."""
        chain, core = tuple(self.jurisdiction(code) for code in self.chain(market)), self._core
        shared = core.groups, core.derivations, core.approvals, self._limits
        return RulebookMaker(chain, self._adopted(chain), day, *shared)

    def ready(self, key: tuple[Any, ...], make: Callable[[], Made]) -> Made:
        """What was made ready to run of rulebooks of this law, the same again for the same key; the oldest are let go.

        key: an evaluator and the identities of rulebooks, which what is made keeps alive.
        """
        if key not in self._programs:
            self._programs[key] = make()
            for oldest in list(self._programs)[:-PROGRAMS_KEPT]:
                self._programs.pop(oldest, None)
        return self._programs[key]  # type: ignore[no-any-return]

    def forget(self) -> None:
        """Let go of the rulebooks resolved so far, where many days are looked at, and of what was made of them."""
        self._rulebooks.clear()
        self._programs.clear()

    def _adopted(self, chain: tuple[Jurisdiction, ...]) -> tuple[Jurisdiction, ...]:
        own = {jurisdiction.id for jurisdiction in chain}
        codes = {self._core.instrument_home[name] for jurisdiction in chain for name in jurisdiction.applies}
        return tuple(self.jurisdiction(code) for code in self._core.heads if code in codes - own)
