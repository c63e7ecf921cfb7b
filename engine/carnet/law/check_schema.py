# SPDX-License-Identifier: Apache-2.0
"""From pydantic's errors to sentences with a place: the key, what is wrong with it, what to try."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from carnet.errors import LawError, Problems, suggest
from carnet.source import Path_, Source

_SHAPES = {
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "date_type": "a date",
}
_EXAMPLES = {
    "list_type": "`[...]`, or a line with `-` for each item",
    "dict_type": "`name: value` lines",
    "model_type": "`name: value` lines",
    "model_attributes_type": "`name: value` lines",
    "string_type": "it in quotes",
    "bool_type": "`true` or `false`",
    "int_type": "digits only",
    "date_type": "it as 2027-01-31",
}
M = TypeVar("M", bound=BaseModel)


def validate(model: type[M], source: Source) -> M:
    """The file as a model.

    Raises:
        Problems: naming every key that is missing, unknown or of the wrong type.
    """
    if not isinstance(source.data, dict):
        raise LawError("is not a mapping of keys", source.place(), f"use the keys {', '.join(_keys(model))}")
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        raise Problems(_sentence(model, source, item) for item in error.errors(include_url=False)) from None


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _sentence(model: type[BaseModel], source: Source, item: Any) -> LawError:
    path = _existing(source, item["loc"])
    key, kind = item["loc"][-1], item["type"]
    if kind == "extra_forbidden":
        known = _keys(_model_at(model, item["loc"][:-1]))
        return LawError(f"`{key}` is not a key here", source.place(path), suggest(str(key), known) or _or(known))
    if kind == "missing":
        return LawError(f"`{key}` is missing", source.place(path), "add it")
    if kind == "literal_error":
        expected = item["ctx"]["expected"].replace("'", "`")
        near = suggest(str(item["input"]), expected.replace("`", "").replace(" or ", ", ").split(", "))
        return LawError(f"`{key}` is `{item['input']}`", source.place(path), near or f"use {expected}")
    if kind in ("weeks", "address", "period"):
        return LawError(f"`{key}` {item['msg']}", source.place(path))
    if kind in _SHAPES:
        return LawError(f"`{key}` is not {_SHAPES[kind]}", source.place(path), f"write {_EXAMPLES[kind]}")
    return LawError(f"`{key}`: {item['msg'][0].lower()}{item['msg'][1:]}", source.place(path))


def _or(names: list[str]) -> str:
    return f"use {', '.join(names)}"


def _existing(source: Source, loc: tuple[Any, ...]) -> Path_:
    """The longest part of pydantic's location that stands in the file."""
    path: Path_ = ()
    for part in loc:
        if (*path, part) in source.places:
            path = (*path, part)
    return path


def _model_at(model: type[BaseModel], loc: tuple[Any, ...]) -> type[BaseModel]:
    """The model that a location leads to, for the names it knows."""
    for part in loc:
        if not isinstance(part, str):
            continue
        for name, field in model.model_fields.items():
            if part in (name, field.alias):
                inner = _inner_model(field.annotation)
                model = inner or model
    return model


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        if (found := _inner_model(argument)) is not None:
            return found
    return None
