# SPDX-License-Identifier: Apache-2.0
"""Markets by the codes that people write."""

from __future__ import annotations

from collections.abc import Sequence

from carnet.errors import InputError, UnknownName, shown
from carnet.law.law import Law


def markets_of(law: Law, codes: Sequence[str], every: bool) -> tuple[str, ...]:
    """The markets asked for, in any case of letters.

    Raises:
        UnknownName: for a code that does not exist.
        InputError: when none is named.
    """
    if every:
        return law.markets()
    if not codes:
        raise InputError("no market is named", hint="name one with `-m DE` or use `--all`; see `carnet markets`")
    known = {code.upper(): code for code in law.codes}
    return tuple(dict.fromkeys(law.head(known.get(code.upper()) or _meant(law, code)).id for code in codes))


def _meant(law: Law, code: str) -> str:
    """The code itself, refused with the one that is meant where it is a name or a wonted mistake: `UK`, `Bayern`.

    Raises:
        UnknownName: where another code is meant.
    """
    from carnet.intake.places import names_of

    try:
        meant = names_of(law).jurisdiction(code)
    except InputError:
        return code
    raise UnknownName(f"unknown market {shown(code)}", hint=f"did you mean `{meant}`?")
