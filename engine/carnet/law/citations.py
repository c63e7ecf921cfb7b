# SPDX-License-Identifier: Apache-2.0
"""Citations made complete: each gets its instrument's short name, and its address unless it has one of its own."""

from __future__ import annotations

from typing import TypeVar

from carnet.law.model import Approval, Cite, Instrument, Jurisdiction

T = TypeVar("T")


def name_instruments(jurisdictions: dict[str, Jurisdiction]) -> dict[str, Jurisdiction]:
    """Every citation with its instrument's short name and address filled in."""
    known: dict[str, Instrument] = {item.id: item for j in jurisdictions.values() for item in j.instruments}

    def filled(cites: tuple[Cite, ...]) -> tuple[Cite, ...]:
        return tuple(
            Cite(cite.instrument, cite.provision, cite.url or known[cite.instrument].url, known[cite.instrument].short)
            for cite in cites
        )

    def with_cites(items: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(item._replace(cites=filled(item.cites)) for item in items)  # type: ignore[attr-defined]

    def approval(item: Approval) -> Approval:
        proves = tuple(proof._replace(cites=filled(proof.cites)) for proof in item.proves)
        return item._replace(cites=filled(item.cites), proves=proves, exceptions=item.exceptions.with_cites(filled))

    return {
        code: item._replace(
            rules=with_cites(item.rules),
            routes=with_cites(item.routes),
            approvals=tuple(approval(each) for each in item.approvals),
            notes=with_cites(item.notes),
            not_covered=with_cites(item.not_covered),
            decided_below=with_cites(item.decided_below),
            closed_for=with_cites(item.closed_for),
        )
        for code, item in jurisdictions.items()
    }
