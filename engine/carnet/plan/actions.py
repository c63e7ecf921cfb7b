# SPDX-License-Identifier: Apache-2.0
"""What to do: the lacks of several markets that one approval or one declaration would close, as one action each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from carnet.assess.lacks import Lack, Work
from carnet.assess.model import MarketAssessment


class Action(NamedTuple):
    """One thing to do, for every market that waits for it.

    id: `approval:ID` or `fact:PATH`. first: the lack that is told. lacks: all of them, each with its market; the
    exporter's home is a market of its own there. settings: by fact, the values that markets ask for, each once.
    """

    id: str
    first: Lack
    lacks: tuple[tuple[str, Lack], ...]
    settings: tuple[tuple[str, tuple[Any, ...]], ...]

    @property
    def markets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(market for market, _ in self.lacks))

    @property
    def blocking(self) -> int:
        """In how many markets it stands in the way."""
        return len({market for market, lack in self.lacks if lack.blocking})

    @property
    def weeks(self) -> tuple[int, int]:
        """The longest that it takes in any of them, by the late and then the early end."""
        return max((lack.weeks or (0, 0) for _, lack in self.lacks), key=lambda weeks: weeks[::-1])

    @property
    def findings(self) -> int:
        """How many findings it closes over all markets, alone or with others."""
        return sum(len(lack.findings) for _, lack in self.lacks)


def actions(markets: Iterable[MarketAssessment]) -> tuple[Action, ...]:
    """What to do over some markets: first what stands in the way of most of them, of these what takes longest.

    Bars and what is waived are left out.

    Duties of an exporter's home stand once, however many markets are checked.
    """
    grouped: dict[str, dict[tuple[str, str], Lack]] = defaultdict(dict)
    for market in markets:
        for code, lack in (*_named(market.market, market.lacks), *_named(market.home, market.home_lacks)):
            if lack.work is not Work.BAR and not lack.waived:
                grouped[action_id(lack)].setdefault((code, lack.id), lack)
    made = [_action(id_, [(code, lack) for (code, _), lack in found.items()]) for id_, found in grouped.items()]
    return tuple(sorted(made, key=_order))


def _order(action: Action) -> tuple[object, ...]:
    early, late = action.weeks
    return -action.blocking, -late, -early, -len(action.markets), -action.findings, action.id


def action_id(lack: Lack) -> str:
    """The id of a lack without its market."""
    return lack.id.partition("@")[0]


def _named(code: str, lacks: Iterable[Lack]) -> list[tuple[str, Lack]]:
    return [(code, lack) for lack in lacks]


def _action(id_: str, lacks: list[tuple[str, Lack]]) -> Action:
    first = min((lack for _, lack in lacks), key=lambda lack: (not lack.blocking, -len(lack.findings), lack.id))
    settings: dict[str, dict[str, Any]] = defaultdict(dict)
    for _, lack in lacks:
        for change in lack.changes:
            settings[change.path].setdefault(repr(change.value), change.value)
    return Action(
        id_, first, tuple(lacks), tuple((path, tuple(values.values())) for path, values in sorted(settings.items()))
    )
