# SPDX-License-Identifier: Apache-2.0
"""Whether a reader can look the law up."""

from __future__ import annotations

from collections import Counter

from carnet.law.lint.model import Found, Level, Linted, lint_rule
from carnet.law.model import Confidence


@lint_rule("citation-missing", Level.ERROR)
def citation_missing(law: Linted) -> Found:
    for rule in law.rules():
        if not rule.cites:
            yield rule.place, f"rule `{rule.id}` cites no provision", "name the instrument and the place in it"


@lint_rule("citation-without-address", Level.WARNING)
def citation_without_address(law: Linted) -> Found:
    """Said once for each instrument, since that is where the address belongs."""
    bare = Counter(
        cite.instrument
        for item in law.linked.jurisdictions.values()
        for cites in (*(rule.cites for rule in item.rules), *(route.cites for route in item.routes))
        for cite in cites
        if not cite.url
    )
    for item in law.linked.jurisdictions.values():
        for instrument in item.instruments:
            if times := bare[instrument.id]:
                what = f"instrument `{instrument.id}` has no address and is cited {times} times without one"
                yield instrument.place, what.replace("1 times", "once"), "give it a `url:` where the text can be read"


@lint_rule("primary-without-address", Level.ERROR)
def primary_without_address(law: Linted) -> Found:
    for rule in law.rules():
        if rule.confidence is Confidence.PRIMARY and rule.cites and not any(cite.url for cite in rule.cites):
            what = f"rule `{rule.id}` claims the confidence `primary` for a text without an address"
            yield rule.place, what, "give the address of the text that was read, or lower the confidence"
