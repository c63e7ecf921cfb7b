# SPDX-License-Identifier: Apache-2.0
"""Sets values in the text of a profile and leaves every other character as it is: comments, order, quotes, spacing.

The places come from the marks of PyYAML's nodes. Writing the file anew from a round-trip model would re-indent and
re-quote what nobody touched, and bury three answers in a difference of two hundred lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import yaml
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode

from carnet.errors import InputError

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - PyYAML without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

INDENT = "  "


def put(text: str, keys: Sequence[str], value: str, comment: str = "") -> str:
    """The text with `value` (YAML on one line) at a path of names, in place of what stood there.

    keys: the names from the top, such as `("in", "GB", "vehicle", "steering_side")`; sections may be nested or written
    flat in the file, whichever is found. comment: a line of its own above the value; JSON has none.

    Raises:
        InputError: when a name on the way has a value that is no mapping.
    """
    if _is_json(text):
        return _put_json(text, keys, value)
    ends = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n")
    lines = _set(lines, _root(lines), list(keys), value)
    if comment:
        lines = _annotate(lines, _key_of(_root(lines), list(keys)), comment)
    return lines.replace("\n", ends)


def holds(text: str, keys: Sequence[str]) -> bool:
    """Whether a mapping with entries of its own stands at a path of names."""
    node = _value_at(text, keys)
    return isinstance(node, MappingNode) and bool(node.value)


def contains(text: str, keys: Sequence[str]) -> bool:
    """Whether anything is written at a path of names."""
    return _value_at(text, keys) is not None


def _value_at(text: str, keys: Sequence[str]) -> Node | None:
    node: Node = _root(text)
    left = list(keys)
    while left:
        entry = _entry(node, left) if isinstance(node, MappingNode) else None
        if entry is None:
            return None
        node, left = entry[1], left[entry[2] :]
    return node


def _entry(node: MappingNode, keys: list[str]) -> tuple[Node, Node, int] | None:
    """The entry that the names lead to or through, the longest written name first, and how many names it takes."""
    for count in range(len(keys), 0, -1):
        for key, value in node.value:
            if key.value == ".".join(keys[:count]):
                return key, value, count
    return None


def _key_of(node: MappingNode, keys: list[str]) -> Node:
    entry = _entry(node, keys)
    assert entry is not None
    key, value, count = entry
    if count == len(keys):
        return key
    assert isinstance(value, MappingNode)
    return _key_of(value, keys[count:])


def _annotate(text: str, key: Node, comment: str) -> str:
    """A comment above the line of a key, indented as that line is."""
    start = text.rfind("\n", 0, key.start_mark.index) + 1
    margin = text[start : len(text) - len(text[start:].lstrip(" "))]
    return f"{text[:start]}{margin}# {' '.join(comment.split())}\n{text[start:]}"


def _root(text: str) -> MappingNode:
    root = yaml.compose(text, Loader=_Loader)
    if not isinstance(root, MappingNode):
        raise InputError("the profile is not a mapping of names to values", hint="write `name: value` lines")
    return root


def _set(text: str, node: MappingNode, keys: list[str], value: str) -> str:
    entry = _entry(node, keys)
    if entry is None:
        return _insert(text, node, keys, value)
    key, old, count = entry
    if count == len(keys):
        return _replace(text, key, old, value)
    if isinstance(old, MappingNode) and (old.value or old.flow_style):
        return _set(text, old, keys[count:], value)
    if _is_empty(old):
        return _fill(text, node, key, old, keys[count:], value)
    line = key.start_mark.line + 1
    raise InputError(f"`{key.value}` is no section in line {line}", hint="write its facts below it")


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not node.style and node.value in ("", "~", "null")


def _replace(text: str, key: Node, old: Node, value: str) -> str:
    """The old value, down to the end of what it holds, by the new one on the line of its key."""
    start = old.start_mark.index
    if isinstance(old, CollectionNode) and not old.flow_style:
        start = _after_colon(text, key)
        return f"{text[:start]} {value}{text[_end(old, text) :]}"
    gap = "" if start > 0 and text[start - 1] in " \n\t" else " "
    return f"{text[:start]}{gap}{value}{text[_end(old, text) :]}"


def _after_colon(text: str, key: Node) -> int:
    return text.index(":", key.end_mark.index) + 1


def _fill(text: str, node: MappingNode, key: Node, old: Node, keys: list[str], value: str) -> str:
    """A section that stands there without facts gets its first."""
    if node.flow_style:
        return _replace(text, key, old, _nested_flow(keys, value))
    start, end = _after_colon(text, key), _end(old, text)
    lines = _nested_block(keys, value, " " * (key.start_mark.column + len(INDENT)))
    line_end = _line_end(text, max(start, end))
    return f"{text[:start]}{text[max(start, end) : line_end]}\n{lines}{text[line_end:]}"


def _insert(text: str, node: MappingNode, keys: list[str], value: str) -> str:
    if node.flow_style:
        end = node.end_mark.index - 1
        head = text[:end].rstrip()
        joint = "" if head.endswith(("{", ",")) else ","
        space = "" if head.endswith("{") else " "
        return f"{head}{joint}{space}{_nested_flow(keys, value)[1:-1]}{text[len(head) + len(text[len(head) : end]) :]}"
    margin = " " * node.value[0][0].start_mark.column
    end = _line_end(text, _end(node, text))
    top = not margin and len(keys) > 1
    gap = "\n" if top and not text[:end].endswith("\n\n") else ""
    return f"{text[:end]}\n{gap}{_nested_block(keys, value, margin)}{text[end:]}"


def _line_end(text: str, index: int) -> int:
    end = text.find("\n", index)
    return len(text) if end < 0 else end


def _end(node: Node, text: str) -> int:
    """Where the content of a node ends: the mark of a block collection lies beyond the comments that follow it."""
    if isinstance(node, CollectionNode) and not node.flow_style and node.value:
        return max(_end(part, text) for part in _parts(node))
    end: int = node.end_mark.index
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        return len(text[:end].rstrip("\n"))
    return end


def _parts(node: CollectionNode) -> Iterator[Node]:
    for part in node.value:
        if isinstance(part, tuple):
            yield from part
        else:
            yield part


def _nested_flow(keys: Sequence[str], value: str) -> str:
    for key in reversed(keys):
        value = f"{{{_name(key)}: {value}}}"
    return value


def _nested_block(keys: Sequence[str], value: str, margin: str) -> str:
    lines = [f"{margin}{INDENT * depth}{_name(key)}:" for depth, key in enumerate(keys)]
    lines[-1] += f" {value}"
    return "\n".join(lines)


def _name(key: str) -> str:
    """A key that no reader takes for a value: `NO` and `ON` are quoted, though Carnet itself would not need it."""
    return f'"{key}"' if key.lower() in ("no", "yes", "on", "off", "y", "n", "true", "false", "null") else key


def _is_json(text: str) -> bool:
    try:
        return text.lstrip().startswith("{") and isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _put_json(text: str, keys: Sequence[str], value: str) -> str:
    """JSON has no comments to keep: it is written anew, indented."""
    data = json.loads(text)
    _set_plain(data, list(keys), json.loads(json.dumps(yaml.safe_load(value), default=str)))
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _set_plain(node: dict[str, Any], keys: list[str], value: Any) -> None:
    names = {".".join(keys[:count]): keys[count:] for count in range(len(keys), 0, -1)}
    name = next((name for name in names if name in node), keys[0])
    rest = names[name]
    if not rest:
        node[name] = value
        return
    if node.get(name) is None:
        node[name] = {}
    if not isinstance(node[name], dict):
        raise InputError(f"`{name}` is no section", hint="write its facts below it")
    _set_plain(node[name], rest, value)


def remove(text: str, keys: Sequence[str]) -> str:
    """The text without what stands at a path of names; comments stay, and so does the section around it."""
    if _is_json(text):
        return _remove_json(text, keys)
    ends = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n")
    node, left = _root(lines), list(keys)
    while entry := _entry(node, left):
        key, value, count = entry
        if count == len(left):
            return _cut(lines, node, key, value).replace("\n", ends)
        if not isinstance(value, MappingNode):
            break
        node, left = value, left[count:]
    return text


def _cut(text: str, node: MappingNode, key: Node, value: Node) -> str:
    """Without one entry: its lines in a block, itself and one comma between braces."""
    start, end = key.start_mark.index, max(_end(value, text), _after_colon(text, key))
    if not node.flow_style:
        first = text.rfind("\n", 0, start) + 1
        return text[:first] + text[_line_end(text, end) + 1 :]
    after = text[end:]
    if (rest := after.lstrip()).startswith(","):
        return text[:start] + rest[1:].lstrip(" ")
    return text[:start].rstrip().removesuffix(",") + after


def _remove_json(text: str, keys: Sequence[str]) -> str:
    data = json.loads(text)
    node, left = data, list(keys)
    while isinstance(node, dict) and left:
        name = next((name for count in range(len(left), 0, -1) if (name := ".".join(left[:count])) in node), None)
        if name is None:
            return text
        left = left[name.count(".") + 1 :]
        if not left:
            del node[name]
        node = node.get(name)
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
