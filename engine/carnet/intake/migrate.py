# SPDX-License-Identifier: Apache-2.0
"""Writes the names of now into the text of a profile that has names of before; every other character stays.

A name is replaced where it stands. Only a fact that moved to another section is taken out and put there, with its
comments above it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from carnet.characters import whole_characters
from carnet.declare.former import Renamed
from carnet.declare.profile import Profile
from carnet.errors import InputError, Place
from carnet.intake import edit
from carnet.source import Key

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")


def migrated(text: str, profile: Profile) -> str:
    """The text of a profile with each of `profile.renamed` in its name of now.

    Raises:
        InputError: where the result would not declare the same, which leaves the file to its owner.
    """
    after = text
    if profile.renamed:
        ends = "\r\n" if "\r\n" in text else "\n"
        after = whole_characters(text) if text.lstrip().startswith("{") else text
        after = after.replace("\r\n", "\n")
        root = _compose(after)
        moves = [one for one in profile.renamed if _names_key(one) and _key_in_place(one) is None]
        spans = sorted((_span(after, root, one) for one in profile.renamed if one not in moves), reverse=True)
        for start, end, word in spans:
            after = after[:start] + word + after[end:]
        for one in moves:
            after = _moved(after, one, profile)
        after = after.replace("\n", ends)
    _check(after, profile)
    return after


def _check(text: str, profile: Profile) -> None:
    names = profile.names
    known = {"approvals": names.approvals, "jurisdictions": names.jurisdictions}
    again = Profile.from_text(text, names.vocabulary, name=profile.file, **known)
    if again.renamed or again.sha256 != profile.sha256:
        place = again.renamed[0].place if again.renamed else Place(profile.file)
        raise InputError("cannot be rewritten without changing what it declares", place, "rename it by hand")


def _compose(text: str) -> Node:
    """The nodes; tabs, which JSON may be indented with and YAML may not, count as blanks."""
    is_json = text.lstrip().startswith("{")
    root = yaml.compose(text.replace("\t", " ") if is_json else text, Loader=yaml.SafeLoader)
    assert root is not None
    return root


def _names_key(one: Renamed) -> bool:
    """Whether the name is that of an entry, and not a value or an item of a list."""
    return not one.fact and isinstance(one.keys[-1], str)


def _key_in_place(one: Renamed) -> str | None:
    """What to write in place of the key, within the sections around it; None where it belongs into another."""
    written = str(one.keys[-1])
    around = one.old[: -len(written)]
    return one.new[len(around) :] if one.new.startswith(around) else None


def _span(text: str, root: Node, one: Renamed) -> tuple[int, int, str]:
    """Where the old name stands, from and to, and what to write there."""
    key, value = _at(root, one.keys)
    node = key if _names_key(one) else value
    assert node is not None
    word = (_key_in_place(one) if _names_key(one) else None) or one.new
    quote = text[node.start_mark.index]
    if quote in "\"'":
        word = f"{quote}{word}{quote}"
    elif not _PLAIN.match(word):
        word = json.dumps(word, ensure_ascii=False)
    return node.start_mark.index, node.end_mark.index, word


def _at(root: Node, keys: tuple[Key, ...]) -> tuple[Node | None, Node]:
    """The key, where there is one, and the value at a path of the file."""
    key: Node | None = None
    node = root
    for name in keys:
        if isinstance(node, MappingNode):
            key, node = next(entry for entry in node.value if entry[0].value == name)
        else:
            assert isinstance(node, SequenceNode)
            key, node = None, node.value[int(name)]
    return key, node


def _moved(text: str, one: Renamed, profile: Profile) -> str:
    """The declaration taken out of its section and put into the one of now."""
    key, value = _at(_compose(text), one.keys)
    assert key is not None
    comments = " ".join(_comments(text, key, value))
    depth = next(n for n in range(1, len(one.keys) + 1) if ".".join(map(str, one.keys[-n:])) == one.old)
    layer = [str(part) for part in one.keys[:-depth]]
    text = edit.put(text, [*layer, *one.new.split(".")], _on_one_line(value), comments)
    text = edit.remove(text, [str(part) for part in one.keys])
    for end in range(len(one.keys) - 1, len(layer), -1):  # sections that hold nothing any more
        around = [str(part) for part in one.keys[:end]]
        section = ".".join(around[len(layer) :])
        if not edit.holds(text, around) and section not in profile.names.prefixes:
            text = edit.remove(text, around)
    return text


def _comments(text: str, key: Node, value: Node) -> Iterator[str]:
    """What comments say within a declaration and at its end."""
    start, last = key.start_mark.index, max(_ends(value), default=key.end_mark.index)
    end = text.find("\n", max(last, key.end_mark.index))
    at, scalars = start, [(node.start_mark.index, node.end_mark.index) for node in _scalars(value)]
    for line in text[start : end if end >= 0 else len(text)].split("\n"):
        for found in re.finditer(r"(?:^|(?<=\s))#\s*", line):
            if not any(first <= at + found.start() < stop for first, stop in scalars):
                yield line[found.end() :].strip()
                break
        at += len(line) + 1


def _scalars(node: Node) -> Iterator[ScalarNode]:
    if isinstance(node, ScalarNode):
        yield node
    else:
        for part in node.value:
            for inner in part if isinstance(part, tuple) else (part,):
                yield from _scalars(inner)


def _ends(node: Node) -> Iterator[int]:
    yield from (scalar.end_mark.index for scalar in _scalars(node))


def _on_one_line(node: Node) -> str:
    if isinstance(node, SequenceNode):
        return f"[{', '.join(_on_one_line(item) for item in node.value)}]"
    assert isinstance(node, ScalarNode)
    value: str = node.value
    quoted = node.style is not None or any(mark in value for mark in ",[]{}\n")
    return json.dumps(value, ensure_ascii=False) if quoted else value
