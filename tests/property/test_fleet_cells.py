# SPDX-License-Identifier: Apache-2.0
"""A cell of a table means what the same text means in a profile, and a table what its rows mean as profiles.

Columns stand in any order and spelling; every row is judged as its profile would be, or listed because its profile
would be refused. `--hypothesis-profile=fuzz` searches for long.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

pytest.importorskip("pyarrow")

from carnet.api import load_law
from carnet.declare.cells import is_free_text, listed, read_cell
from carnet.declare.profile import Profile
from carnet.declare.values import Names
from carnet.declare.vocabulary import Fact
from carnet.errors import InputError
from carnet.fleet.layout import Layout
from carnet.fleet.records import RecordReader, split
from carnet.fleet.tables import open_table

LAW = load_law()
NAMES = Names(LAW.vocabulary, frozenset(LAW.approvals), frozenset(LAW.codes))
KNOWN = {"approvals": NAMES.approvals, "jurisdictions": NAMES.jurisdictions}
APPROVALS = ("UN-R155", "UN-R157")
PATHS = sorted({fact.type: path for path, fact in sorted(LAW.vocabulary.facts.items())}.values())
PATHS += sorted({fact.unit: path for path, fact in sorted(LAW.vocabulary.facts.items()) if fact.unit}.values())
PATHS += sorted({fact.items: path for path, fact in sorted(LAW.vocabulary.facts.items()) if fact.items}.values())
WORDS = [
    "true",
    "FALSE",
    "yes",
    "No",
    "1",
    "0",
    "null",
    "~",
    "held",
    "none",
    "applied",
    "2027-02-29",
    "05-06-2027",
    "DE",
]
WORDS += [
    "9999-12-31",
    "40 mph",
    "95,5",
    "1e3",
    "+5",
    "007",
    ".5",
    "5.",
    "nan",
    "=1",
    "[a, b]",
    "a|b",
    "NO",
    "inf",
    "0x1",
]
YAML_MARKS = "#:&*!|>'\"@`{}[],?%\\"
"""What a text without quotes cannot hold in YAML without meaning something else."""


def texts_of(fact: Fact) -> st.SearchStrategy[str]:
    """Texts that a cell of the fact may hold: right ones, nearly right ones, and any."""
    low, high = fact.range or (0, 1000)
    good = {
        "bool": st.sampled_from(["true", "false"]),
        "int": st.integers(int(low), int(high)).map(str),
        "number": st.floats(low, high).map(repr) | st.integers(int(low), int(high)).map(str),
        "choice": st.sampled_from([*fact.values] or ["x"]),
        "text": st.text(max_size=8),
        "date": st.dates().map(str),
        "set": st.lists(st.sampled_from([*fact.values] or ["DE", "en", "DE-BY"]), max_size=3).map("|".join),
    }[fact.type]
    quantity = st.tuples(st.integers(0, 200), st.sampled_from([fact.unit or "m", "mph", "ft"])).map(
        "{0[0]} {0[1]}".format
    )
    blank = st.sampled_from(["", " ", "\t", "\u00a0"])
    some = good | st.sampled_from(WORDS) | quantity | st.text(max_size=6)
    return st.tuples(blank, some, blank).map("".join)


REFUSED = object()
"""No word: an approval may be in the state `refused`."""


def meant(read: Any) -> Any:
    """What a reader says, or that it refuses."""
    said: list[str] = []
    value = read(lambda message, hint, *place: said.append(message))
    return REFUSED if said else value


@given(st.data())
def test_a_cell_means_what_the_text_means_in_a_profile(data: st.DataObject) -> None:
    fact = LAW.vocabulary.facts[data.draw(st.sampled_from(PATHS))]
    text = data.draw(texts_of(fact))
    cell = meant(lambda report: read_cell(fact, text, NAMES, report))
    quoted = json.dumps(listed(text.strip()) if fact.type == "set" else text)
    plain = fact.type in ("bool", "int", "number", "date") and not {*text} & {*YAML_MARKS}
    as_written = text.strip() if plain else quoted
    if not text.strip() and not is_free_text(fact):
        assert cell is None
        return
    try:
        profile = Profile.from_text(f"{fact.path}: {as_written}", LAW.vocabulary, **KNOWN)
    except InputError:
        stripped = text.strip()
        spelled = stripped in ("null", "~", "") or stripped.lower() in (
            "true",
            "false",
            "yes",
            "no",
            "1",
            "0",
            "1.0",
            "0.0",
        )
        wider = spelled or stripped != text or fact.type in ("int", "set")
        assert cell is REFUSED or wider or (cell is None and not text)
    else:
        declared = profile.declared(fact.path)
        assert cell == declared or (cell is None and text.strip() in ("null", "~", ""))


def flat(rows: list[dict[str, str]], columns: list[str], delimiter: str) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def read_table(path: Path) -> tuple[dict[str, dict[tuple[str, str], dict[str, Any]]], dict[int, str]]:
    """The facts of each row by layer, and why rows were left out."""
    table = open_table(str(path), 64)
    layout = Layout(table.schema, LAW, ("DE",), by_row=False)
    rows: dict[str, dict[tuple[str, str], dict[str, Any]]] = {}
    rejects: dict[int, str] = {}
    first = 1
    for batch in table.blocks(64):
        block = layout.read(batch, first)
        first += batch.num_rows
        rejects.update({reject.row: f"{reject.column}: {reject.reason}" for reject in block.rejects})
        for at, name in enumerate(block.profiles.to_pylist()):
            rows[name] = {
                key: {path: value for path, column in layer.items() if (value := column[at].as_py()) is not None}
                for key, layer in block.declared.layers.items()
            }
    table.close()
    return rows, rejects


COLUMNS = [
    *PATHS,
    *(f"approvals.{name}{field}" for name in APPROVALS for field in ("", ".held", ".state", ".series", ".granted_on")),
    "in.DE.vehicle.seats",
    "in.DE.approvals.UN-R155",
    "features.pilot.automation.sae_level",
    "features.pilot.in.DE.automation.max_speed_kmh",
]


def fact_of(column: str) -> Fact | None:
    path = column.split(".", 2)[2] if column.startswith("features.") else column
    path = path.split(".", 2)[2] if path.startswith("in.") else path
    return None if path.removeprefix("approvals.") in APPROVALS else LAW.vocabulary.fact(path)


def cells_of(column: str) -> st.SearchStrategy[str]:
    fact = fact_of(column)
    words = st.sampled_from(["held", "none", "applied", "expired", "TRUE", "no", " held", "perhaps", ""])
    return st.just("") | (texts_of(fact) if fact else words)


tables = st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=6, unique=True).flatmap(
    lambda columns: st.lists(st.fixed_dictionaries({name: cells_of(name) for name in columns}), min_size=1, max_size=5)
)


def as_profile(row: dict[str, str]) -> dict[str, Any]:
    """The row as the data of a profile, each cell as it is read on its own; ValueError where one cannot be."""
    data: dict[str, Any] = {}
    for column, text in row.items():
        fact = fact_of(column)
        if fact is None:
            stripped = text.strip()
            value: Any = {"true": "held", "no": "none", "": None}.get(stripped.lower(), stripped)
        else:
            value = meant(lambda report, fact=fact, text=text: read_cell(fact, text, NAMES, report))
        if value is REFUSED:
            raise ValueError(column)
        if value is None:
            continue
        layer, path = data, column
        while path.startswith(("in.", "features.")):
            kind, name, path = path.split(".", 2)
            layer = layer.setdefault(kind, {}).setdefault(name, {})
        layer[path] = list(value) if isinstance(value, tuple) else value
    return data


@settings(max_examples=60)
@given(tables, st.randoms(use_true_random=False), st.sampled_from(",;\t|"))
def test_a_table_means_what_its_rows_mean_as_profiles(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]], random: Any, delimiter: str
) -> None:
    columns = [*rows[0]]
    for name in APPROVALS:
        if {f"approvals.{name}", f"approvals.{name}.held"} <= {*columns}:
            columns.remove(f"approvals.{name}")
    rows = [{"profile": f"row {at}", **{name: row[name] for name in columns}} for at, row in enumerate(rows)]
    columns = ["profile", *columns]
    random.shuffle(columns)
    folder = tmp_path_factory.mktemp("tables")
    spelled = {name: random.choice([name, f" {name}", f"{name} "]) for name in columns}
    text = flat(
        [{spelled[name]: row[name] for name in columns} for row in rows], [spelled[n] for n in columns], delimiter
    )
    (folder / "t.csv").write_text(text, "utf-8", newline="")
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "t.jsonl").write_text(lines, "utf-8")
    for name in ("t.csv", "t.jsonl"):
        found, rejects = read_table(folder / name)
        assert len(found) + len(rejects) == len(rows)
        for at, row in enumerate(rows):
            try:
                data = as_profile({column: cell for column, cell in row.items() if column != "profile"})
                profile = Profile.from_dict(data, LAW.vocabulary, **KNOWN)
            except (InputError, ValueError):
                assert at + 1 in rejects, row
                continue
            assert row["profile"] in found, rejects
            for key, layer in profile.content.layers.items():
                wanted = {
                    path: list(value) if isinstance(value, tuple) else value
                    for path, value in layer.values.items()
                    if value is not None and not path.endswith(".state")
                }
                mine = {p: v for p, v in found[row["profile"]].get(key, {}).items() if not p.endswith(".state")}
                assert mine == wanted


pieces = st.lists(st.sampled_from(['"', '""', ",", "\n", "\r\n", "a", "b c", "\r", "é"]), max_size=40).map("".join)


@given(pieces, st.integers(1, 30))
def test_any_bytes_are_cut_into_the_same_records(text: str, size: int) -> None:
    """By masks or one by one, as a whole or in pieces: nothing is lost, and each byte belongs to one record."""
    data = text.encode()
    whole = split(data, b",", True)
    assert whole.used == len(data)
    reader = RecordReader(data, b",", True)
    at = 0
    for index in range(len(whole.starts)):
        stop, cells, fault = reader.record(at)
        assert (int(whole.starts[index]), whole.faults.get(index, "")) == (at, fault)
        assert fault or int(whole.cells[index]) == cells
        at = stop + 1
    assert at >= len(data)
    found: list[tuple[int, int, int]] = []
    waiting, base = b"", 0
    for first in [*range(0, len(data), size), len(data)]:
        waiting += data[first : first + size]
        records = split(waiting, b",", first >= len(data))
        found += [
            (base + int(start), base + int(end), int(cells))
            for start, end, cells in zip(records.starts, records.ends, records.cells, strict=True)
        ]
        base, waiting = base + records.used, waiting[records.used :]
    assert waiting == b""
    assert found == [
        (int(start), int(end), int(cells))
        for start, end, cells in zip(whole.starts, whole.ends, whole.cells, strict=True)
    ]


json_texts = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*PATHS, "odd", "in", "DE", "approvals", "UN-R155", "features", "profile", ""]), inner
        )
    ),
    max_leaves=8,
).map(json.dumps) | st.text(max_size=20)


@settings(max_examples=60)
@given(st.lists(json_texts.filter(lambda text: text.strip() and not {*text} & {*"\0\r\n"}), min_size=1))
def test_any_json_row_is_read_or_listed(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.mktemp("tables") / "t.jsonl"
    path.write_text("\n".join(texts), "utf-8", errors="replace")
    table = open_table(str(path), 64)
    layout = Layout(table.schema, LAW, ("DE",), by_row=False)
    [batch] = table.blocks(1 << 10)
    block = layout.read(batch, 1)
    assert len(block.profiles) + len(block.rejects) == len(texts)
    assert all(reject.reason and reject.line == reject.row for reject in block.rejects)
