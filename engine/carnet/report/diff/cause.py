# SPDX-License-Identifier: Apache-2.0
"""Why a finding changed, read from what two reports say of themselves and of the finding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carnet.report.text import required_words

Data = Mapping[str, Any]


def overall(old: Data, new: Data) -> dict[str, str]:
    """The differences between the receipts that could change a finding, in words."""
    before, after = old["receipt"], new["receipt"]
    causes = {}
    if before["profile_sha256"] != after["profile_sha256"]:
        names = [str(report["profile"].get("name") or "profile") for report in (old, new)]
        who = names[0] if names[0] == names[1] else f"{names[0]} to {names[1]}"
        causes["profile"] = f"{who} ({before['profile_sha256'][:12]} to {after['profile_sha256'][:12]})"
    if before["law_sha256"] != after["law_sha256"]:
        causes["law"] = f"{_law(before)} to {_law(after)}"
    if before["as_of"] != after["as_of"]:
        causes["day"] = f"{before['as_of']} to {after['as_of']}"
    if before["carnet"] != after["carnet"]:
        causes["engine"] = f"carnet {before['carnet']} to {after['carnet']}"
    return causes


def _law(receipt: Data) -> str:
    return f"{receipt['law_version']} ({receipt['law_sha256'][:12]})"


def cause_of(
    old: Data | None, new: Data | None, days: tuple[str, str], causes: Mapping[str, str], uncounted: bool
) -> tuple[tuple[str, ...], str]:
    """The causes that remain possible for one finding, and what of them can be seen.

    uncounted: the finding stands in both reports, but counts in one of them only.
    """
    if uncounted:
        found, detail = list(causes), f"{'counts now' if old is None else 'no longer counts'}: another route decides"
    elif old is None or new is None:
        found, detail = _presence(old, new, days)
    else:
        found, detail = _content(old, new)
    possible = [cause for cause in found if cause in causes] or list(causes)
    return tuple(possible), detail


def _presence(old: Data | None, new: Data | None, days: tuple[str, str]) -> tuple[list[str], str]:
    """A finding in one report only: its rule started or ended between the days, or the law was rewritten."""
    if new is not None:
        start = (new.get("in_force") or {}).get("from")
        if start and days[0] < start <= days[1]:
            return ["day"], f"in force from {start}"
        return ["law", "profile"], "not in the old report"
    assert old is not None
    until = (old.get("in_force") or {}).get("until")
    if until and days[0] <= until < days[1]:
        return ["day"], f"in force until {until}"
    return ["law", "profile"], "not in the new report"


def _content(old: Data, new: Data) -> tuple[list[str], str]:
    before, after = _reasons(old), _reasons(new)
    shared = [fact for fact in before if fact in after]
    # an approval that is held in both profiles may have begun or lapsed between the days
    declared = [fact for fact in shared if before[fact]["declared"] != after[fact]["declared"]]
    if declared:
        told = (f"{f}: {_shown(before[f]['declared'])} to {_shown(after[f]['declared'])}" for f in declared)
        papers = any(fact.startswith("approvals.") for fact in declared)
        return ["profile", "day"] if papers else ["profile"], "; ".join(told)
    required = [fact for fact in shared if before[fact]["required"] != after[fact]["required"]]
    if required:
        told = (
            f"{f}: required {required_words(before[f]['required'])}, now {required_words(after[f]['required'])}"
            for f in required
        )
        return ["law", "day"], "; ".join(told)
    if old["severity"] != new["severity"]:
        return ["law"], f"{old['severity']} to {new['severity']}"
    if old.get("waived") != new.get("waived"):
        return ["profile", "day"], "its waiver changed"
    settled = [fact for fact in old.get("unknown", ()) if fact not in new.get("unknown", ())]
    if settled:
        deciding = [fact for fact in settled if fact in after] or settled
        return ["profile"], f"declared now: {', '.join(deciding)}"
    lost = [fact for fact in new.get("unknown", ()) if fact not in old.get("unknown", ())]
    if lost:
        return ["profile", "law"], f"not declared: {', '.join(lost)}"
    changed = [fact for fact in before if fact not in after] or [fact for fact in after if fact not in before]
    return ["profile", "law", "day"], f"decided by {', '.join(changed)}" if changed else ""


def _reasons(finding: Data) -> dict[str, Data]:
    return {reason["fact"]: reason for reason in finding.get("because", ())}


def _shown(value: Any) -> str:
    if value is None:
        return "not declared"
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
