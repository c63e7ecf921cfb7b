# SPDX-License-Identifier: Apache-2.0
"""Duties of two laws that cannot both be obeyed, as one market's report tells them."""

from __future__ import annotations

from collections.abc import Iterable

from carnet.assess.model import Finding, Status


def naming_each_other(findings: Iterable[Finding], home: Iterable[Finding]) -> tuple[Finding, ...]:
    """The market's findings, each naming also the rules, home duties included, that name it.

    The law names a pair once, on the side that knows of the other. Only rules that apply here are taken back.
    """
    findings = tuple(findings)
    naming: dict[str, list[str]] = {}
    for finding in (*findings, *home):
        if finding.conflicts_with and finding.status is not Status.NOT_APPLICABLE:
            for other in finding.conflicts_with:
                naming.setdefault(other, []).append(finding.rule)
    if not naming:
        return findings
    return tuple(
        f._replace(conflicts_with=tuple(dict.fromkeys((*f.conflicts_with, *naming[f.rule])))) if f.rule in naming else f
        for f in findings
    )
