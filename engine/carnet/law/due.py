# SPDX-License-Identifier: Apache-2.0
"""How well the law of each jurisdiction was read, and what is to be read again next.

Law that moves fast (automated driving, and what is adopted, proposed or practice) is due 90 days after its last
reading, other law after a year; what has no reading recorded is due now.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from carnet.law.model import Basis, Confidence, Jurisdiction, LegalStatus, Rule, Severity

FAST, SLOW = dt.timedelta(days=90), dt.timedelta(days=365)


class Standing(NamedTuple):
    """The readings of one jurisdiction's rules: oldest and newest day, and counts.

    due: rules to read again; undated: announced law without a day; doubtful: blocking rules that are unreviewed, rest
    on memory, or are called primary without a recorded reading.
    """

    code: str
    name: str
    rules: int
    recorded: int
    oldest: dt.date | None
    newest: dt.date | None
    due: tuple[str, ...]
    undated: tuple[str, ...]
    doubtful: tuple[str, ...]
    by_basis: dict[str, int]
    by_confidence: dict[str, int]


def standing(jurisdiction: Jurisdiction, today: dt.date) -> Standing:
    """How well one jurisdiction's rules were read, as of a day."""
    rules = jurisdiction.rules
    days = [rule.read.on for rule in rules if rule.read]
    return Standing(
        jurisdiction.id,
        jurisdiction.name,
        len(rules),
        len(days),
        min(days, default=None),
        max(days, default=None),
        tuple(rule.id for rule in rules if is_due(rule, today)),
        tuple(_undated(jurisdiction)),
        tuple(rule.id for rule in rules if is_doubtful(rule)),
        dict(Counter(str(rule.basis) for rule in rules)),
        dict(Counter(str(rule.confidence) for rule in rules)),
    )


def is_due(rule: Rule, today: dt.date) -> bool:
    """Whether a rule in force, or to come, is to be read again."""
    if rule.in_force.until and rule.in_force.until < today:
        return False
    return rule.read is None or rule.read.on + (FAST if _moves(rule) else SLOW) <= today


def is_doubtful(rule: Rule) -> bool:
    """Whether a rule that can close a market stands on too little."""
    if rule.severity is not Severity.BLOCKING or rule.basis in (Basis.PRACTICE, Basis.INFERENCE):
        return False
    unread = rule.confidence is Confidence.PRIMARY and rule.read is None
    return rule.basis is Basis.UNREVIEWED or rule.confidence is Confidence.MEMORY or unread


def _moves(rule: Rule) -> bool:
    return rule.topic == "ads_approval" or rule.legal_status is not LegalStatus.IN_FORCE or rule.basis is Basis.PRACTICE


def _undated(jurisdiction: Jurisdiction) -> Iterator[str]:
    """Law that was adopted and has no first day yet."""
    for rule in jurisdiction.rules:
        if rule.legal_status is LegalStatus.ADOPTED and rule.in_force.first_day is None:
            yield rule.id
    for route in jurisdiction.routes:
        if route.legal_status is LegalStatus.ADOPTED and route.span.start is None:
            yield route.id
