# SPDX-License-Identifier: Apache-2.0
"""What changed between two reports, and why: the profile, the law, the day or the engine.

Works on the JSON form of a report, so that a report saved years ago can be compared with one made today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from json import loads
from typing import Any

from carnet.assess.model import BEST_FIRST
from carnet.errors import Place, SourceError
from carnet.law.model import Severity
from carnet.report.diff.cause import cause_of, overall
from carnet.report.diff.facts import Declared, Facts, gathered
from carnet.report.diff.shape import HINT, check_shape
from carnet.report.diff.totals import Counts, Total, counts, totals
from carnet.spoken import N_, _

FORMATS = {
    "terminal": (".txt",),
    "markdown": (".md",),
    "json": (".json",),
    "html": (".html", ".htm"),
    "xlsx": (".xlsx",),
}
KINDS = {
    "new": N_("New gaps"),
    "closed": N_("Gaps closed"),
    "undecided": N_("No longer decided"),
    "met": N_("Now met"),
    "gone": N_("No longer asked"),
    "changed": N_("Gaps that stand differently"),
}
"""What a change means to its reader, in the order of its weight."""

Data = Mapping[str, Any]
Findings = Mapping[tuple[str, str], Data]
_SEVERITIES = [severity.value for severity in Severity]


@dataclass(frozen=True, slots=True)
class Change:
    """A finding that is not what it was. `causes` are several where the reports cannot tell which it was."""

    kind: str
    rule: str
    title: str
    feature: str
    severity: str
    before: str | None
    after: str | None
    causes: tuple[str, ...]
    detail: str
    provision: str


@dataclass(frozen=True, slots=True)
class MarketChange:
    """One market in both reports."""

    market: str
    name: str
    before: str
    after: str
    days: tuple[str, str]
    routes: tuple[str | None, str | None]
    changes: tuple[Change, ...]
    counts: tuple[Counts, Counts]

    @property
    def better(self) -> int:
        """Above zero when the outcome improved, below when it worsened."""
        order = [str(outcome) for outcome in BEST_FIRST]
        return order.index(self.before) - order.index(self.after)

    @property
    def worse(self) -> bool:
        """A worse outcome, or a blocking gap that was not there."""
        return self.better < 0 or any(c.kind == "new" and c.severity == "blocking" for c in self.changes)


@dataclass(frozen=True, slots=True)
class Difference:
    """Two reports compared; `causes` say in words what differs between their receipts.

    facts: of two profiles, what was declared otherwise, with the findings that each of it changed; None of reports.
    """

    old: Data
    new: Data
    causes: Mapping[str, str]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    markets: tuple[MarketChange, ...]
    facts: tuple[Declared, ...] | None = None

    @property
    def totals(self) -> tuple[Total, ...]:
        """Numbers before and after, over the markets of both reports."""
        return totals(self.markets)

    @property
    def changed(self) -> tuple[MarketChange, ...]:
        return tuple(market for market in self.markets if market.better or market.changes)

    @property
    def nothing(self) -> str:
        """What to say when no market changed: that none did, or that none could."""
        if not self.markets:
            return _("No market stands in both reports.")
        return _("No outcome and no finding changed.")


def read(text: str, file: str) -> Data:
    """A report from its JSON text.

    Raises:
        SourceError: when it is none.
    """
    try:
        data: Data = loads(text)
    except (ValueError, RecursionError):
        raise SourceError("is not a report in JSON", Place(file), HINT) from None
    check_shape(data, file)
    return data


def diff(old: Data, new: Data, facts: Facts | None = None) -> Difference:
    """What changed from one report to the other, market by market in the new report's order.

    facts: what was declared otherwise, where the profiles are at hand.
    """
    before = {market["market"]: market for market in old["markets"]}
    after = {market["market"]: market for market in new["markets"]}
    causes = overall(old, new)
    compared = [_Market(before[code], after[code], causes, facts) for code in after if code in before]
    return Difference(
        old,
        new,
        causes,
        tuple(code for code in after if code not in before),
        tuple(code for code in before if code not in after),
        tuple(one.change() for one in compared),
        gathered(item for one in compared for item in one.declared()) if facts else None,
    )


class _Market:
    """One market in both reports."""

    def __init__(self, old: Data, new: Data, causes: Mapping[str, str], facts: Facts | None) -> None:
        self._old, self._new, self._causes, self._facts = old, new, causes, facts
        self._moved: dict[str, list[tuple[str, str]]] = {}

    def change(self) -> MarketChange:
        old, new = self._old, self._new
        before, after = _counted(old), _counted(new)
        return MarketChange(
            new["market"],
            new["name"],
            old["outcome"],
            new["outcome"],
            (old["as_of"], new["as_of"]),
            (old.get("route"), new.get("route")),
            tuple(sorted(self._changes(before, after), key=_weight)),
            (counts(old, before.values()), counts(new, after.values())),
        )

    def declared(self) -> Iterator[tuple[str, Declared, tuple[tuple[str, str], ...]]]:
        """What is declared otherwise here, with the findings that it changed; after `change`."""
        assert self._facts is not None
        code = self._new["market"]
        features = {finding.get("feature") or "" for finding in self._new["findings"]} | {""}
        here = {repr(one): one for name in sorted(features) for one in self._facts.in_market(code, name).values()}
        for key, one in here.items():
            yield code, one, tuple(dict.fromkeys(self._moved.get(key, ())))

    def _changes(self, before: Findings, after: Findings) -> Iterator[Change]:
        old, new = self._old, self._new
        in_both = {_key(finding) for finding in old["findings"]} & {_key(finding) for finding in new["findings"]}
        for key in dict.fromkeys([*before, *after]):
            one, other = before.get(key), after.get(key)
            kind = _kind(one, other)
            shown = other or one
            if kind is None or shown is None:
                continue
            uncounted = key in in_both and not (one and other)
            found, detail = cause_of(one, other, (old["as_of"], new["as_of"]), self._causes, uncounted)
            if self._facts and not uncounted and found != ("day",):
                found, detail = self._by_fact(self._facts, key, one, other) or (found, detail)
            yield Change(
                kind,
                shown["rule"],
                shown["title"],
                shown.get("feature") or "",
                shown["severity"],
                one["status"] if one else None,
                other["status"] if other else None,
                found,
                detail,
                "; ".join(
                    f"{c.get('short') or c['instrument']} {c['provision']}".strip() for c in shown.get("cites", ())
                ),
            )

    def _by_fact(
        self, facts: Facts, key: tuple[str, str], old: Data | None, new: Data | None
    ) -> tuple[tuple[str, ...], str] | None:
        """The reason of a change as the profiles tell it; None where neither declares otherwise what its rule reads."""
        rule, feature = key
        named = [each["fact"] for one in (old, new) if one for each in one.get("because", ())]
        named += [path for one in (old, new) if one for path in one.get("unknown", ())]
        found = facts.behind(self._new["market"], feature, rule, named)
        for one in found:
            self._moved.setdefault(repr(one), []).append((self._new["market"], rule))
        told = "; ".join(one.words for one in found) or facts.besides(rule)
        return (("profile",), told) if told else None


def _weight(change: Change) -> tuple[int, int, str, str]:
    return list(KINDS).index(change.kind), _SEVERITIES.index(change.severity), change.rule, change.feature


def _counted(market: Data) -> dict[tuple[str, str], Data]:
    """The findings that count for the outcome, by rule and feature."""
    findings = (f for f in market["findings"] if f.get("on_route", True) and not f.get("superseded_by"))
    return {_key(finding): finding for finding in findings}


def _key(finding: Data) -> tuple[str, str]:
    return finding["rule"], finding.get("feature") or ""


def _kind(old: Data | None, new: Data | None) -> str | None:
    before, after = old and old["status"], new and new["status"]
    if before == after == "gap":
        assert old is not None
        assert new is not None
        return "changed" if any(_standing(old)[n] != _standing(new)[n] for n in range(3)) else None
    if before == after:
        return None
    if after == "gap":
        return "new"
    if before == "gap":
        return "closed" if after in ("compliant", "not_applicable", None) else "undecided"
    if after == "undetermined":
        return "undecided"
    if before == "undetermined":
        return "met" if after == "compliant" else "gone"
    return None


def _standing(finding: Data) -> tuple[object, object, object]:
    reasons = [(reason["fact"], reason["declared"], reason["required"]) for reason in finding.get("because", ())]
    waived = finding.get("waived")
    return finding["severity"], reasons, waived and (waived["until"], waived["expired"])
