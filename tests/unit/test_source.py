# SPDX-License-Identifier: Apache-2.0
"""Strict YAML: what is accepted, where things stand, and the sentence for everything else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from carnet.errors import SourceError
from carnet.source import MAX_BYTES, dotted, parse_source, read_source


def test_scalars_follow_the_core_schema() -> None:
    text = "a: [1, -2, 1.5, 1e3, true, null, ~, NO, yes, 2024-02-29, '2024-02-29', 012, 1_000, '1']"
    assert parse_source(text).data["a"] == [
        *(1, -2, 1.5, 1000.0, True, None, None, "NO", "yes"),
        *(dt.date(2024, 2, 29), "2024-02-29", "012", "1_000", "1"),
    ]


def test_places_are_those_of_keys_and_items() -> None:
    source = parse_source("a: 1\nb:\n  c: [x, y]\n", "f.yaml")
    assert str(source.place(("b", "c", 1))) == "f.yaml:3:10"
    assert str(source.place(("b", "missing"))) == "f.yaml:2:1"
    assert dotted(("rules", 3, "requires")) == "rules[3].requires"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2\n", "f.yaml:2:1: has the key `a` twice; keep one of them"),
        ("a: &x 1\n", "f.yaml:1:4: has a YAML anchor `&x`; write the value out"),
        ("a: *x\n", "f.yaml:1:4: has a YAML alias; write the value out; anchors and aliases are not accepted"),
        ("a: !!str 1\n", "f.yaml:1:4: has a YAML tag `tag:yaml.org,2002:str`; remove the tag"),
        ("a: 2024-02-30\n", "f.yaml:1:4: the date `2024-02-30` does not exist; correct the day"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1: has a second YAML document; keep one document per file"),
        ("? [a]\n: 1\n", "f.yaml:1:3: has a mapping or list as a key; use a plain name as key"),
        (
            "a: [1\n",
            "f.yaml:2:1: is not valid YAML: did not find expected ',' or ']'; check indentation, quotes and brackets,"
            " here and on the line above",
        ),
        (
            "a:\n\tb: 1\n",
            "f.yaml:2:1: is not valid YAML: found character that cannot start any token; indent with spaces, not tabs",
        ),
        ("[" * 50, "f.yaml:1:41: is nested deeper than 40 levels; remove some brackets or indentation"),
        ("  \n", "f.yaml: is empty; `carnet init` starts a profile"),
    ],
)
def test_what_is_refused(text: str, message: str) -> None:
    with pytest.raises(SourceError) as error:
        parse_source(text, "f.yaml")
    assert str(error.value) == message


def test_a_billion_laughs_costs_nothing() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    with pytest.raises(SourceError, match="anchor"):
        parse_source("\n".join(lines))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    def message(path: Path) -> str:
        with pytest.raises(SourceError) as error:
            read_source(path)
        return str(error.value).replace(str(tmp_path), "")

    (tmp_path / "latin.yaml").write_bytes("a: 1\nname: Köln\n".encode("latin-1"))
    (tmp_path / "big.yaml").write_bytes(b"a: " + b"x" * MAX_BYTES)
    assert message(tmp_path) == ": is a directory, not a file; name the profile file in it"
    assert message(tmp_path / "none.yaml") == "/none.yaml: cannot be read (no such file or directory); check the path"
    assert message(tmp_path / "latin.yaml") == "/latin.yaml:2:8: is not UTF-8 text; save it as UTF-8"
    assert message(tmp_path / "big.yaml") == "/big.yaml: is larger than 4096 KiB; split it or name another file"


def test_json_indented_with_tabs_keeps_its_columns() -> None:
    source = parse_source('{\n\t"a": {\n\t\t"b": [1, true]}}', "f.json")
    assert source.data == {"a": {"b": [1, True]}}
    assert str(source.place(("a", "b"))) == "f.json:3:3"
