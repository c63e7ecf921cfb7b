# SPDX-License-Identifier: Apache-2.0
"""Finding law by words: rules, instruments, approvals and facts that hold all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from carnet.law.law import Law


class Hit(NamedTuple):
    """Something found: its kind (rule, instrument, approval or fact), id, title, jurisdiction and where it is from."""

    kind: str
    id: str
    title: str
    jurisdiction: str
    source: str


KINDS = ("rule", "instrument", "approval", "fact")


def search(law: Law, text: str, kinds: Iterable[str] = KINDS, market: str | None = None) -> list[Hit]:
    """Everything that holds all words of the text, the nearest first: id or title alike, then in the title, then else.

    market: only what that market or its ancestors enact; facts belong to none.
    """
    words = text.casefold().split()
    wanted = set(kinds)
    chain = set(law.chain(law.head(market).id)) if market else None
    found: list[tuple[int, Hit]] = []
    for hit, more in _all(law, wanted):
        if chain is not None and hit.kind != "fact" and hit.jurisdiction not in chain:
            continue
        title = f"{hit.id} {hit.title}".casefold()
        whole = f"{title} {hit.source} {more}".casefold()
        if all(word in whole for word in words):
            exact = " ".join(words) in (hit.id.casefold(), hit.title.casefold())
            found.append((0 if exact else 1 if all(word in title for word in words) else 2, hit))
    return [hit for _, hit in sorted(found, key=lambda each: each[0])]


def _all(law: Law, kinds: set[str]) -> Iterator[tuple[Hit, str]]:
    """Everything with a name, and what else may be looked for in it."""
    for code in law.codes if kinds & {"rule", "instrument"} else ():
        jurisdiction = law.jurisdiction(code)
        for rule in jurisdiction.rules if "rule" in kinds else ():
            source = "; ".join(f"{cite.short or cite.instrument} {cite.provision}".strip() for cite in rule.cites)
            yield Hit("rule", rule.id, rule.title, code, source), rule.text
        for instrument in jurisdiction.instruments if "instrument" in kinds else ():
            yield Hit("instrument", instrument.id, instrument.title, code, instrument.short), ""
    for approval in law.approvals.values() if "approval" in kinds else ():
        yield Hit("approval", approval.id, approval.title, approval.jurisdiction, approval.granted_by), approval.note
    for fact in law.vocabulary.facts.values() if "fact" in kinds else ():
        yield Hit("fact", fact.path, fact.question, "", fact.term), fact.help
