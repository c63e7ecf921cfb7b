# SPDX-License-Identifier: Apache-2.0
"""Law that changes soon, in words: what concerns the product, a line for each change."""

from __future__ import annotations

from collections.abc import Sequence

from carnet.assess.model import MarketAssessment, Status, Upcoming
from carnet.report import digest
from carnet.spoken import N_, _

VERBS = {
    "starts": (N_("{day}: {title} starts"), N_("{day}: {n} rules of {law} start")),
    "ends": (N_("{day}: {title} ends"), N_("{day}: {n} rules of {law} end")),
    "all vehicles": (N_("{day}: {title} reaches all vehicles"), N_("{day}: {n} rules of {law} reach all vehicles")),
    "adopted": (N_("{day}: {title} is adopted"), N_("{day}: {n} rules of {law} are adopted")),
    "changes": (N_("{day}: {title} changes"), N_("{day}: {n} rules of {law} change")),
}
MANY = 4
"""From so many rules of one instrument that change on one day, only their number is said."""


def changes(market: MarketAssessment) -> list[str]:
    """Upcoming law, a line for each change: features share one, and so do many rules of one instrument on one day."""
    merged: dict[Upcoming, list[str]] = {}
    for change in market.upcoming:
        if idle(change):
            continue
        merged.setdefault(change._replace(feature=""), []).append(change.feature)
    together: dict[object, list[Upcoming]] = {}
    for change in merged:
        together.setdefault((change.date, change.change, change.cites and change.cites[0].instrument), []).append(
            change
        )
    everywhere = {layer.feature for layer in market.layers}
    lines = []
    for same in together.values():
        if len(same) >= MANY:
            lines.append(_many(same))
            continue
        for change in same:
            features = "" if set(merged[change]) >= everywhere else f" [{', '.join(merged[change])}]"
            lines.append(_change(change) + features.replace(" []", ""))
    return lines


def idle(change: Upcoming) -> bool:
    """Whether a change of the law changes nothing for this product: it does not apply, before or after."""
    return change.status is Status.NOT_APPLICABLE


def idle_changes(market: MarketAssessment) -> int:
    """How many rules change without a change for this product."""
    concerning = {change.rule for change in market.upcoming if not idle(change)}
    return len({change.rule for change in market.upcoming if idle(change)} - concerning)


def _day(change: Upcoming) -> str:
    return change.date.isoformat() if change.date else _("no date yet")


def _law(change: Upcoming) -> str:
    return (change.cites[0].short or change.cites[0].instrument) if change.cites else _("this law")


def _many(same: Sequence[Upcoming]) -> str:
    return _(VERBS.get(same[0].change, VERBS["changes"])[1]).format(day=_day(same[0]), n=len(same), law=_law(same[0]))


def _change(change: Upcoming) -> str:
    then = {
        Status.GAP: _(", a gap as declared"),
        Status.UNDETERMINED: _(", not known as declared"),
        Status.COMPLIANT: _(", met as declared"),
    }
    state = "" if change.change == "ends" else then.get(change.status, "")
    told = _(VERBS.get(change.change, VERBS["changes"])[0]).format(day=_day(change), title=change.title)
    return f"{told} ({digest.provisions(change)}{state})"
