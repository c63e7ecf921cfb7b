# SPDX-License-Identifier: Apache-2.0
"""Checking a profile: markets resolved, facts gathered, conditions run, and the results put together.

Markets and features whose facts are equal share one program, so a rule of a treaty is evaluated once however many
markets it binds in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from carnet import __version__
from carnet.assess.evidence import Evidence
from carnet.assess.findings import need_ids
from carnet.assess.jobs import Job, jobs_of
from carnet.assess.market import FeatureAssessor, conditions_of
from carnet.assess.model import MarketAssessment, Receipt, Report
from carnet.assess.together import Said, put_together
from carnet.declare.facts import Signature
from carnet.declare.profile import Profile
from carnet.declare.reading import Waiver
from carnet.errors import ProfileError, UnknownName, suggest
from carnet.law.law import Law
from carnet.law.rulebook import Rulebook, derived_needed
from carnet.logic.condition import Condition, Truth
from carnet.logic.evaluators import evaluator as find_evaluator
from carnet.logic.program import Derived, Evaluator, Prepared, Program

PROGRAMS_KEPT = 100
Progress = Callable[[str], None]


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
        assessments.append(assess_market(profile, own, evidence))
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


def waivers_of(profile: Profile) -> dict[str, Waiver]:
    """The profile's waivers by what they waive."""
    return {waiver.rule: waiver for waiver in profile.waivers}


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


def assess_market(profile: Profile, jobs: Sequence[Job], evidence: Mapping[int, Evidence]) -> MarketAssessment:
    """All jobs of one market assessed and put together."""
    waivers = waivers_of(profile)
    assessors = [(job, FeatureAssessor(job.rulebook, evidence[id(job)], job.feature, waivers)) for job in jobs]
    return put_together(assessors, Said())


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
