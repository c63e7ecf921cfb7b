# SPDX-License-Identifier: Apache-2.0
"""A plan's promise put to the test: what is then declared, checked under the law of the opening day."""

from __future__ import annotations

import datetime as dt

from carnet.assess.check import check
from carnet.assess.model import BEST_FIRST, MarketAssessment, Outcome
from carnet.assess.scopes import scopes_of
from carnet.law.law import Law
from carnet.plan.apply import applied
from carnet.plan.options import Option, Picks
from carnet.plan.sought import Changes, granted


def promised(law: Law, option: Option, picks: Picks, day: dt.date) -> Changes:
    """What is then declared, the approvals with what they are granted for."""
    worlds = ((scope.feature, scope.facts.values) for scope in scopes_of(law, option.profile, option.market, day))
    return granted(law, option.profile, option.market, worlds, option.way.changes(picks))


def opened(law: Law, option: Option, picks: Picks, day: dt.date) -> MarketAssessment:
    """The market's assessment on a day with everything done that the option asks for."""
    profile = applied(option.profile, option.market, promised(law, option, picks, day))
    return check(law, profile, [option.market], day, "native").markets[0]


def keeps(option: Option, found: MarketAssessment) -> bool:
    """Whether the market is what the option promises, or better: as declared, or as a test."""
    promised = Outcome.TEST_ONLY if option.testing else option.way.standing.outcome
    home = found.home_outcome or Outcome.OPEN
    worse = BEST_FIRST.index(found.outcome) > BEST_FIRST.index(promised)
    return not worse and BEST_FIRST.index(home) <= BEST_FIRST.index(option.way.standing.home)
