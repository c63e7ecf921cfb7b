# SPDX-License-Identifier: Apache-2.0
"""Distances in words: how long a market takes, what for, and what can be said over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from carnet.assess.lacks import Work
from carnet.assess.model import Outcome
from carnet.law.known import Level
from carnet.law.model import Note
from carnet.logic.wording import value_text
from carnet.plan.readiness import OPEN, Outlook, Readiness
from carnet.report import lack_words, text
from carnet.report.compare import Matrix
from carnet.report.digest import counted, outcome_name
from carnet.report.lack_words import named
from carnet.spoken import N_, _

_BRIEF: Mapping[Work, tuple[str, str]] = {
    Work.BAR: (N_("1 bar"), N_("{n} bars")),
    Work.APPROVAL: (N_("1 approval"), N_("{n} approvals")),
    Work.PRODUCT: (N_("1 change"), N_("{n} changes")),
    Work.SET_UP: (N_("1 to set up"), N_("{n} to set up")),
    Work.DOCUMENT: (N_("1 document"), N_("{n} documents")),
}


def distance(ready: Readiness | None) -> str:
    """How long until the market opens: `now`, `8-34 weeks`, or why nobody can say; nothing for a feature alone."""
    if ready is None:
        return ""
    if ready.is_open:
        return _("now")
    if ready.weeks:
        early, late = ready.weeks
        return _("{n} weeks").format(n=early if early == late else f"{early}-{late}")
    if ready.is_barred or ready.outcome is Outcome.PROHIBITED:
        return _("no way in")
    if ready.outcome is Outcome.TEST_ONLY:
        return _("tests only")
    return _("not known")


def to_do_briefly(ready: Readiness | None) -> str:
    """The same as `to_do` for narrow columns: `2 approvals, 1 change`."""
    if ready is None:
        return ""
    parts = [_(_BRIEF[work][ready.of(work) > 1]).format(n=ready.of(work)) for work in Work if ready.of(work)]
    if ready.outcome is Outcome.UNDETERMINED and ready.questions:
        parts.append(_("{n} to declare").format(n=ready.questions))
    return ("≥ " if ready.is_least else "") + ", ".join(parts)


def to_do(ready: Readiness | None) -> str:
    """What stands in the way, by kind of work, and how many answers the outcome waits for."""
    if ready is None:
        return ""
    parts = [lacking(ready)] if ready.blocking else []
    if ready.outcome is Outcome.UNDETERMINED and ready.questions:
        parts.append(_("{n} to declare").format(n=ready.questions))
    return ", ".join(filter(None, parts))


def lacking(ready: Readiness) -> str:
    """What stands in the way by kind of work; at least, where facts are missing that may add to it."""
    lacks = lack_words.counted(ready.blocking)
    return _("at least {lacks}").format(lacks=lacks) if ready.is_least else lacks


def is_thin(ready: Readiness | None) -> bool:
    """Whether an open market is open only as far as its law is known."""
    return ready is not None and ready.known.level is Level.THINLY and ready.outcome in OPEN


def sentences(outlook: Outlook) -> tuple[str, ...]:
    """What to draw from the distances, where to go next first of all."""
    return (*_next(outlook), *drawn(outlook))


def drawn(outlook: Outlook) -> tuple[str, ...]:
    """Which step and which partner does most, which markets are alike, and what clashes."""
    found = (*_locked(outlook), lack_words.step(outlook.step), _role(outlook), *_twins(outlook), *_conflicts(outlook))
    return tuple(filter(None, found))


def order(matrix: Matrix) -> str:
    """How the table is ordered by distance, and what is not known of the markets at its end; else nothing."""
    ready = [cell.ready for row in matrix.rows for cell in row.cells if cell.ready]
    parts = []
    if matrix.sort == "distance" and len(matrix.rows) > 1:
        parts.append(_("Nearest first: by weeks, then by what it takes, last what no step opens."))
    if any(one.outcome is Outcome.UNDETERMINED and one.questions for one in ready):
        parts.append(_("Not known: the outcome waits for answers; those to declare are counted, at most."))
    return " ".join(parts)


def tiles(matrix: Matrix) -> list[tuple[str, str, str, str, bool]]:
    """The markets of the first profile as `charts.tiles` takes them."""
    found = matrix.outlooks[0].rows
    return [(one.market, one.name, one.outcome.value, _below(one), one.known.level is Level.THINLY) for one in found]


def _below(ready: Readiness) -> str:
    if ready.weeks and not ready.is_open:
        return f"{ready.weeks[0]}-{ready.weeks[1]}"
    return _("open") if ready.is_open else distance(ready)


def next_words(ready: Readiness) -> str:
    """One of the nearest markets, with the reason: `Hong Kong (HK): 2-10 weeks, 1 approval to obtain`."""
    return f"{ready.name} ({ready.market}): {distance(ready)}, {lacking(ready)}"


def decisive(rows: Iterable[Readiness]) -> tuple[tuple[Note, tuple[str, ...]], ...]:
    """What the law says of money and origin that can decide by itself, each once with its markets."""
    found: dict[str, tuple[Note, list[str]]] = {}
    for row in rows:
        for note in row.decisive:
            found.setdefault(note.id, (note, []))[1].append(row.market)
    return tuple((note, tuple(codes)) for note, codes in found.values())


def _next(outlook: Outlook) -> list[str]:
    if not outlook.next:
        return []
    return [_("Nearest next: {markets}.").format(markets="; ".join(map(next_words, outlook.next)))]


def locked(ready: Readiness | None) -> str:
    """What a market is while a feature stays locked, where that is nearer: sell the car now, unlock it later."""
    told = _("with {feature} locked: {outcome}")
    apart = ready.locked if ready else ()
    return "; ".join(told.format(feature=one.feature, outcome=outcome_name(one.locked)) for one in apart)


def _locked(outlook: Outlook) -> list[str]:
    """Where the vehicle comes nearer while a feature stays locked, by feature and outcome."""
    found: dict[tuple[str, Outcome], list[str]] = {}
    for row in outlook.rows:
        for one in row.locked:
            found.setdefault((one.feature, one.locked), []).append(row.market)
    told = _("With {feature} locked {markets} would be {outcome}: the vehicle first, the feature later.")
    return [
        told.format(feature=feature, markets=named(codes), outcome=outcome_name(outcome))
        for (feature, outcome), codes in found.items()
    ]


def _role(outlook: Outlook) -> str:
    who, lacks = outlook.role
    if not who:
        return ""
    return _("The partner who closes most: {who}, {lacks} in the way.").format(
        who=text.duty_holder_words(who), lacks=counted(lacks, N_("1 lack"), N_("{n} lacks"))
    )


def _twins(outlook: Outlook) -> list[str]:
    return [_("The same is lacking in {markets}.").format(markets=named(codes)) for codes in outlook.twins[:2]]


def _conflicts(outlook: Outlook) -> list[str]:
    return [
        _("No one product suits all: of {fact}, {asked}.").format(
            fact=conflict.path,
            asked="; ".join(
                _("{markets} ask {value}").format(markets=named(codes), value=value_text(value))
                for value, codes in conflict.asked.items()
            ),
        )
        for conflict in outlook.conflicts
    ]
