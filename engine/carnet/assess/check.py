# SPDX-License-Identifier: Apache-2.0
"""Checking a profile: markets resolved, facts gathered, conditions run, and the results put together.

Markets and features whose facts are equal share one program, so a rule of a treaty is evaluated once however many
markets it binds in.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from carnet import __version__
from carnet.assess.conflicts import told_by_both
from carnet.assess.evidence import Evidence
from carnet.assess.findings import need_ids
from carnet.assess.market import FeatureAssessor, FeatureResult, conditions_of
from carnet.assess.model import Finding, MarketAssessment, Outcome, Receipt, Report, Status, worst
from carnet.declare.facts import Facts, Signature
from carnet.declare.profile import Profile
from carnet.errors import ProfileError, UnknownName, suggest
from carnet.law.law import Law
from carnet.law.model import Severity
from carnet.law.rulebook import Rulebook, derived_needed
from carnet.logic.condition import Condition, Truth
from carnet.logic.evaluators import evaluator as find_evaluator
from carnet.logic.program import Derived, Evaluator, Prepared, Program

HOME = "organisation.home_country"
PROGRAMS_KEPT = 100
Progress = Callable[[str], None]


class Job(NamedTuple):
    """One rulebook for one feature's facts."""

    market: str
    feature: str
    rulebook: Rulebook
    facts: Facts
    home: bool


