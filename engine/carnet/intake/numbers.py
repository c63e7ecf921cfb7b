# SPDX-License-Identifier: Apache-2.0
"""Numbers as people and spreadsheets write them: `1500`, `1,500.5`, `1 500`, `1'500`; two readings are refused."""

from __future__ import annotations

import re

from carnet.errors import InputError, shown

_PLAIN = re.compile(r"[-+]?[0-9]{1,18}(\.[0-9]{1,15})?\Z")
_GROUPED = re.compile(
    r"[-+]?[1-9][0-9]{0,2}(?P<sign>[,.' \u00a0\u202f])[0-9]{3}(?:(?P=sign)[0-9]{3})*(?P<rest>[.,][0-9]+)?\Z"
)


def plain_number(text: str) -> int | float | None:
    """The number that a text is; None where it is none.

    Raises:
        InputError: when its comma or point can be a decimal or a thousands separator.
    """
    text = text.strip().replace("−", "-")
    match = _GROUPED.match(text)
    if match is None and _PLAIN.match(text):
        return float(text) if "." in text else int(text)
    if match and match["sign"] not in ",.":
        return _value(re.sub(r"[' \u00a0\u202f]", "", text).replace(",", "."))
    if match and (match["rest"] or text.count(match["sign"]) > 1):
        return _value(text.replace(match["sign"], "").replace(",", "."))
    if match:
        grouped, decimal = text.replace(match["sign"], ""), _value(text.replace(",", "."))
        raise InputError(f"{shown(text)} can be {grouped} or {decimal:g}", hint=f"write {grouped} or {decimal:g}")
    if re.fullmatch(r"[-+]?[0-9]+,[0-9]+", text):
        point = text.replace(",", ".")
        raise InputError(f"{shown(text)} has a decimal comma", hint=f"write {point}, or name the comma as decimal sign")
    return None


def _value(text: str) -> int | float:
    return float(text) if "." in text else int(text)
