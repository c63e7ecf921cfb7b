# SPDX-License-Identifier: Apache-2.0
"""Whether what can close a market stands on a text that somebody read."""

from __future__ import annotations

from carnet.law.lint.model import Found, Level, Linted, lint_rule
from carnet.law.model import Basis, Confidence, Severity


@lint_rule("blocking-unreviewed", Level.WARNING)
def blocking_unreviewed(law: Linted) -> Found:
    for rule in law.rules():
        if rule.severity is Severity.BLOCKING and rule.basis is Basis.UNREVIEWED:
            what = f"rule `{rule.id}` can close a market, and nothing says what it rests on"
            yield rule.place, what, "give its `basis:`, or lower its severity"


@lint_rule("primary-without-reading", Level.WARNING)
def primary_without_reading(law: Linted) -> Found:
    for rule in law.rules():
        if rule.confidence is Confidence.PRIMARY and rule.read is None:
            what = f"rule `{rule.id}` claims the confidence `primary`, and no reading is recorded"
            yield rule.place, what, "record it (`read: {on, what, at}`), or lower the confidence"
