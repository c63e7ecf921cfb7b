# SPDX-License-Identifier: Apache-2.0
"""The register as one HTML page: what needs attention, then everything by market and by whom to ask."""

from __future__ import annotations

from carnet.plan.register import Register, State
from carnet.report.approvals import words

ATTENTION = (
    State.EXPIRED,
    State.WITHDRAWN,
    State.SUSPENDED,
    State.REFUSED,
    State.EXPIRING,
    State.MISSING,
)


def render(register: Register, *, language: str = "en") -> str:
    """The page.

    Raises:
        MissingExtra: without Jinja, or without Babel for another language than English.
        UnknownName: for a language without a catalogue.
    """
    from carnet.report.html.page import page

    late = [entry for entry in register.in_state(State.HELD) if entry.renew_now(register.day)]
    attention = [*register.in_state(*ATTENTION), *late]
    others = [entry for entry in register.entries if entry not in attention]
    return page("approvals.html.j2", language, register=register, words=words, attention=attention, others=others)
