# SPDX-License-Identifier: Apache-2.0
"""What the package offers: the law that checks profiles, and profiles read against it.

The classes of `law` and `declare` know nothing of each other nor of assessments; here they meet.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carnet.days import add_months, possible
from carnet.declare.profile import Profile as DeclaredProfile
from carnet.declare.values import Names
from carnet.errors import WrongType
from carnet.law.installed import law_folders
from carnet.law.law import Law as ReleasedLaw

if TYPE_CHECKING:
    from carnet.assess.model import Report
    from carnet.assess.session import LawSession
    from carnet.plan.dossier import Dossier
    from carnet.plan.impact import Impact
    from carnet.plan.model import Plan
    from carnet.plan.questions import Question
    from carnet.plan.reach import Reach
    from carnet.plan.register import Register
    from carnet.plan.supposing import Supposed
    from carnet.plan.sweep import Sweep
    from carnet.report.compare import Matrix
    from carnet.report.diff import Difference
    from carnet.report.timeline import Timeline


@dataclass(frozen=True)
class Profile(DeclaredProfile):
    """What a company declares; read against the bundled law unless a vocabulary is given."""

    @classmethod
    def _default_names(cls) -> Names:
        known = load_law()
        return Names(known.vocabulary, frozenset(known.approvals), frozenset(known.codes))


class Law(ReleasedLaw):
    """A release of the law, ready to check profiles."""

    def profile(self, path: str | Path) -> Profile:
        """Read a profile against this law's vocabulary, approvals and jurisdictions; see `Profile.from_file`."""
        return Profile.from_file(path, self.vocabulary, approvals=self.approvals, jurisdictions=self.codes)

    def check(
        self,
        profile: DeclaredProfile,
        markets: str | Iterable[str],
        as_of: dt.date | None = None,
        evaluator: str | None = None,
    ) -> Report:
        """Assess a profile for a market or several; see `carnet.assess.check`."""
        from carnet.assess.check import check

        return check(self, _declared(profile), _several(markets), _day(as_of), evaluator)

    def session(
        self,
        profile: DeclaredProfile,
        markets: str | Iterable[str],
        as_of: dt.date | None = None,
        evaluator: str | None = None,
    ) -> LawSession:
        """A live assessment that follows what is declared; see `carnet.assess.session`."""
        from carnet.assess.session import LawSession

        return LawSession(self, _declared(profile), _several(markets), _day(as_of), evaluator)

    def reach(
        self,
        profile: DeclaredProfile,
        markets: str | Iterable[str],
        keep: Iterable[str] = (),
        never: Iterable[str] = (),
        change: Iterable[str] = (),
        as_of: dt.date | None = None,
    ) -> Reach:
        """The best outcome of each market and the least that brings it there; see `carnet.plan.reach`."""
        from carnet.plan.reach import reach

        names = (_texts("keep", keep), _texts("never", never), _texts("change", change))
        return reach(self, _declared(profile), _several(markets), *names, as_of=_day(as_of))

    def register(
        self,
        profile: DeclaredProfile,
        markets: str | Iterable[str] = (),
        as_of: dt.date | None = None,
        weeks: int = 26,
    ) -> Register:
        """What is held, asked for, running out and, by what markets ask, missing; see `carnet.plan.register`."""
        from carnet.plan.register import register

        return register(self, _declared(profile), _several(markets), _day(as_of), weeks)

    def dossier(
        self, profile: DeclaredProfile, approval: str, market: str = "", as_of: dt.date | None = None
    ) -> Dossier:
        """The content of an application: what is there, what is missing, who owes it; see `carnet.plan.dossier`."""
        from carnet.plan.dossier_lines import dossier

        return dossier(self, _declared(profile), approval, market, _day(as_of))

    def impact(
        self,
        old: DeclaredProfile,
        new: DeclaredProfile,
        markets: str | Iterable[str],
        as_of: dt.date | None = None,
    ) -> Impact:
        """What the step from one profile to another sets off in markets; see `carnet.plan.impact`."""
        from carnet.plan.impact_release import impact

        return impact(self, _declared(old), _declared(new), _several(markets), _day(as_of))

    def plan(
        self,
        profile: DeclaredProfile,
        markets: str | Iterable[str],
        start: dt.date | None = None,
        *,
        by: dt.date | None = None,
        parallel: int | None = None,
        objective: str = "last-market",
        best: int | None = None,
        limit: float = 20.0,
        keep: Iterable[str] = (),
        never: Iterable[str] = (),
        change: Iterable[str] = (),
    ) -> Plan:
        """A road map that opens these markets, from a day on, today by default; see `carnet.plan.roadmap`."""
        from carnet.plan.roadmap import Ask, plan

        ask = Ask(_day(start) or dt.date.today(), _day(by), parallel, objective, best, limit)
        names = (_texts("keep", keep), _texts("never", never), _texts("change", change))
        return plan(self, _declared(profile), _several(markets), ask, *names)

    def whatif(
        self,
        profile: DeclaredProfile,
        markets: str | Iterable[str],
        settings: Mapping[str, Any] | DeclaredProfile,
        as_of: dt.date | None = None,
    ) -> Supposed:
        """What settings (`odd.max_speed_kmh`, `in.DE.hmi.languages`, `approvals.X`) or another profile come to."""
        from carnet.plan.supposing import suppose, supposed_profile

        other = settings if isinstance(settings, DeclaredProfile) else supposed_profile(_declared(profile), settings)
        return suppose(self, _declared(profile), _several(markets), other, _day(as_of))

    def sweep(
        self,
        profile: DeclaredProfile,
        markets: str | Iterable[str],
        path: str,
        values: Iterable[Any] = (),
        as_of: dt.date | None = None,
    ) -> Sweep:
        """One fact at many values, and where outcomes flip; see `carnet.plan.sweep`."""
        from carnet.plan.sweep import sweep

        return sweep(self, _declared(profile), _several(markets), path, tuple(values), _day(as_of))

    def compare(
        self,
        profiles: DeclaredProfile | Iterable[DeclaredProfile],
        markets: str | Iterable[str],
        as_of: dt.date | None = None,
        sort: str = "distance",
    ) -> Matrix:
        """Profiles against markets; see `carnet.report.compare`."""
        from carnet.report.compare import matrix

        several = [profiles] if isinstance(profiles, DeclaredProfile) else list(profiles)
        reports = [self.check(profile, markets, as_of) for profile in several]
        return matrix(reports, sort, self)

    def timeline(
        self,
        profile: DeclaredProfile,
        markets: str | Iterable[str],
        start: dt.date | None = None,
        until: dt.date | None = None,
    ) -> Timeline:
        """How outcomes change with the law, by default from today for three years; see `carnet.report.timeline`."""
        from carnet.report.timeline import timeline

        first = _day(start) or dt.date.today()
        last = _day(until) or add_months(first, 36)
        return timeline(self, _declared(profile), _several(markets), first, last)

    def diff(
        self,
        old: DeclaredProfile | Report,
        new: DeclaredProfile | Report,
        markets: str | Iterable[str] = (),
        as_of: dt.date | None = None,
    ) -> Difference:
        """What changed from one profile or report to another, and why; profiles are checked in these markets."""
        from carnet.report.diff import diff
        from carnet.report.diff.profiles import diff_profiles
        from carnet.report.json import to_data

        if isinstance(old, DeclaredProfile) and isinstance(new, DeclaredProfile):
            return diff_profiles(self, old, new, _texts("markets", markets), as_of)
        reports = [self.check(one, markets, as_of) if isinstance(one, DeclaredProfile) else one for one in (old, new)]
        return diff(*(json.loads(json.dumps(to_data(report), default=str)) for report in reports))

    def questions(
        self, profile: DeclaredProfile, markets: str | Iterable[str], as_of: dt.date | None = None
    ) -> tuple[Question, ...]:
        """What to declare next, the most decisive first; see `carnet.plan.questions`."""
        from carnet.plan.questions import questions

        return questions(self.check(profile, markets, as_of))


