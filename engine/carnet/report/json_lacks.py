# SPDX-License-Identifier: Apache-2.0
"""Lacks, actions and questions as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from carnet.assess.apart import Apart
from carnet.assess.lacks import Change, Lack
from carnet.plan.actions import Action
from carnet.plan.questions import Question

Plain = Callable[[Any], Any]


def lacks(found: Iterable[Lack], plain: Plain) -> list[dict[str, Any]]:
    return [_lack(lack, plain) for lack in found]


def _lack(lack: Lack, plain: Plain) -> dict[str, Any]:
    return {
        "id": lack.id,
        "work": lack.work.value,
        "part": lack.part or None,
        "title": lack.title,
        "text": lack.text or None,
        "severity": lack.severity.value,
        "changes": [_change(change, plain) for change in lack.changes],
        "alternatives": [[_change(change, plain) for change in other] for other in lack.alternatives],
        "closes": list(lack.closes),
        "follows": list(lack.follows),
        "provisions": [str(cite) for cite in lack.provisions],
        "who": lack.who or None,
        "ours": lack.ours,
        "duty_holders": list(lack.holders),
        "weeks": list(lack.weeks) if lack.weeks else None,
        "with": list(lack.with_),
        "cause": lack.cause or None,
        "waived": lack.waived,
        "at_most": lack.at_most,
    }


def _change(change: Change, plain: Plain) -> dict[str, Any]:
    return {
        "fact": change.path,
        "value": plain(change.value),
        "declared": plain(change.before),
        "feature": change.feature or None,
    }


def apart(one: Apart) -> dict[str, Any]:
    return {
        "feature": one.feature,
        "declared": one.declared.value,
        "locked": one.locked.value,
        "lacks_locked": [lack.id for lack in one.lacks],
    }


def action(one: Action, plain: Plain) -> dict[str, Any]:
    first = one.first
    return {
        "id": one.id,
        "work": first.work.value,
        "part": first.part or None,
        "title": first.title,
        "text": first.text or None,
        "who": first.who or None,
        "ours": first.ours,
        "with": list(first.with_),
        "weeks": list(first.weeks) if first.weeks else None,
        "markets": list(one.markets),
        "blocking": one.blocking,
        "findings": one.findings,
        "lacks": [lack.id for _, lack in one.lacks],
        "settings": {path: plain(values) for path, values in one.settings},
    }


def question(one: Question, asked: str, answers: str) -> dict[str, Any]:
    return {
        "fact": one.fact,
        "question": asked or None,
        "allowed": answers or None,
        "findings": one.findings,
        "blocking": one.blocking,
        "alone": one.alone,
        "markets": list(one.markets),
        "rules": list(one.rules),
        "later": one.later,
        "home": one.home,
        "idle": one.idle,
    }
