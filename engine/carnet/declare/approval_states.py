# SPDX-License-Identifier: Apache-2.0
"""The state of an approval in one layer of a profile, and whether it is held, kept in step with each other.

`held` is what conditions of the law ask for; it is true in the state `held` alone. Whoever declares only one of the two
declares the other by it, and a grant that is described by its fields is held.
"""

from __future__ import annotations

from collections.abc import Mapping

from carnet.declare.vocabulary import Value

HELD = "held"
NOT_HELD = "none"
BEFORE_A_GRANT = ("planned", "applied", "refused")
ASKED = ("applied_on", "expected_on")
OF_ANY_STATE = ("state", "held", "owner", "conditions", *ASKED)
"""Fields that an approval may have in any state; the others describe a grant."""


def implied(fields: Mapping[str, Value | None]) -> dict[str, Value | None]:
    """What the declared fields of one approval say of `state` and `held` without naming them.

    Raises:
        ValueError: with a message and a hint, when two of them disagree or they leave the state open.
    """
    said = {name for name, value in fields.items() if value is not None}
    state, held = fields.get("state"), fields.get("held")
    if state is not None:
        if held is not None and held is not (state == HELD):
            raise ValueError(f"is `{state}`, and `held` says {str(held).lower()}", "keep one of the two")
        if state in BEFORE_A_GRANT and "granted_on" in said:
            raise ValueError(f"is `{state}`, and has a day on which it was granted", "write `state: held`, or no day")
        return {"held": state == HELD}
    if held is not None:
        return {"state": HELD if held else None}
    grant, asked = said.difference(OF_ANY_STATE), said.intersection(ASKED)
    if grant and asked and "granted_on" not in grant:
        names = f"`{min(asked)}` and `{min(grant)}`"
        raise ValueError(f"is declared with {names}, which leaves open whether it is held", "add `state:`")
    if grant:
        return {"state": HELD, "held": True}
    if asked:
        return {"state": "applied" if "applied_on" in asked else "planned", "held": False}
    return {}
