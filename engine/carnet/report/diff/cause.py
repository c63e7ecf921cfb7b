# SPDX-License-Identifier: Apache-2.0
"""Why a finding changed, read from what two reports say of themselves and of the finding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carnet.report.changes import moved_words
from carnet.report.lack_words import cause_words
from carnet.report.text import required_words
from carnet.report.words import said
from carnet.spoken import _, language

Data = Mapping[str, Any]


def overall(old: Data, new: Data) -> dict[str, str]:
    """The differences between the receipts that could change a finding, in words."""
    before, after = old["receipt"], new["receipt"]
    causes = {}
    if before["profile_sha256"] != after["profile_sha256"]:
        names = [str(report["profile"].get("name") or _("profile")) for report in (old, new)]
        who = names[0] if names[0] == names[1] else _to(*names)
        causes["profile"] = f"{who} ({_to(before['profile_sha256'][:12], after['profile_sha256'][:12])})"
    if before["law_sha256"] != after["law_sha256"]:
        causes["law"] = _to(_law(before), _law(after))
    if before["as_of"] != after["as_of"]:
        causes["day"] = _to(before["as_of"], after["as_of"])
    if before["carnet"] != after["carnet"]:
        causes["engine"] = f"carnet {_to(before['carnet'], after['carnet'])}"
    return causes


def _to(before: str, after: str) -> str:
    return _("{first} to {last}").format(first=before, last=after)


def _law(receipt: Data) -> str:
    return f"{receipt['law_version']} ({receipt['law_sha256'][:12]})"


def cause_of(
    old: Data | None, new: Data | None, days: tuple[str, str], causes: Mapping[str, str], uncounted: bool
) -> tuple[tuple[str, ...], str]:
    """The causes that remain possible for one finding, and what of them can be seen.

    uncounted: the finding stands in both reports, but counts in one of them only.
    """
    if uncounted:
        found = list(causes)
        counts = _("counts now: another route decides")
        detail = counts if old is None else _("no longer counts: another route decides")
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
            return ["day"], _("in force from {day}").format(day=start)
        return _which(new), _("not in the old report")
    assert old is not None
    until = (old.get("in_force") or {}).get("until")
    if until and days[0] <= until < days[1]:
        return ["day"], _("in force until {day}").format(day=until)
    return _which(old), _("not in the new report")


def _which(finding: Data) -> list[str]:
    """What brings a finding along: a rule is there for every profile, what a route or a grant asks is not."""
    return ["law"] if finding.get("kind", "rule") == "rule" and not finding.get("feature") else ["law", "profile"]


def _content(old: Data, new: Data) -> tuple[list[str], str]:
    before, after = _reasons(old), _reasons(new)
    shared = [fact for fact in before if fact in after]
    # an approval that is held in both profiles may have begun or lapsed between the days
    declared = [fact for fact in shared if before[fact]["declared"] != after[fact]["declared"]]
    if declared:
        moved = dict.fromkeys(_told(fact, before[fact], after[fact], new.get("cause") or "") for fact in declared)
        papers = any(fact.startswith("approvals.") for fact in declared)
        return ["profile", "day"] if papers else ["profile"], "; ".join(moved)
    required = [fact for fact in shared if before[fact]["required"] != after[fact]["required"]]
    if required:
        words = _("{fact}: required {before}, now {after}")
        told = (
            words.format(
                fact=fact,
                before=required_words(before[fact]["required"]),
                after=required_words(after[fact]["required"]),
            )
            for fact in required
        )
        return ["law", "day"], "; ".join(told)
    if old["severity"] != new["severity"]:
        return ["law"], f"{said('severity', old['severity'])} -> {said('severity', new['severity'])}"
    if old.get("waived") != new.get("waived"):
        return ["profile", "day"], _("its waiver changed")
    settled = [fact for fact in old.get("unknown", ()) if fact not in new.get("unknown", ())]
    if settled:
        deciding = [fact for fact in settled if fact in after] or settled
        return ["profile"], _("declared now: {facts}").format(facts=", ".join(deciding))
    lost = [fact for fact in new.get("unknown", ()) if fact not in old.get("unknown", ())]
    if lost:
        return ["profile", "law"], _("not declared: {facts}").format(facts=", ".join(lost))
    changed = [fact for fact in before if fact not in after] or [fact for fact in after if fact not in before]
    return ["profile", "law", "day"], _("decided by {facts}").format(facts=", ".join(changed)) if changed else ""


def _reasons(finding: Data) -> dict[str, Data]:
    return {reason["fact"]: reason for reason in finding.get("because", ())}


def _told(fact: str, old: Data, new: Data, cause: str) -> str:
    """A fact that is declared otherwise; of an approval, that it was granted or lost, and why where the report says so:
    one that ends before the day assessed is declared as held all the same."""
    before, after = old["declared"], new["declared"]
    if fact.startswith("approvals.") and fact.endswith(".held") and isinstance(after, bool):
        name = fact.split(".")[1]
        words = (_("{approval} is held now") if after else _("{approval} is no longer held")).format(approval=name)
        note = "" if after else _ended(new, cause)
        return f"{words} ({note})" if note else words
    return f"{fact}: {moved_words(before, after)}"


def _ended(reason: Data, cause: str) -> str:
    """Why an approval no longer counts. Reports are written in English: other languages have the kind of end only."""
    if language() == "en":
        return reason.get("note") or ""
    return cause_words(cause)
