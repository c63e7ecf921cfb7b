# SPDX-License-Identifier: Apache-2.0
"""Puts the lines of a dossier together.

Rules are looked at as if the approval were held, so that it never stands in its own way; what it would prove is asked
for.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carnet import __version__
from carnet.assess.duties import is_ours
from carnet.assess.evidence import Evidence
from carnet.assess.gaps import derived_again
from carnet.assess.model import Receipt
from carnet.errors import InputError, ProfileError, UnknownName, suggest
from carnet.law.grounds import Cite
from carnet.logic.condition import facts_read
from carnet.logic.explain import truth_of
from carnet.plan.dossier import Attached, Done, Dossier, Kind, Line, Why, paper_id
from carnet.spoken import _

if TYPE_CHECKING:
    from carnet.declare.profile import Profile
    from carnet.law.law import Law
    from carnet.law.model import Approval, Rule
    from carnet.law.planning import Planning
    from carnet.law.rulebook import BoundRule, Rulebook


def dossier(law: Law, profile: Profile, approval: str, market: str = "", day: dt.date | None = None) -> Dossier:
    """What an application for an approval is made of, and how far it is.

    market: whose law is meant; by default the approval's own jurisdiction, where that is a market.

    Raises:
        UnknownName: for an approval or market that does not exist.
        InputError: where the approval counts in several markets and none is named.
        ProfileError: for an attachment of something that is not in the law.
    """
    planning = law.planning(approval)
    entry = law.approvals[approval]
    code = market or entry.jurisdiction
    if code not in law.markets():
        hint = f"name a market whose law is meant, such as `-m {_example(law, entry)}`"
        raise InputError(f"`{approval}` counts in more than one market", hint=hint)
    today = day or profile.default_as_of(law.chain(code))
    check_attachments(law, profile)
    held = profile.with_set({f"approvals.{approval}": "held"})
    maker = _Maker(law, profile, held, entry, law.rulebook(code, today))
    lines = tuple(sorted(maker.lines(planning), key=lambda line: list(Why).index(line.why)))
    receipt = Receipt(__version__, law.version, law.sha256, profile.sha256, "native", str(today))
    state = str(profile.declared(f"approvals.{approval}.state", law.chain(code)) or "")
    return Dossier(profile.name, entry, planning, code, law.head(code).name, today, state, lines, receipt)


def _example(law: Law, approval: Approval) -> str:
    below = (code for code in law.markets() if approval.jurisdiction in law.chain(code))
    return next(below, "DE")


def check_attachments(law: Law, profile: Profile) -> None:
    """Refuse a file that shows something which does not exist: it would silently do nothing.

    Raises:
        ProfileError: with the nearest name.
    """
    for item in profile.attachments:
        name, _, paper = item.to.partition("/")
        if name in law.approvals:
            known = [paper_id(each) for each in law.planning(name).documents]
            if not paper or paper in known:
                continue
            hint = suggest(paper, known) or f"papers: {', '.join(known)}"
            raise ProfileError(f"`{name}` is applied for with no paper `{paper}`", item.place, hint)
        try:
            law.clause(item.to)
        except UnknownName as error:
            hint = error.hint or suggest(item.to, law.approvals) or "`carnet dossier` names what can be shown"
            raise ProfileError(f"attachment of an {error.message}", item.place, hint) from None


class _Maker:
    def __init__(self, law: Law, profile: Profile, held: Profile, approval: Approval, book: Rulebook) -> None:
        self._law, self._profile, self._held, self._approval, self._book = law, profile, held, approval, book
        self._chain = law.chain(book.market)

    def lines(self, planning: Planning) -> Iterator[Line]:
        yield from self._first(planning)
        yield from self._papers(planning)
        yield from self._rules()

    def _first(self, planning: Planning) -> Iterator[Line]:
        """What is to be held before: of alternatives the one that is held, else the first."""
        facts = self._profile.facts(
            self._chain,
            as_of=self._book.day,
            recognises=self._book.recognises,
            begins=self._law.not_yet(self._book.day),
        )
        for group in planning.after:
            held = [name for name in group if facts.values.get(f"approvals.{name}.held") is True]
            name = (held or list(group))[0]
            entry, attached = self._law.approvals[name], self._attached(name)
            number = facts.values.get(f"approvals.{name}.certificate")
            shown = bool(number) or _is_shown(attached)
            yield self._line(
                name,
                Why.FIRST,
                Kind.APPROVAL,
                (Done.DONE if shown else Done.ATTACH) if held else Done.OBTAIN,
                " or ".join(self._law.approvals[each].title for each in (held or group)),
                _("The document itself") + (f", {number}" if number else ""),
                entry.cites,
                self._law.planning(name).applicant,
                attached=attached,
            )

    def _papers(self, planning: Planning) -> Iterator[Line]:
        for document in planning.documents:
            name = f"{self._approval.id}/{paper_id(document)}"
            attached = self._attached(name)
            state = Done.DONE if _is_shown(attached) else Done.ATTACH
            about = (name, Why.APPLICATION, Kind.DOCUMENT, state, document.what, document.note)
            yield self._line(*about, document.cites, planning.applicant, attached=attached, estimate=document.estimate)

    def _rules(self) -> Iterator[Line]:
        """Lines of several features that are the same are said once."""
        proven = {rule for proof in self._approval.proves for rule in proof.rules}
        texts = {cite.instrument for cite in self._approval.cites}
        found: dict[str, list[Line]] = {}
        features = self._held.features or ("",)
        for feature in features:
            evidence = self._evidence(feature)
            for bound in self._book.rules():
                why = self._why(bound, proven, texts)
                if why and not bound.rule.advice and self._binds(bound, evidence.values):
                    line = self._rule(bound, why, evidence)
                    found.setdefault(line.id, []).append(line._replace(feature=feature))
        for lines in found.values():
            first = lines[0]._replace(feature="")
            alike = len(lines) == len(features) and all(line._replace(feature="") == first for line in lines)
            yield from [first] if alike else lines

    def _why(self, bound: BoundRule, proven: set[str], texts: set[str]) -> Why | None:
        if bound.rule.id in proven:
            return Why.PROVEN
        mine = f"approvals.{self._approval.id}."
        if any(path.startswith(mine) for path in facts_read(bound.requires)):
            return Why.ASKS
        drawn = any(cite.instrument in texts for cite in bound.rule.cites)
        return Why.INSTRUMENT if drawn else None

    def _binds(self, bound: BoundRule, values: Mapping[str, Any]) -> bool:
        """Whether it applies, as far as is known, on a way that may be taken."""
        if truth_of(bound.applies, values) is False:
            return False
        ways = [way for layer in self._book.layers for way in layer.routes if way.route.id in bound.rule.routes]
        return not bound.rule.routes or any(truth_of(way.available, values) is not False for way in ways)

    def _evidence(self, feature: str) -> Evidence:
        day, book = self._book.day, self._book
        reads = {"recognises": book.recognises, "begins": self._law.not_yet(day), "context": book.context}
        facts = self._held.facts(self._chain, feature or None, as_of=day, **reads)
        values = derived_again({**book.context, **facts.values}, book.derived)
        return Evidence(self._law, facts, values, {item.path: item for item in book.derived})

    def _rule(self, bound: BoundRule, why: Why, evidence: Evidence) -> Line:
        rule, attached = bound.rule, self._attached(bound.rule.id)
        truth = truth_of(bound.requires, evidence.values)
        state = {None: Done.DECLARE, False: Done.CHANGE, True: Done.ATTACH}[truth]
        if truth and (not rule.evidence or _is_shown(attached)):
            state = Done.DONE
        change: Mapping[str, Any] = {}
        if truth is False and rule.curable:
            change = evidence.remedy(rule.remedy, bound.requires).set
        return self._line(
            rule.id,
            why,
            self._kind(rule, bound),
            state,
            rule.title,
            rule.evidence,
            rule.cites,
            rule.duty_holder,
            severity=rule.severity,
            declared=evidence.because(bound.requires, truth) if truth is not None else (),
            unknown=evidence.unknown([bound.requires]) if truth is None else (),
            change=change,
            attached=attached,
        )

    def _kind(self, rule: Rule, bound: BoundRule) -> Kind:
        """By what kind of work the facts are that it asks about: most of them decide."""
        left_out = ("context.", "derived.", f"approvals.{self._approval.id}.")
        paths = [path for path in sorted(facts_read(bound.requires)) if not path.startswith(left_out)]
        works = Counter("approval" if path.startswith("approvals.") else self._work(path) for path in paths)
        if not works:
            return Kind.DOCUMENT
        most = works.most_common(1)[0][0]
        return Kind.PROOF if most.startswith("product") else Kind(most)

    def _work(self, path: str) -> str:
        known = self._law.vocabulary
        return known.fact(path).work if path in known else "document"

    def _attached(self, name: str) -> tuple[Attached, ...]:
        found = []
        for item in self._profile.attachments:
            if item.to == name:
                beside = Path(self._profile.file).parent / item.file
                there = beside.is_file() if Path(self._profile.file).is_file() else None
                found.append(Attached(item.file, item.by, item.on, there))
        return tuple(found)

    def _line(
        self,
        name: str,
        why: Why,
        kind: Kind,
        state: Done,
        title: str,
        wanted: str,
        cites: Sequence[Cite],
        owes: str,
        **more: Any,
    ) -> Line:
        facts = self._profile.content.layers["", ""].values
        ours, partner = is_ours(owes, facts, self._law.bearers), self._profile.partners.get(owes, "")
        return Line(name, why, kind, state, title, wanted, tuple(cites), owes, ours, partner, **more)


def _is_shown(attached: Iterable[Attached]) -> bool:
    """Whether a file shows it that is there, as far as can be seen."""
    return any(item.found is not False for item in attached)