def _texts(argument: str, names: object) -> tuple[str, ...]:
    """Names, of which one may stand alone.

    Raises:
        WrongType: for anything else.
    """
    if isinstance(names, str):
        return (names,)
    found = tuple(names) if isinstance(names, Iterable) else (None,)
    if not all(isinstance(name, str) for name in found):
        raise WrongType(argument, "names such as `odd.max_speed_kmh`", names)
    return found


def _declared(profile: object) -> DeclaredProfile:
    """The profile itself.

    Raises:
        WrongType: for what is none.
    """
    if not isinstance(profile, DeclaredProfile):
        raise WrongType("profile", "a carnet.Profile", profile)
    return profile


def _several(markets: object) -> tuple[str, ...]:
    """Codes of markets, of which one may stand alone.

    Raises:
        WrongType: for anything else.
    """
    if isinstance(markets, str):
        return (markets,)
    codes = tuple(markets) if isinstance(markets, Iterable) else (None,)
    if not all(isinstance(code, str) for code in codes):
        raise WrongType("markets", "a code such as `DE` or several of them", markets)
    return codes


def _day(as_of: object) -> dt.date | None:
    """The day itself; a moment counts as its day.

    Raises:
        WrongType: for what is no date.
        InputError: for a day that cannot be meant.
    """
    if as_of is not None and not isinstance(as_of, dt.date):
        raise WrongType("as_of", "a datetime.date", as_of)
    return None if as_of is None else possible(as_of)


def load_law(*folders: str | Path) -> Law:
    """The law that is installed or bundled, with a company's own packs added or put in its place.

    folders: of packs; a release of the law, as a file or by the version of one installed, takes the place of the base.

    Raises:
        Problems: everything that is wrong with the packs, each with its place.
        LawError: for a release that cannot be verified.
    """
    for folder in folders:
        if not isinstance(folder, (str, Path)):
            raise WrongType("folders", "paths of folders", folder)
    return Law.open(law_folders(folders))