def check(
    law: Law,
    profile: Profile,
    markets: Sequence[str],
    as_of: dt.date | None = None,
    evaluator: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Assess a profile for some markets.

    as_of: the day assessed; by default when operation starts there, else today.

    Raises:
        UnknownName: for a market or evaluator that does not exist.
        ProfileError: for a waiver of a rule that does not exist.
    """
    check_waivers(law, profile)
    engine = find_evaluator(evaluator)
    days = {market: as_of or profile.default_as_of(law.chain(market)) for market in dict.fromkeys(markets)}
    jobs = [job for market, day in days.items() for job in jobs_of(law, profile, market, day)]
    evidence = run(law, jobs, engine)
    assessments = []
    for market in days:
        own = [job for job in jobs if job.market == market]
        assessments.append(assess_market(law, profile, own, evidence))
        if progress:
            progress(market)
    return Report(receipt(law, profile, engine.name, days.values()), summary(profile), tuple(assessments))


def check_waivers(law: Law, profile: Profile) -> None:
    """Refuse a waiver of something that does not exist: it would silently do nothing."""
    for waiver in profile.waivers:
        route, need, _ = waiver.rule.partition(".needs.")
        try:
            known = need_ids(law.route(route)) if need else [law.rule(waiver.rule).id]
        except UnknownName as error:
            hint = error.hint or "a report names the rule of each gap"
            raise ProfileError(f"waiver of an {error.message}", waiver.place, hint) from None
        if waiver.rule not in known:
            hint = suggest(waiver.rule, known) or f"it has {', '.join(known) or 'none'}"
            raise ProfileError(f"waiver of an unknown need `{waiver.rule}`", waiver.place, hint)


def jobs_of(law: Law, profile: Profile, market: str, day: dt.date) -> list[Job]:
    """The rulebooks to run for one market: its own for each feature, and the home layer's beside a foreign market."""
    chain = law.chain(market)
    home = profile.declared(HOME)
    books = [(law.rulebook(market, day), False)]
    if isinstance(home, str) and home in law.homes and home not in chain:
        books.append((law.rulebook(home, day, home=True), True))
    jobs = []
    for feature in profile.features or ("",):
        for book, is_home in books:
            recognises = law.rulebook(market, day).recognises if not is_home else {}
            facts = profile.facts(chain, feature or None, as_of=day, recognises=recognises)
            jobs.append(Job(market, feature, book, facts, is_home))
    return jobs


def run(law: Law, jobs: Iterable[Job], engine: Evaluator) -> dict[int, Evidence]:
    """The evidence of each job, by its identity; jobs with equal facts run as one program."""
    by_facts: dict[Signature, list[Job]] = {}
    for job in jobs:
        by_facts.setdefault(job.facts.signature, []).append(job)
    found: dict[int, Evidence] = {}
    for shared in by_facts.values():
        program, ready = prepared(law, [job.rulebook for job in shared], engine)
        truths, derived = ready.run(shared[0].facts.values)
        found.update(evidence_of(law, shared, program, truths, derived))
    return found


def evidence_of(
    law: Law, jobs: Sequence[Job], program: Program, truths: Sequence[Truth], derived: Mapping[str, Any]
) -> dict[int, Evidence]:
    """The evidence of jobs that share a program and its answers."""
    places = {condition: place for place, condition in enumerate(program.conditions)}
    sources = {item.path: item for item in program.derived}
    return {id(job): Evidence(law, job.facts, truths, places, derived, sources) for job in jobs}


def prepared(law: Law, rulebooks: Iterable[Rulebook], engine: Evaluator) -> tuple[Program, Prepared]:
    """The rulebooks' program made ready, or as it was before: making it ready costs more than running it."""
    books = {id(book): book for book in rulebooks}
    key = (engine.name, *books)
    kept = law.programs.get(key)
    if kept is None:
        program = program_of(books.values())
        kept = law.programs[key] = (program, engine.prepare(program), tuple(books.values()))
        for oldest in list(law.programs)[:-PROGRAMS_KEPT]:
            law.programs.pop(oldest, None)
    return kept[:2]


def program_of(rulebooks: Iterable[Rulebook]) -> Program:
    """One program for several rulebooks; equal conditions and derived facts stand in it once."""
    distinct: dict[Condition, None] = {}
    derived: dict[str, Derived] = {}
    for book in {id(book): book for book in rulebooks}.values():
        distinct.update(dict.fromkeys(conditions_of(book)))
        derived.update((item.path, item) for item in book.derived)
    conditions = tuple(distinct)
    return Program(derived_needed(derived.values(), conditions), conditions)


def assess_market(
    law: Law, profile: Profile, jobs: Sequence[Job], evidence: Mapping[int, Evidence]
) -> MarketAssessment:
    """All features of one market put together: the market takes the worst of them."""
    waivers = {waiver.rule: waiver for waiver in profile.waivers}
    assessors = [(job, FeatureAssessor(job.rulebook, evidence[id(job)], job.feature, waivers)) for job in jobs]
    results = [(job, assessor.assess()) for job, assessor in assessors]
    own = [result for job, result in results if not job.home]
    home = [result for job, result in results if job.home]
    book = next(job.rulebook for job in jobs if not job.home)
    home_findings = merged(home)
    findings = told_by_both(merged(own), home_findings)
    counted = [f for f in findings if f.on_route and not f.superseded_by]
    return MarketAssessment(
        market=book.market,
        name=book.name,
        as_of=book.day,
        outcome=worst([result.outcome for result in own]),
        route=next((result.route for result in own if result.outcome is worst([r.outcome for r in own])), ""),
        layers=tuple(layer for result in own for layer in result.layers),
        routes=tuple(route for result in own for route in result.routes),
        findings=findings,
        counts={status.value: sum(f.status is status for f in counted) for status in Status},
        severities={s.value: sum(f.status is Status.GAP and f.severity is s for f in counted) for s in Severity},
        upcoming=tuple(
            sorted(
                dict.fromkeys(item for job, assessor in assessors if not job.home for item in assessor.upcoming()),
                key=lambda item: (item.date or dt.date.max, item.rule),
            )
        ),
        notes=book.notes,
        not_covered=book.not_covered,
        home=next((job.rulebook.market for job in jobs if job.home), ""),
        home_outcome=_home_outcome(home),
        home_findings=home_findings,
        guidance=merged_guidance(assessor for job, assessor in assessors if not job.home),
        confidence_share=dict(Counter(f.confidence.value for f in counted if f.kind == "rule")),
        chain=book.chain,
    )


def _home_outcome(results: Sequence[FeatureResult]) -> Outcome | None:
    return worst([result.outcome for result in results]) if results else None


def merged(results: Iterable[FeatureResult]) -> tuple[Finding, ...]:
    """Findings of all features; what is the same for each of them is said once, without naming a feature."""
    return _merge([result.findings for result in results])


def merged_guidance(assessors: Iterable[FeatureAssessor]) -> tuple[Finding, ...]:
    return _merge([tuple(assessor.guidance()) for assessor in assessors])


def _merge(lists: Sequence[tuple[Finding, ...]]) -> tuple[Finding, ...]:
    if len(lists) < 2:
        return tuple(finding for findings in lists for finding in findings)
    groups: dict[str, list[Finding]] = {}
    for findings in lists:
        for finding in findings:
            groups.setdefault(finding.rule, []).append(finding)
    found: list[Finding] = []
    for group in groups.values():
        bare = [finding._replace(feature="") for finding in group]
        same = len(group) == len(lists) and all(item == bare[0] for item in bare)
        found += [bare[0]] if same else group
    return tuple(found)


def receipt(law: Law, profile: Profile, evaluator: str, days: Iterable[dt.date]) -> Receipt:
    span = sorted(set(days))
    as_of = str(span[0]) if len(span) == 1 else f"{span[0]}..{span[-1]}" if span else ""
    return Receipt(__version__, law.version, law.sha256, profile.sha256, evaluator, as_of)


def summary(profile: Profile) -> dict[str, Any]:
    """What a report says of the profile itself."""
    return {
        "name": profile.name,
        "description": profile.description,
        "file": profile.file,
        "features": list(profile.features),
    }
