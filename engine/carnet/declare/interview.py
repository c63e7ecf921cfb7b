# SPDX-License-Identifier: Apache-2.0
"""Starting a profile by questions: answers as people type them, and the file they become."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from carnet.declare.values import Names, read_value
from carnet.declare.vocabulary import Fact, Value, Vocabulary
from carnet.errors import ProfileError, SourceError
from carnet.source import parse_source

HEADER = """\
# A Carnet profile: what a company declares about its vehicle, service and organisation.
# What is absent is unknown. `carnet facts` lists what can be declared, `carnet fact PATH` explains one.
"""
_YES = {"y": True, "yes": True, "true": True, "n": False, "no": False, "false": False}
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*\Z")
_MISREAD = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
_ESCAPED = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")


def read_answer(fact: Fact, text: str, names: Names) -> Value:
    """The value that an answer means: `y` for true, `1, 3` or `urban, rural` for a set, `60 mph` for a speed.

    Raises:
        ProfileError: when it does not fit the fact, with what to answer instead.
    """
    problems: list[ProfileError] = []

    def report(message: str, hint: str, *_: int) -> None:
        problems.append(ProfileError(message, None, hint))

    value = read_value(fact, _raw(fact, text.strip()), names, report)
    if problems:
        raise problems[0]
    assert value is not None
    return value


def _raw(fact: Fact, text: str) -> Any:
    if fact.type == "bool":
        return _YES.get(text.lower(), text)
    if fact.type == "set":
        words = [word.strip() for word in text.strip("[]").split(",")]
        return [_numbered(fact, word) for word in words if word]
    if fact.type in ("choice", "text"):
        return _numbered(fact, text)
    try:
        return parse_source(text, "the answer").data
    except SourceError:
        return text


def _numbered(fact: Fact, word: str) -> str:
    """The value with this number in the list shown, or the word itself."""
    values = list(fact.values)
    return values[int(word) - 1] if word.isdecimal() and 0 < int(word) <= len(values) else word


def profile_text(
    name: str, values: Mapping[str, Value], vocabulary: Vocabulary, held: Sequence[str] | None = None
) -> str:
    """A profile file with these facts, nested by section, each below its question.

    held: the approvals that the company has, all of them; None leaves open which they are.
    """
    lines = [HEADER, f"name: {scalar(name)}"]
    opened: list[str] = []
    sections = list(dict.fromkeys(path.partition(".")[0] for path in values))
    for path in sorted(values, key=lambda path: (sections.index(path.partition(".")[0]), path.split(".")[:-1])):
        *groups, last = path.split(".")
        if groups != opened:
            lines += _open(groups, opened)
            opened = groups
        indent = "  " * len(groups)
        lines += [f"{indent}# {vocabulary.fact(path).question}", f"{indent}{last}: {scalar(values[path])}"]
    if held is not None:
        lines += ["", *(["approvals:"] if held else []), *(f"  {code}: {{held: true}}" for code in held)]
        lines += [
            "# Sections in which whatever is absent is not held or false, instead of unknown.",
            "complete: [approvals]",
        ]
    return "\n".join(lines) + "\n"


def _open(groups: list[str], opened: list[str]) -> list[str]:
    shared = 0
    while shared < min(len(groups), len(opened)) and groups[shared] == opened[shared]:
        shared += 1
    gap = [""] if shared == 0 else []
    return gap + [f"{'  ' * depth}{groups[depth]}:" for depth in range(shared, len(groups))]


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
