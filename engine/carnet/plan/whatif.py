# SPDX-License-Identifier: Apache-2.0
"""What another declaration would change, told without touching the profile's file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

from carnet.assess.changes import Changes, FindingChange, changes
from carnet.assess.model import Report, Status
from carnet.assess.session import LawSession
from carnet.declare.facts import layer_order
from carnet.errors import InputError, SourceError, shown
from carnet.source import parse_source
from carnet.spoken import N_

if TYPE_CHECKING:
    from carnet.declare.profile import Profile
    from carnet.law.law import Law


def parse_settings(texts: Iterable[str], unset: Iterable[str] = ()) -> dict[str, Any]:
    """`path=value` texts as facts, values written as in a profile; what is unset becomes unknown.

    Raises:
        InputError: for a text without `=`, or a value that is no YAML.
    """
    settings: dict[str, Any] = {}
    for text in texts:
        path, sign, value = text.partition("=")
        if not sign or not path.strip():
            raise InputError(f"{shown(text)} is not a setting", hint="write it as `odd.max_speed_kmh=95`")
        settings[path.strip()] = _value(path.strip(), value)
    return settings | dict.fromkeys(unset)


def _value(path: str, text: str) -> Any:
    if not text.strip():
        raise InputError(f"`{path}` is set to nothing", hint="give a value, or use `--unset`")
    try:
        return parse_source(text, f"--set {path}").data
    except SourceError as error:
        raise InputError(f"the value of `{path}` {error.message}", hint=error.hint) from None


def what_if(
    law: Law,
    profile: Profile,
    markets: Sequence[str],
    settings: Mapping[str, Any],
    *,
    overlay: str | None = None,
    feature: str | None = None,
    as_of: dt.date | None = None,
    evaluator: str | None = None,
) -> tuple[Changes, Report]:
    """What the settings change in each market, and the report after them.

    overlay: declare them for this jurisdiction and those below it only.

    Raises:
        Problems: when a setting does not follow the vocabulary.
    """
    with WhatIfs(law, profile, markets, as_of, evaluator) as asked:
        return asked.ask(settings, overlay=overlay, feature=feature)


class WhatIfs:
    """One what-if after the other about a profile, each against the profile as it is declared, on one live assessment.

    Not safe to share between threads; close it, or use it as a context.
    """

    def __init__(
        self,
        law: Law,
        profile: Profile,
        markets: Sequence[str],
        as_of: dt.date | None = None,
        evaluator: str | None = None,
    ) -> None:
        self._declared = profile
        self._session = LawSession(law, profile, markets, as_of, evaluator)
        self._before = self._session.report()

    @property
    def before(self) -> Report:
        """The profile as it is declared."""
        return self._before

    def ask(
        self, settings: Mapping[str, Any], *, overlay: str | None = None, feature: str | None = None
    ) -> tuple[Changes, Report]:
        """What the settings change; see `what_if`."""
        self._session.follow(self._declared.with_set(settings, market=overlay, feature=feature))
        after = self._session.report()
        pairs = ({market.market: market for market in report} for report in (self._before, after))
        return changes(*pairs), after

    def close(self) -> None:
        self._session.close()

    def __enter__(self) -> WhatIfs:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def overridden(
    law: Law, profile: Profile, markets: Iterable[str], path: str, overlay: str | None, feature: str | None
) -> tuple[tuple[str, str], ...]:
    """The pairs of feature and jurisdiction, either may be empty, whose own declaration stands above one made here."""
    here, layers = (feature or "", overlay or ""), profile.content.layers
    above: dict[tuple[str, str], None] = {}
    for market in markets:
        for name in profile.features or ("",):
            order = layer_order(law.chain(market), name)
            stronger = order[order.index(here) + 1 :] if here in order else ()
            above.update(dict.fromkeys(key for key in stronger if key in layers and path in layers[key].values))
    return tuple(above)


KINDS: Mapping[str, str] = {
    "new": N_("New gaps"),
    "closed": N_("Gaps closed"),
    "undecided": N_("No longer decided"),
    "met": N_("Now decided, and met"),
    "gone": N_("No longer applicable"),
    "other": N_("Other changes"),
}


def kind(change: FindingChange) -> str:
    """What a change means to its reader, as a key of `KINDS`."""
    if change.after is Status.GAP:
        return "new"
    if change.after is Status.UNDETERMINED:
        return "undecided"
    if change.before is Status.GAP:
        return "closed"
    if change.after is Status.COMPLIANT:
        return "met"
    return "gone" if change.after is Status.NOT_APPLICABLE else "other"
