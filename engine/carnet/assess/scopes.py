# SPDX-License-Identifier: Apache-2.0
"""What is to be assessed for a market: its rulebook for each feature's facts, and the exporter's home duties."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from carnet.declare.facts import Facts, is_held
from carnet.declare.grants import name_of
from carnet.declare.profile import Profile
from carnet.declare.vocabulary import Value
from carnet.law.law import Law
from carnet.law.rulebook import Rulebook

HOME = "organisation.home_country"


class Scope(NamedTuple):
    """One rulebook and one feature's facts.

    home: the rulebook is of the exporter's home. label: how findings name the feature; not at all where it is the only
    one.
    """

    market: str
    feature: str
    rulebook: Rulebook
    facts: Facts
    home: bool
    label: str = ""


def granted_in(scopes: Iterable[Scope]) -> tuple[str, ...]:
    """The approvals that are held in some of these; the limits of others are never asked."""
    several = {id(scope.facts): scope.facts.values for scope in scopes}  # many markets have the same facts
    return tuple(sorted(set().union(*map(granted_by, several.values()))))


def granted_by(values: Mapping[str, Value]) -> tuple[str, ...]:
    """The approvals that are held by some facts."""
    return tuple(sorted(name_of(path) for path, value in values.items() if value is True and is_held(path)))


def home_book(law: Law, profile: Profile, market: str, day: dt.date) -> Rulebook | None:
    """The export duties of the profile's own country; none where the market lies in it, or no law of it is known."""
    home = profile.declared(HOME)
    if isinstance(home, str) and home in law.homes and home not in law.chain(market):
        return law.rulebook(home, day, home=True)
    return None


def scopes_of(law: Law, profile: Profile, market: str, day: dt.date) -> list[Scope]:
    """What to assess for one market: its own rulebook for each feature, the home layer's beside a foreign market."""
    chain = law.chain(market)
    books = [(law.rulebook(market, day), False)]
    if home := home_book(law, profile, market, day):
        books.append((home, True))
    scopes = []
    for feature in profile.features or ("",):
        for book, is_home in books:
            reads = book.recognises, law.not_yet(day)
            facts = profile.facts(chain, feature or None, as_of=day, recognises=reads[0], begins=reads[1])
            scopes.append(Scope(market, feature, book, facts, is_home, feature if len(profile.features) > 1 else ""))
    return scopes
