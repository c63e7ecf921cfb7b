# SPDX-License-Identifier: Apache-2.0
"""Mappings that stay as they are: what the library hands out can be read and copied, and changes no later check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, NoReturn, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Frozen(dict[K, V]):
    """A dict that refuses to change; `dict(it)` is a copy that does not."""

    __slots__ = ()

    def _refuse(self, *args: object, **items: object) -> NoReturn:
        raise TypeError("this mapping cannot be changed; make a copy with `dict(...)`")

    __setitem__ = __delitem__ = update = setdefault = pop = popitem = clear = __ior__ = _refuse

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[dict[K, V]]]:
        """A pickle holds the plain dict: reading one sets its items."""
        return type(self), (dict(self),)


EMPTY: Frozen[Any, Any] = Frozen()
"""One for all, so that a pickle holds it once."""


def freeze(value: Any, known: dict[int, tuple[Any, Any]] | None = None) -> Any:
    """The same records with every mapping in them frozen; what holds none stays the same object."""
    known = {} if known is None else known
    if id(value) in known:
        return known[id(value)][1]
    frozen = value
    if type(value) is dict:
        frozen = Frozen({key: freeze(item, known) for key, item in value.items()}) if value else EMPTY
    elif isinstance(value, tuple):
        items = [freeze(item, known) for item in value]
        if any(new is not old for new, old in zip(items, value, strict=True)):
            frozen = type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    elif is_dataclass(value) and not isinstance(value, type):
        own = {field.name: getattr(value, field.name) for field in fields(value) if not field.name.startswith("_")}
        changed = {name: new for name, old in own.items() if (new := freeze(old, known)) is not old}
        frozen = replace(value, **changed) if changed else value
    known[id(value)] = (value, frozen)  # the value too, so that its identity is not given to another
    return frozen
