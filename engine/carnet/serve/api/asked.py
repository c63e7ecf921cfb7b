# SPDX-License-Identifier: Apache-2.0
"""What the bodies of questions share: a profile, markets, a day; and how they become what the library takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from carnet.api import Law, Profile
from carnet.days import possible
from carnet.intake.markets import markets_of
from carnet.serve.context import Services
from carnet.serve.problems import Refused
from carnet.serve.reading import read_profile as read_profile

Content = Annotated[
    dict[str, Any] | str,
    Field(description="A profile: the object, or its YAML or JSON as text, whose mistakes then carry a line"),
]
Markets = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=40)]] | Literal["all"],
    Field(description="Codes such as `DE-BY`, or `all`"),
]
Day = Annotated[dt.date | None, Field(description="By default the profile's start of operation there, else today")]
Evaluator = Annotated[Literal["native", "rete"], Field(description="How conditions are run; answers are the same")]
MOST_MARKETS = 500


class Body(BaseModel):
    """Every body: a key that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid")


class ProfileBody(Body):
    """A question about one profile in some markets."""

    profile: Content
    markets: Markets
    as_of: Day = None
    evaluator: Evaluator = "native"


def read_markets(law: Law, markets: Sequence[str] | Literal["all"]) -> tuple[str, ...]:
    """The codes of markets in the law's own spelling."""
    if markets == "all":
        return law.markets()
    if not markets:
        raise Refused(422, "input", "no market is named", "name one such as `DE`, or `all`")
    if len(markets) > MOST_MARKETS:
        raise Refused(422, "amount", f"more than {MOST_MARKETS} markets are named", "write `all`")
    return markets_of(law, list(markets), False)


def read_day(day: dt.date | None) -> dt.date | None:
    """A day that can be meant."""
    return None if day is None else possible(day)


def check_amount(here: Services, profiles: Sequence[Profile], markets: Sequence[str]) -> None:
    """Refuse what would take too much memory: every feature of every profile is judged in every market.

    Raises:
        Refused: naming the bound.
    """
    cells = sum(max(1, len(profile.features)) for profile in profiles) * len(markets)
    most = here.settings.limits.cells
    if cells > most:
        what = f"{cells} assessments are asked for (features times markets), and {most} are made at once"
        raise Refused(422, "amount", what, "ask for fewer markets")
