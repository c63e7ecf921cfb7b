# SPDX-License-Identifier: Apache-2.0
"""A key that no file under `rules/` knows is refused wherever it stands, in one error and with its place."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from law_folder import HEADS

from carnet.errors import CarnetError
from carnet.law.link import link_law

RULES = Path(__file__).parents[3] / "rules"
UNKNOWN = "zz_unknown"
CONDITIONS = {"applies_when", "requires", "when", "given", "with", "limit"}
"""Tried elsewhere (tests/conformance)."""
RULE = """\
rules:
  - id: qq.gap
    duty: following-gap
    with: {gap_s: 2}
    cites: [{instrument: qq.act, provision: Art. 1}]
    confidence: official
"""
At = tuple[str | int, ...]
FILES = [
    file for file in sorted(RULES.rglob("*.yaml")) if file.relative_to(RULES).parts[0] not in ("locale", "templates")
]


def mappings(data: Any, at: At = ()) -> Iterator[At]:
    """Where a mapping stands that is no condition."""
    if CONDITIONS.intersection(map(str, at)):
        return
    if isinstance(data, dict):
        yield at
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from mappings(value, (*at, key))


def shapes(data: Any) -> Iterator[At]:
    """One mapping of each kind: the place in a list and the name that an author chose do not matter."""
    seen = set()
    for at in mappings(data):
        shape = tuple("*" if isinstance(key, int) or place % 2 else key for place, key in enumerate(at))
        if shape not in seen:
            seen.add(shape)
            yield at


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("law")
    shutil.copytree(RULES, folder / "rules", ignore=shutil.ignore_patterns("locale", "templates"))
    jurisdiction = folder / "jurisdictions" / "QQ" / "jurisdiction.yaml"
    jurisdiction.parent.mkdir(parents=True)
    jurisdiction.write_text(HEADS["QQ"], encoding="utf-8")
    (jurisdiction.parent / "rules.yaml").write_text(RULE, encoding="utf-8")
    return folder


KINDS = {
    (file.parent.name, str(at[0]) if at else "", len(at)): (file, at)
    for file in FILES
    for at in shapes(yaml.safe_load(file.read_text(encoding="utf-8")))
}


@pytest.mark.parametrize(("file", "at"), KINDS.values(), ids=["-".join(map(str, kind)) for kind in KINDS])
def test_an_unknown_key_is_refused(folder: Path, file: Path, at: At) -> None:
    changed = folder / "rules" / file.relative_to(RULES)
    data = yaml.safe_load(changed.read_text(encoding="utf-8"))
    before = copy.deepcopy(data)
    inner = data
    for key in at:
        inner = inner[key]
    inner[UNKNOWN] = 1
    try:
        changed.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
        with pytest.raises(CarnetError, match=UNKNOWN) as error:
            link_law([folder])
        assert str(error.value).startswith(str(changed))
        assert "\n" not in str(error.value)
    finally:
        changed.write_text(yaml.safe_dump(before, allow_unicode=True, sort_keys=False), encoding="utf-8")


def test_a_broken_duty_is_told_once(folder: Path) -> None:
    """Not once more for each rule that is an instance of it, nor by a traceback."""
    changed = folder / "rules/duties/traffic.yaml"
    text = changed.read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    duty = next(one for one in data["duties"] if one["duty"] == "following-gap")
    duty["requires"] = {"behaviour.following_gap_s": {UNKNOWN: 1}}
    try:
        changed.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
        with pytest.raises(CarnetError, match=f"`{UNKNOWN}` is not an operator") as error:
            link_law([folder])
        assert "\n" not in str(error.value)
    finally:
        changed.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("takes", {"gap_s": "behaviour.following_gap_s", "zz": "odd.road_types"}, "`zz` stands in no condition"),
        ("optional", ["gap_s", "zz"], "takes no `zz`"),
        ("cases", [{"with": {"zz": 1}, "given": {"automation.sae_level": 3}, "expect": "gap"}], "takes no `zz`"),
    ],
)
def test_a_parameter_that_nothing_takes_is_refused(folder: Path, key: str, value: Any, message: str) -> None:
    duty = {
        "duty": "gap-alone",
        "title": "Keep a gap",
        "takes": {"gap_s": "behaviour.following_gap_s"},
        "requires": {"behaviour.following_gap_s": {"gte": {"param": "gap_s"}}},
        "duty_holder": "ads_developer",
        "topic": "traffic_law",
    }
    added = folder / "rules/duties/added.yaml"
    try:
        added.write_text(yaml.safe_dump({"duties": [duty]}), encoding="utf-8")
        link_law([folder])
        added.write_text(yaml.safe_dump({"duties": [duty | {key: value}]}), encoding="utf-8")
        with pytest.raises(CarnetError, match=message):
            link_law([folder])
    finally:
        added.unlink()
