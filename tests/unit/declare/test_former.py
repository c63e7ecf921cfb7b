# SPDX-License-Identifier: Apache-2.0
"""Names of before: read as those of now, said with their place, rewritten without a comment lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from carnet.declare.profile import Profile
from carnet.declare.vocabulary import Vocabulary
from carnet.declare.vocabulary_files import load_vocabulary
from carnet.errors import Problems, UnknownName
from carnet.intake.migrate import migrated

GATES = """\
section: gates
title: Gates
facts:
  gates.width_m: {type: number, unit: m, question: How wide?, formerly: [gates.size_m, doors.width_m]}
  gates.kind: {type: choice, question: Which?, values: {slide: a, swing: b}, renamed: {slider: slide}}
  gates.used: {type: set, question: Which?, values: {slide: a, swing: b}, renamed: {slider: slide}}
  gates.open: {type: bool, question: Open?}
"""
FIELDS = """\
fields:
  held: {type: bool, question: Held?}
  series: {type: int, question: Which?, formerly: [version]}
"""
OLD = """\
# the gates
name: Old
gates:
  size_m: 2  # measured
  kind: "slider"   # the old kind
  used:
    - swing
    # both
    - slider
  open: true
approvals: {UN-R1: {version: 2, held: true}}
features: {pilot: {gates.size_m: 3}}
in:
  XA: {gates: {kind: slider}}
choices: {wide: {gates: {size_m: 4}}}
confidential: [gates.size_m]
"""
NEW = """\
# the gates
name: Old
gates:
  width_m: 2  # measured
  kind: "slide"   # the old kind
  used:
    - swing
    # both
    - slide
  open: true
approvals: {UN-R1: {series: 2, held: true}}
features: {pilot: {gates.width_m: 3}}
in:
  XA: {gates: {kind: slide}}
choices: {wide: {gates: {width_m: 4}}}
confidential: [gates.width_m]
"""


def vocabulary_of(folder: Path, text: str) -> Vocabulary:
    target = folder / "rules" / "vocabulary"
    target.mkdir(parents=True, exist_ok=True)
    (target / "gates.yaml").write_text(text, encoding="utf-8")
    (target / "approvals.yaml").write_text(FIELDS, encoding="utf-8")
    return load_vocabulary([folder])


@pytest.fixture
def gates(tmp_path: Path) -> Vocabulary:
    return vocabulary_of(tmp_path, GATES)


def read(text: str, vocabulary: Vocabulary) -> Profile:
    return Profile.from_text(text, vocabulary, name="p.yaml")


def test_old_names_declare_what_the_new_ones_do(gates: Vocabulary) -> None:
    old, new = read(OLD, gates), read(NEW, gates)
    assert old.to_dict() == new.to_dict()
    assert old.sha256 == new.sha256
    assert old.declared("gates.width_m", feature="pilot") == 3
    assert old.declared("gates.kind", ["XA"]) == "slide"
    assert not new.renamed


def test_each_old_name_is_said_with_its_place_and_the_new_one(gates: Vocabulary) -> None:
    said = [str(one) for one in read(OLD, gates).renamed]
    assert "p.yaml:4:3: `gates.size_m` is now called `gates.width_m`" in said
    assert "p.yaml:5:3: `slider` of `gates.kind` is now called `slide`" in said
    assert "p.yaml:9:7: `slider` of `gates.used` is now called `slide`" in said
    assert "p.yaml:11:21: `approvals.UN-R1.version` is now called `approvals.UN-R1.series`" in said
    assert [line.split(":")[1] for line in said] == ["4", "5", "9", "11", "14", "12", "16", "15"]


@pytest.mark.parametrize("second", ["gates.width_m: 2", "gates.width_m: 3", "doors: {width_m: 2}"])
def test_a_fact_by_both_names_is_declared_twice(gates: Vocabulary, second: str) -> None:
    with pytest.raises(Problems, match=r"`gates.width_m` is declared twice; see line 1"):
        read(f"gates.size_m: 2\n{second}\n", gates)


def test_an_old_and_a_new_word_in_one_set_are_one_item_twice(gates: Vocabulary) -> None:
    with pytest.raises(Problems, match=r"`gates.used` names `slide` twice"):
        read("gates.used: [slide, slider]\n", gates)


def test_who_asks_for_an_old_name_is_told_the_new_one(gates: Vocabulary) -> None:
    with pytest.raises(UnknownName) as caught:
        gates.fact("gates.size_m")
    assert caught.value.hint == "it is called `gates.width_m`"


@pytest.mark.parametrize(
    ("old", "reason"),
    [
        ("gates.open", "there is such a fact"),
        ("doors.width_m", "`gates.width_m` was"),
        ("gates.open.wide", "would lie below the other"),
        ("gates", "no profile could say so"),
        ("features.gates", "no profile could say so"),
    ],
)
def test_an_old_name_that_could_mean_something_else_is_refused(tmp_path: Path, old: str, reason: str) -> None:
    more = f"  gates.more: {{type: bool, question: More?, formerly: [{old}]}}\n"
    with pytest.raises(Problems, match=f"`gates.more` cannot have been called `{old}`.*{reason}"):
        vocabulary_of(tmp_path, GATES + more)


def test_an_old_word_that_is_still_a_value_is_refused(tmp_path: Path) -> None:
    more = "  gates.more: {type: choice, question: M?, values: {a: A, b: B}, renamed: {a: b}}\n"
    with pytest.raises(Problems, match="has `a` both as a value and as an old word"):
        vocabulary_of(tmp_path, GATES + more)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_migrating_changes_the_names_and_nothing_else(gates: Vocabulary, ends: str) -> None:
    text = OLD.replace("\n", ends)
    assert migrated(text, read(text, gates)) == NEW.replace("\n", ends)
    assert migrated(NEW, read(NEW, gates)) == NEW


MOVED = [
    ("doors:\n  width_m: 2  # why\n", "# why\n"),
    ("# top\ndoors: {width_m: 2}\ngates:\n  open: true  # yes\n", "# top\ngates:\n  open: true  # yes\n  width_m: 2\n"),
    ("in:\n  XA:\n    doors.width_m: 2 # why\n    gates.open: true\n", "# why"),
    ('{"doors": {"width_m": 2}, "gates": {"kind": "slider"}}', '"slide"'),
    ('{\n\t"gates": {"size_m": 2, "used": ["slider"]}\n}', '\n\t"gates": {"width_m": 2, "used": ["slide"]}'),
]


@pytest.mark.parametrize(("text", "kept"), MOVED)
def test_a_fact_that_moved_goes_to_its_section_with_its_comments(gates: Vocabulary, text: str, kept: str) -> None:
    old = read(text, gates)
    after = migrated(text, old)
    assert kept in after
    assert "doors" not in after
    assert read(after, gates).sha256 == old.sha256
