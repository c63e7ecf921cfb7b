# SPDX-License-Identifier: Apache-2.0
"""What is to be assessed for a market: its rulebook for each feature's facts, and the exporter's home duties."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from carnet.declare.facts import Facts
from carnet.declare.profile import Profile
from carnet.law.law import Law
from carnet.law.rulebook import Rulebook

HOME = "organisation.home_country"


class Job(NamedTuple):
    """One rulebook for one feature's facts."""

    market: str
    feature: str
    rulebook: Rulebook
    facts: Facts
    home: bool


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
            facts = profile.facts(chain, feature or None, as_of=day, recognises=book.recognises)
            jobs.append(Job(market, feature, book, facts, is_home))
    return jobs
