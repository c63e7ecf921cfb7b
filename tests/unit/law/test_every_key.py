# SPDX-License-Identifier: Apache-2.0
"""No key of a pack is read and dropped: to change one changes the law that is judged by and printed, or is refused."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from law_folder import SHARED, LawFolder
from pydantic import BaseModel

from carnet.errors import CarnetError
from carnet.law.model import Jurisdiction, Place
from carnet.law.planning_schema import UNITS
from carnet.law.schema import PackSpec
from carnet.source import read_source

PACK: dict[str, Any] = read_source(Path(__file__).parent / "every_key.yaml").data
LIMIT = "beyond: {law: a, grant: b}, limit: {automation.max_speed_kmh: {lte: {fact: approval.max_speed_kmh}}}"
DUTY = """\
cost_classes: {low: {title: low, thousands_eur: [1, 10]}, lowx: {title: less, thousands_eur: [1, 2]}}
duties:
  - duty: drives
    title: Drives
    takes: {level: automation.sae_level}
    applies_when: {automation.sae_level: {gte: {param: level}}}
    requires: {operation.driver_on_board: true}
    duty_holder: operator
    topic: traffic_law
"""
CONDITIONS = {"applies_when", "requires", "when", "available_when", "given", "with"}
Keys = tuple[str | int, ...]


def fields_of(model: type[BaseModel], at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every key that a file may have, by the names that lead to it."""
    for name, field in model.model_fields.items():
        here = (*at, field.alias or name)
        inner = list(models_in(field.annotation))
        yield here
        for one in inner:
            yield from fields_of(one, here)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_in(argument)


def leaves(data: Any, at: Keys = ()) -> Iterator[Keys]:
    """The values of the pack; a condition is one, whatever stands in it."""
    if isinstance(data, dict) and data and (not at or at[-1] not in CONDITIONS):
        for key, value in data.items():
            yield from leaves(value, (*at, key))
    elif isinstance(data, list) and data and (not at or at[-1] not in CONDITIONS):
        for index, value in enumerate(data):
            yield from leaves(value, (*at, index))
    else:
        yield at


def otherwise(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, dt.date):
        return value + dt.timedelta(days=1)
    return f"{value}x" if isinstance(value, str) else {"behaviour.turns_on_red": True}


NAMED = {"parameters", "approvals", "applies", "recognises", "coverage"}


def named(keys: Keys) -> tuple[str, ...]:
    """The keys of the schema on the way: neither positions in a list nor names that the file gives."""
    texts = [(key, before) for before, key in zip((None, *keys), keys, strict=False) if isinstance(key, str)]
    return tuple(key for key, before in texts if before not in NAMED)


def linked(law: LawFolder, pack: Any) -> Any:
    law.write("jurisdictions/QQ/pack.yaml", yaml.safe_dump(pack, sort_keys=False))
    found = law.link()
    return without_places(found.jurisdictions["QQ"])


def without_places(value: Any) -> Any:
    if isinstance(value, Place):
        return None
    if isinstance(value, tuple):
        items = [without_places(item) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    if isinstance(value, dict) or (hasattr(value, "items") and callable(value.items)):
        return {key: without_places(item) for key, item in value.items()}
    return value


@pytest.fixture
def folder(law: LawFolder) -> LawFolder:
    """The law of QQ in one file."""
    for path in (law.root / "jurisdictions/QQ").glob("*.yaml"):
        path.unlink()
    law.write("rules/duties.yaml", DUTY)
    fields = SHARED["vocabulary/approvals.yaml"].replace("Up to which speed?", "Up to which speed?, " + LIMIT)
    law.write("rules/vocabulary/approvals.yaml", fields)
    return law


def test_the_pack_has_every_key() -> None:
    wanted = {keys for keys in fields_of(PackSpec) if keys[0] != "cases"}  # which are those of `tests`, in a file apart
    wanted = {keys if keys[-1] not in UNITS else (keys[-1],) for keys in wanted}
    written = {named(keys[:n]) for keys in leaves(PACK) for n in range(1, len(keys) + 1)}
    written |= {(keys[-1],) for keys in written}
    assert sorted(wanted - written) == []


def test_no_key_is_read_and_dropped(folder: LawFolder) -> None:
    before = linked(folder, PACK)
    assert isinstance(folder.link().jurisdictions["QQ"], Jurisdiction)
    dropped = []
    for keys in leaves(PACK):
        pack = copy.deepcopy(PACK)
        holder = pack
        for key in keys[:-1]:
            holder = holder[key]
        holder[keys[-1]] = otherwise(holder[keys[-1]])
        try:
            if linked(folder, pack) == before:
                dropped.append(".".join(map(str, keys)))
        except CarnetError:
            continue  # refused, which is not silent
    assert dropped == []
