# SPDX-License-Identifier: Apache-2.0
"""One fact at many values: what each market is at each, and where exactly its outcome flips."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from carnet.assess.model import Outcome, Receipt, Report
from carnet.assess.session import LawSession
from carnet.declare.profile import Profile
from carnet.declare.vocabulary import Fact
from carnet.errors import InputError, shown
from carnet.law.law import Law
from carnet.plan.supposing import Place, place_of

MOST = 200
POINTS = 24
FINEST = 0.1


class Flip(NamedTuple):
    """A value at which an outcome flips: below is the last value with one outcome, at the first with the other.

    Of values without an order, below is what is declared.
    """

    below: Any
    at: Any
    before: Outcome
    after: Outcome


class SweptMarket(NamedTuple):
    """A market at each value: outcomes, how many lacks, its flips, and the one nearest to what is declared."""

    market: str
    name: str
    outcomes: tuple[Outcome, ...]
    lacks: tuple[int, ...]
    flips: tuple[Flip, ...]
    nearest: Flip | None


class Sweep(NamedTuple):
    """One fact at many values. declared: what the profile says, None for nothing."""

    receipt: Receipt
    path: str
    declared: Any
    values: tuple[Any, ...]
    markets: tuple[SweptMarket, ...]


def parse_sweep(text: str) -> tuple[str, tuple[float, ...]]:
    """`odd.max_speed_kmh=60:130:10` as a path and values; a path alone leaves the values to be chosen.

    Raises:
        InputError: for what is neither, or for too many values.
    """
    path, sign, span = text.partition("=")
    if not sign:
        return path.strip(), ()
    parts = span.split(":")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if len(numbers) != 3 or not path.strip():
        raise InputError(f"{shown(text)} is no sweep", hint="write it as `odd.max_speed_kmh=60:130:10`")
    first, last, step = numbers
    if step <= 0 or last < first or not all(abs(number) < 1e12 for number in numbers):
        raise InputError(f"{shown(text)} has no values", hint="write it as from:to:step, such as `60:130:10`")
    count = int((last - first) / step + 1e-9) + 1
    if count > MOST:
        raise InputError(f"{shown(text)} has {count} values", hint=f"at most {MOST}: take a larger step")
    values = (first + step * at for at in range(count))
    return path.strip(), tuple(int(value) if value == int(value) else round(value, 6) for value in values)


def sweep(
    law: Law,
    profile: Profile,
    markets: Sequence[str],
    path: str,
    values: Sequence[Any] = (),
    as_of: dt.date | None = None,
    evaluator: str | None = None,
) -> Sweep:
    """Each market at each value of one fact; where no values are given, over all that it may have.

    Raises:
        UnknownName: for a fact, feature or jurisdiction that does not exist.
        InputError: for a fact that has no values to go through.
    """
    place = place_of(path)
    fact = law.vocabulary.fact(place.path)
    declared = profile.declared(place.path, (place.code,) if place.code else (), place.feature or None)
    with LawSession(law, profile, markets, as_of, evaluator) as session:
        swept = _Swept(session, profile, place, fact, declared)
        chosen = tuple(values) or _values(fact, declared)
        reports = [swept.at(value) for value in chosen]
        told = tuple(swept.market(number, chosen, reports) for number in range(len(reports[0].markets)))
        stamp = reports[0].receipt._replace(profile_sha256=profile.sha256)
        return Sweep(stamp, path, declared, chosen, told)


def _values(fact: Fact, declared: Any) -> tuple[Any, ...]:
    """Values to go through: those of a choice, or evenly over what a number may be."""
    if fact.type == "bool":
        return (False, True)
    if fact.values and fact.type == "choice":
        return tuple(fact.values)
    if fact.type not in ("int", "number"):
        raise InputError(f"`{fact.path}` has no values to go through", hint="sweep a number, a choice or a yes or no")
    now = declared if isinstance(declared, (int, float)) else None
    low, high = fact.likely or fact.range or (0.0, max(100.0, 3.0 * (now or 0)))
    if now is not None:
        low, high = min(low, now), max(min(high, max(4.0 * now, 20.0)), now)
    spread = {low + (high - low) * at / POINTS for at in range(POINTS + 1)}
    return tuple(sorted({_tidy(value, fact) for value in spread} | ({now} if now is not None else set())))


def _tidy(value: float, fact: Fact) -> float:
    return round(value) if fact.type == "int" else round(value, 1)


class _Swept:
    """A session moved from value to value."""

    def __init__(self, session: LawSession, profile: Profile, place: Place, fact: Fact, declared: Any) -> None:
        self._session, self._profile, self._place = session, profile, place
        self._fact, self._declared = fact, declared
        self._reports: dict[Any, Report] = {}

    def at(self, value: Any) -> Report:
        if value not in self._reports:
            place = self._place
            changed = {place.path: value}
            self._session.follow(
                self._profile.with_set(changed, market=place.code or None, feature=place.feature or None)
            )
            self._reports[value] = self._session.report()
        return self._reports[value]

    def market(self, number: int, values: Sequence[Any], reports: Sequence[Report]) -> SweptMarket:
        found = [report.markets[number] for report in reports]
        outcomes = tuple(market.outcome for market in found)
        ordered = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values)
        flips = self._in_order(number, values, outcomes) if ordered else self._apart(number, values, outcomes)
        lacks = tuple(sum(not lack.waived for lack in market.lacks) for market in found)
        return SweptMarket(found[0].market, found[0].name, outcomes, lacks, flips, self._nearest(flips))

    def _in_order(self, number: int, values: Sequence[float], outcomes: Sequence[Outcome]) -> tuple[Flip, ...]:
        pairs = zip(values, values[1:], outcomes, outcomes[1:], strict=False)
        return tuple(self._between(number, *pair) for pair in pairs if pair[2] is not pair[3])

    def _between(self, number: int, low: float, high: float, before: Outcome, after: Outcome) -> Flip:
        """The flip between two values, as fine as the fact is written."""
        finest = 1.0 if self._fact.type == "int" else FINEST
        while high - low > finest * 1.001:
            middle = _tidy((low + high) / 2, self._fact)
            if not low < middle < high:
                break
            outcome = self.at(middle).markets[number].outcome
            low, high, after = (middle, high, after) if outcome is before else (low, middle, outcome)
        return Flip(low, high, before, after)

    def _apart(self, number: int, values: Sequence[Any], outcomes: Sequence[Outcome]) -> tuple[Flip, ...]:
        now = self._session_before(number)
        return tuple(
            Flip(self._declared, value, now, outcome)
            for value, outcome in zip(values, outcomes, strict=True)
            if outcome is not now and value != self._declared
        )

    def _session_before(self, number: int) -> Outcome:
        self._session.follow(self._profile)
        return self._session.report().markets[number].outcome

    def _nearest(self, flips: Sequence[Flip]) -> Flip | None:
        now = self._declared
        if not isinstance(now, (int, float)) or isinstance(now, bool):
            return flips[0] if flips else None
        return min(flips, key=lambda flip: min(abs(flip.at - now), abs(flip.below - now)), default=None)
