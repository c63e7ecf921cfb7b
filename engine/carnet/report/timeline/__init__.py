# SPDX-License-Identifier: Apache-2.0
"""A profile's outcome in each market over time: today's facts under the law of every day to come.

Nothing changes between two days on which law starts or ends, a parameter takes a new value, an approval begins or
lapses, or a waiver ends; so only those days are assessed. Ages that a rule counts in days are not followed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from carnet.assess.check import check
from carnet.assess.model import Finding, MarketAssessment, Outcome, Receipt, Status
from carnet.days import add_months
from carnet.errors import InputError
from carnet.law.changing import law_days
from carnet.report import select, text
from carnet.report.timeline.days import Event, profile_events

if TYPE_CHECKING:
    from carnet.declare.profile import Profile
    from carnet.law.law import Law

FORMATS = {"terminal": (".txt",), "html": (".html", ".htm"), "json": (".json",), "ical": (".ics",)}
MONTHS = 36
_SHOWN = (Status.GAP, Status.UNDETERMINED)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something changed on a day: `kind` is starts, ends, changes, or what ended in the profile itself."""

    kind: str
    title: str
    rule: str = ""
    provision: str = ""
    before: Status | None = None
    after: Status | None = None
    severity: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """A day on which the outcome or what stands in its way changes."""

    day: dt.date
    before: Outcome
    after: Outcome
    reasons: tuple[Reason, ...]

    @property
    def outcome_changes(self) -> bool:
        return self.before is not self.after


@dataclass(frozen=True, slots=True)
class Band:
    """One market from `start` to `until`; `undated` is adopted law without a first day."""

    market: str
    name: str
    start: dt.date
    until: dt.date
    outcome: Outcome
    turns: tuple[Turn, ...]
    undated: tuple[str, ...]

    def spans(self) -> list[tuple[dt.date, dt.date, Outcome]]:
        """First day, first day after, outcome; neighbours differ."""
        spans, start, outcome = [], self.start, self.outcome
        for turn in self.turns:
            if turn.outcome_changes:
                spans.append((start, turn.day, outcome))
                start, outcome = turn.day, turn.after
        return [*spans, (start, self.until + dt.timedelta(days=1), outcome)]


@dataclass(frozen=True, slots=True)
class Timeline:
    profile: str
    start: dt.date
    until: dt.date
    bands: tuple[Band, ...]
    receipt: Receipt
    identity: str = ""


def span_of(start: dt.date | None, until: dt.date | None) -> tuple[dt.date, dt.date]:
    """First and last day of a time line: from today unless told, for three years.

    Raises:
        InputError: when the last day is not after the first.
    """
    first = start or dt.date.today()
    last = until or add_months(first, MONTHS)
    if last <= first:
        raise InputError(f"the last day `{last}` is not after the first, `{first}`", hint="give a later `--until`")
    return first, last


def timeline(
    law: Law,
    profile: Profile,
    markets: Sequence[str],
    start: dt.date,
    until: dt.date,
    evaluator: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> Timeline:
    """Assess the markets on every day on which something may change, `start` included."""
    ends = {
        day: [_told(law, event) for event in events] for day, events in profile_events(profile, start, until).items()
    }
    wanted: dict[dt.date, list[str]] = defaultdict(list, {start: list(markets)})
    for market in markets:
        for day in sorted({*ends, *law_days(law, market, start, until)}):
            wanted[day].append(market)
    states: dict[str, MarketAssessment] = {}
    turns: dict[str, list[Turn]] = defaultdict(list)
    first: dict[str, MarketAssessment] = {}
    receipt = None
    for day in sorted(wanted):
        report = check(law, profile, wanted[day], day, evaluator)
        receipt = receipt or report.receipt
        for now in report:
            before = states.get(now.market)
            states[now.market] = now
            if before is None:
                first[now.market] = now
            elif turn := _turn(before, now, day, ends.get(day, ())):
                turns[now.market].append(turn)
        if progress:
            progress(str(day))
    assert receipt is not None
    bands = tuple(_band(first[market], turns[market], until) for market in dict.fromkeys(markets))
    return Timeline(profile.name, start, until, bands, receipt, profile.identity)


def _band(first: MarketAssessment, turns: Sequence[Turn], until: dt.date) -> Band:
    undated = dict.fromkeys(change.title for change in first.upcoming if change.date is None)
    return Band(first.market, first.name, first.as_of, until, first.outcome, tuple(turns), tuple(undated))


def _told(law: Law, event: Event) -> Reason:
    """An event of the profile, with the title of the approval or rule that it is about."""
    kind, about, rule = event
    titled = law.approvals.get(about) or (law.rule(about) if rule in law.ids("rules") else None)
    return Reason(kind, f"{titled.title} ({about})" if titled else about, rule)


def _turn(before: MarketAssessment, now: MarketAssessment, day: dt.date, ends: Sequence[Reason]) -> Turn | None:
    """What changed on a day, or nothing that a reader would notice."""
    reasons = list(_reasons(_counted(before), _counted(now)))
    if not reasons and before.outcome is now.outcome:
        return None
    return Turn(day, before.outcome, now.outcome, (*ends, *sorted(reasons, key=_weight)))


def _counted(market: MarketAssessment) -> dict[tuple[str, str], Finding]:
    """What counts, by rule and feature."""
    return {(f.rule, f.feature): f for f in select.counted(market, *Status)}


def _reasons(before: Mapping[tuple[str, str], Finding], now: Mapping[tuple[str, str], Finding]) -> Iterator[Reason]:
    for key in dict.fromkeys([*before, *now]):
        old, new = before.get(key), now.get(key)
        if _standing(old) == _standing(new) or not {old and old.status, new and new.status} & set(_SHOWN):
            continue
        shown = new or old
        assert shown is not None
        kind = "starts" if old is None else "ends" if new is None else "changes"
        yield Reason(
            kind,
            shown.title,
            shown.rule,
            text.cites_words(shown),
            old.status if old else None,
            new.status if new else None,
            shown.severity.value,
        )


def _standing(finding: Finding | None) -> tuple[Status, bool] | None:
    return None if finding is None else (finding.status, finding.is_open_gap)


def _weight(reason: Reason) -> tuple[int, bool, str]:
    severity = [severity.value for severity in select.SEVERITIES].index(reason.severity)
    return severity, reason.after is not Status.GAP, reason.rule
