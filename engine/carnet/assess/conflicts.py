# SPDX-License-Identifier: Apache-2.0
"""Duties of two laws that cannot both be obeyed, as one market's report tells them."""

from __future__ import annotations

from collections.abc import Iterable

from carnet.assess.model import Finding, Status

Findings = tuple[Finding, ...]


def told_by_both(findings: Findings, home: Findings) -> tuple[Findings, Findings]:
    """The market's and the home layer's findings, each naming the rules that it cannot be obeyed together with.

    The law names a pair once; here both rules name it. Of a home duty only what applies in this market is left; a rule
    of the market itself that meets nothing here still names the rules of other markets.
    """
    applying = {f.rule: f.conflicts_with for f in (*findings, *home) if f.status is not Status.NOT_APPLICABLE}
    if not any(applying.values()):
        return findings, home
    naming: dict[str, list[str]] = {}
    for rule, others in applying.items():
        for other in others:
            if other in applying:
                naming.setdefault(rule, []).append(other)
                naming.setdefault(other, []).append(rule)
    return _named(findings, naming, applying), _named(home, naming, ())


def _named(findings: Findings, naming: dict[str, list[str]], otherwise: Iterable[str]) -> Findings:
    """Findings with the conflicts met here; those of `otherwise` keep their own list where there are none."""
    keep = frozenset(otherwise)
    return tuple(
        f._replace(conflicts_with=tuple(dict.fromkeys(naming.get(f.rule, f.conflicts_with if f.rule in keep else ()))))
        if f.conflicts_with or f.rule in naming
        else f
        for f in findings
    )
