# SPDX-License-Identifier: Apache-2.0
"""A body or query of the wrong shape, in plain sentences: which key, and what is to stand there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from carnet.errors import shown, visible
from carnet.source import dotted


class Misshape(NamedTuple):
    """What is wrong with one key."""

    path: str
    detail: str
    hint: str = ""


_ALTERNATIVE = re.compile(r"(str|int|float|bool|date|(dict|list|literal|constrained-\w+|function-\w+)\[.*)$", re.DOTALL)
WANTED: Mapping[str, str] = {
    "string_type": "a text",
    "string_pattern_mismatch": "a text of the form `{pattern}`",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "date_type": "a day such as 2027-01-31",
    "date_parsing": "a day such as 2027-01-31",
    "date_from_datetime_parsing": "a day such as 2027-01-31",
    "date_from_datetime_inexact": "a day such as 2027-01-31",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "literal_error": "one of {expected}",
    "enum": "one of {expected}",
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "too_short": "at least {min_length} long",
    "too_long": "at most {max_length} long",
    "string_too_short": "at least {min_length} long",
    "string_too_long": "at most {max_length} long",
}
"""By pydantic's name for a mistake, what is to stand there."""


def misshapes(errors: Iterable[Any]) -> list[Misshape]:
    """pydantic's mistakes, one for each key; what the alternatives for a value want is said together."""
    wanted: dict[str, list[str]] = {}
    found: dict[str, Misshape] = {}
    for each in errors:
        path, kind = key_of(each["loc"]), each["type"]
        if kind in WANTED:
            context = {name: str(value) for name, value in each.get("ctx", {}).items()}
            wanted.setdefault(path, []).append(WANTED[kind].format_map(_Told(context)))
            found.setdefault(path, Misshape(path, ""))
        elif path not in found:
            found[path] = _misshape(path, kind, str(each["msg"]))
    return [
        each._replace(detail=f"{shown(each.path)} is to be {' or '.join(dict.fromkeys(wanted[each.path]))}")
        if each.path in wanted and not each.detail
        else each
        for each in found.values()
    ]


class _Told(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "…"


def _misshape(path: str, kind: str, message: str) -> Misshape:
    if kind == "missing":
        return Misshape(path, f"{shown(path)} is missing")
    if kind == "extra_forbidden":
        return Misshape(path, f"{shown(path)} is no key here", "/v1/openapi.json says which there are")
    if kind == "json_invalid":
        return Misshape("body", "the body is no JSON", visible(message)[:200])
    return Misshape(path, f"{shown(path)}: {visible(message)[:1].lower()}{visible(message)[1:]}")


def key_of(place: Sequence[str | int]) -> str:
    """The path of a key, without the names of the alternatives that were tried for its value."""
    keys = tuple(part for at, part in enumerate(place) if at == 1 or (at and not _ALTERNATIVE.match(str(part))))
    return visible(dotted(keys))[:200] or str(place[0])
