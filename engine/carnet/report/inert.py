# SPDX-License-Identifier: Apache-2.0
"""Texts of others in files for programs: nothing in them moves a cursor, hides or reorders text, or runs when clicked.

Profiles and packs may say anything. Renderers that lay text out clean every line (`layout.clean`); the others clean
what they have made, here, because in it such characters are never markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

_UNSAFE = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls, but for tab and line ends
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff"  # hide, break or reorder text
    "\ud800-\udfff\U000e0000-\U000e007f"  # halves of characters; tags
)
_CHARACTER = re.compile(rf"[{_UNSAFE}]|\r(?!\n)")
_IN_JSON = re.compile(rf"[{_UNSAFE}]|\\[bfr]|\\u00[01]")


def clean_text(text: str) -> str:
    """The text with a space for whatever could hide, reorder or control something; line ends stay."""
    return _CHARACTER.sub(" ", text)


def to_json(data: Any, indent: int = 2, default: Callable[[Any], Any] | None = None) -> str:
    """Indented JSON with clean texts, and a line end."""
    text = json.dumps(data, indent=indent, ensure_ascii=False, default=default)
    if _IN_JSON.search(text):
        text = json.dumps(_clean(json.loads(text)), indent=indent, ensure_ascii=False)
    return text + "\n"


def _clean(data: Any) -> Any:
    if isinstance(data, str):
        return _CHARACTER.sub(" ", data.replace("\r\n", "\n"))
    if isinstance(data, Mapping):
        return {_clean(key): _clean(value) for key, value in data.items()}
    return [_clean(item) for item in data] if isinstance(data, list) else data
