# SPDX-License-Identifier: Apache-2.0
"""A profile as text: values as YAML, and a new file with each fact below its question."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping

from carnet.declare.vocabulary import Value

HEADER = """\
# A Carnet profile: what a company declares about its vehicle, service and organisation.
# What is absent is unknown. `carnet facts` lists what can be declared, `carnet fact PATH` explains one.
"""
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*\Z")
_MISREAD = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
_ESCAPED = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")


def new_profile(name: str) -> str:
    """A profile file in which nothing is declared yet."""
    return f"{HEADER}name: {scalar(name)}\n"


def scalar(value: Value) -> str:
    """A value as YAML, quoted wherever any reader could take it for something else."""
    if isinstance(value, tuple):
        return f"[{', '.join(scalar(item) for item in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, dt.date)):
        return str(value)
    if _PLAIN.match(value) and value.lower() not in _MISREAD:
        return value
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(value, ensure_ascii=False))


def fields(values: Mapping[str, Value]) -> str:
    """The fields of an approval, or another small mapping, on one line."""
    return "{" + ", ".join(f"{name}: {scalar(value)}" for name, value in values.items()) + "}"
