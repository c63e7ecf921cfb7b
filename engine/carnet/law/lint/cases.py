# SPDX-License-Identifier: Apache-2.0
"""Whether each rule carries the cases that show what it means."""

from __future__ import annotations

from carnet.law.casework.mutants import date_mutants
from carnet.law.casework.mutate import Notice, dates_differ
from carnet.law.lint.model import Found, Level, Linted, lint_rule
from carnet.law.model import Rule

PROPOSE = "`carnet test --propose` finds some"


@lint_rule("cases-missing", Level.ERROR)
def cases_missing(law: Linted) -> Found:
    """A ban that nothing can mend has no compliant case."""
    for rule in law.rules():
        shown = {case.expect for case in rule.tests}
        wanted = ("compliant", "gap") if rule.curable else ("gap",)
        missing = [status for status in wanted if status not in shown]
        if missing:
            yield rule.place, f"rule `{rule.id}` has no {' and no '.join(missing)} case", PROPOSE


@lint_rule("dates-untested", Level.ERROR)
def dates_untested(law: Linted) -> Found:
    """A date is shown when moving it by a day makes some case come out different."""
    for rule in law.rules():
        if rule.tests and (days := _unshown(law, rule)):
            yield rule.place, f"rule `{rule.id}` has no case on either side of {', '.join(days)}", PROPOSE


def _unshown(law: Linted, rule: Rule) -> list[str]:
    notice = Notice(law.bench, rule, rule.tests)
    markets = {case.market for case in rule.tests}
    days = dict.fromkeys(
        str(mutant.moved)
        for mutant in date_mutants(rule)
        if not notice.sees(mutant.rule) and dates_differ(law.bench, rule, mutant.rule, markets)
    )
    return list(days)
