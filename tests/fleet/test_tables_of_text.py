# SPDX-License-Identifier: Apache-2.0
"""Every row of a text is judged or listed with its line, and what cannot be a table says why; nothing is guessed."""

from __future__ import annotations

import csv
import gzip
import json
import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from carnet.cli.main import run

DAY = "2026-11-22"
SEATS = "profile,vehicle.seats"


def fleet(tmp_path: Path, text: str | bytes, name: str = "t.csv", *options: str):
    """The exit code, the names that were judged, the rows left out with their lines, and what was said."""
    raw = text.encode() if isinstance(text, str) else text
    (tmp_path / name).write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    out = tmp_path / "out.parquet"
    out.unlink(missing_ok=True)
    code = run(["fleet", str(tmp_path / name), "-m", "DE", "--as-of", DAY, "-o", str(out), *options])
    judged = pq.read_table(out).column("profile").to_pylist() if out.exists() else None
    rejects = tmp_path / "out.rejects.csv"
    rows = list(csv.DictReader(rejects.read_text("utf-8").splitlines())) if rejects.exists() else []
    return code, judged, [(int(row["line"]), row["profile"], row["column"], row["reason"]) for row in rows]


NOT_TWO = "has {} cells, the header 2"
ROWS = {
    "two exports one after another, a column added": (
        f"{SEATS}\na,5\n{SEATS},vehicle.category\nb,6,M1\n",
        ["a"],
        [(3, "profile", "", NOT_TWO.format(3)), (4, "b", "", NOT_TWO.format(3))],
    ),
    "two equal exports": (
        f"{SEATS}\na,5\n{SEATS}\nb,6\n",
        ["a", "b"],
        [(3, "profile", "", "repeats the header of line 1")],
    ),
    "a delimiter that changes": (
        f"{SEATS}\na,5\nb;6\nc,7\n",
        ["a", "c"],
        [(3, "b;6", "", "has 1 cell, the header 2")],
    ),
    "a short row and a long one": (
        f"{SEATS}\na\nb,6,7\nc,7",
        ["c"],
        [(2, "a", "", "has 1 cell, the header 2"), (3, "b", "", NOT_TWO.format(3))],
    ),
    "a quotation mark that never closes": (
        f'{SEATS}\na,"5\nb,6\nc,7\n',
        ["b", "c"],
        [(2, "1", "", "a quotation mark opens a cell and never closes")],
    ),
    "a quotation mark that closes in a later row": (
        f'{SEATS}\n"a,5\nb,6\n"c",7\n',
        ["b", "c"],
        [(2, "1", "", "text follows the closing quotation mark of a cell")],
    ),
    "a quotation mark inside": (
        f'{SEATS}\na "x",5\nb,6\n',
        ["b"],
        [(2, "1", "", "a quotation mark stands in a cell without quotation marks around it")],
    ),
    "cells over several lines": (f'{SEATS}\n"a\n""1""",5\nb,x\n', ['a\n"1"'], [(4, "b", "vehicle.seats", "not `x`")]),
    "line ends within a file of CR LF": (f'{SEATS}\r\n"a\nb",5\r\nc,6\r\n', ["a\nb", "c"], []),
    "a carriage return inside": (
        f"{SEATS}\na\rb,5\nc,6\n",
        ["c"],
        [(2, "1", "", "a carriage return stands inside a cell")],
    ),
    "blank lines": (f"{SEATS}\n\na,5\n\n\nb,x\n\n", ["a"], [(6, "b", "vehicle.seats", "not `x`")]),
    "rows of nothing": (f"{SEATS}\n,\na,5\n", ["1", "a"], []),
    "semicolons": ("profile;vehicle.seats\na;5\n", ["a"], []),
    "bars": ("profile|vehicle.seats\na|5\n", ["a"], []),
    "a mark before the header": (b"\xef\xbb\xbfprofile,vehicle.seats\na,5\n", ["a"], []),
    "no line end at the end": (f"{SEATS}\na,5", ["a"], []),
    "a header alone": (f"{SEATS}\n", [], []),
    "one column": ("profile\na\n\nb\n", ["a", "b"], []),
}


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz"])
@pytest.mark.parametrize("kind", ROWS)
def test_every_row_is_judged_or_listed_with_its_line(tmp_path, capsys, kind, name):
    text, judged, left_out = ROWS[kind]
    code, names, rows = fleet(tmp_path, text, name)
    assert code == (1 if left_out and not judged else 0)
    assert names == judged
    assert [(line, profile, column) for line, profile, column, _ in rows] == [row[:3] for row in left_out]
    assert all(wanted[3] in row[3] for wanted, row in zip(left_out, rows, strict=True)), rows
    said = capsys.readouterr().err
    assert f"{len(judged)} judged, {len(left_out)} left out" in said
    assert all(f"line {line}, row " in said for line, *_ in left_out[:3])


REFUSED = {
    "two kinds of line end": (
        f"{SEATS}\r\nvan,5\nbus,40\r\n",
        "t.csv:2:1: mixes line ends: line 1 ends in CR LF, line 2 in LF; save it with one kind",
    ),
    "CR alone": (f"{SEATS}\rvan,5\r", "t.csv:1:1: ends in CR alone"),
    "empty columns": (f"{SEATS},,\nvan,5,,\n", "t.csv:1:1: columns 3, 4 have no name in the header; name or delete"),
    "a line for spreadsheets": (f"sep=;\n{SEATS}\n", "t.csv:1:1: is `sep=;`, which only spreadsheets understand"),
    "a blank first line": (f"\n{SEATS}\n", "t.csv:1:1: is blank, and the first line names the columns"),
    "two delimiters": (
        "profile,vehicle.seats;automation.eyes_off\n",
        "parts the columns by a comma and by a semicolon",
    ),
    "another encoding": (f"{SEATS}\na,5\nM\xfcnchen,5\n".encode("cp1252"), "t.csv:3:1: is not UTF-8 (byte 0xfc) text"),
    "another encoding in the header": ("profile,größe\na,5\n".encode("cp1252"), "t.csv:1:1: is not UTF-8"),
    "two bytes a character": (f"{SEATS}\na,5\n".encode("utf-16"), "t.csv:1:1: is UTF-16, not UTF-8 text; save it as"),
    "two bytes without a mark": (f"{SEATS}\na,5\n".encode("utf-16-le"), "t.csv:1:1: is UTF-16, not UTF-8 text"),
    "another table": (
        f"{SEATS}\na,5\nvehicle.seats,profile\n6,b\n",
        "t.csv:3:1: is another header; two tables stand in the file; split it there",
    ),
    "a column twice": (f"{SEATS},vehicle.seats\n", "the column `vehicle.seats` stands twice in the table"),
    "a column twice, with a blank": (
        f"{SEATS}, vehicle.seats\n",
        "the column `vehicle.seats` stands twice in the table",
    ),
    "an approval by two columns": (
        "profile,approvals.UN-R155,approvals.UN-R155.held\na,none,\n",
        "the columns `approvals.UN-R155` and `approvals.UN-R155.held` say the same fact; keep one of them",
    ),
    "the same in an overlay": (
        "profile,in.DE.approvals.UN-R155.held,in.DE.approvals.UN-R155\na,none,\n",
        "`in.DE.approvals.UN-R155.held` and `in.DE.approvals.UN-R155` say the same fact",
    ),
    "a feature's name with a blank": (
        "features.a b.automation.eyes_off\ntrue\n",
        "the feature name `a b` is not one word",
    ),
    "a header over two lines": ('profile,"odd\n.snow"\n', "t.csv:1:1: "),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_table_says_why_and_where(tmp_path, capsys, monkeypatch, kind):
    monkeypatch.chdir(tmp_path)
    text, says = REFUSED[kind]
    code, names, _ = fleet(Path(), text)
    said = capsys.readouterr().err
    assert (code, names) == (2, None)
    assert says in said
    assert len(said.splitlines()) == 1


def test_a_quotation_mark_after_a_quarter_of_a_million_rows(tmp_path):
    rows = [f"car {number},en" for number in range(250_000)] + ['last,"en,de"']
    code, names, left_out = fleet(tmp_path, "profile,hmi.languages\n" + "\n".join(rows) + "\n")
    assert (code, len(names), names[-1], left_out) == (0, 250_001, "last", [])


def test_rows_over_the_border_of_pieces(tmp_path, monkeypatch):
    """However the file is cut, each row keeps its cells and its line."""
    text = f'{SEATS}\r\n"a, 1",5\r\n\r\nb,"6"\r\nc\r\n"d\n""x""",7\r\ne,"8\r\nf,9'
    wanted = fleet(tmp_path, text)
    assert wanted[1:] == (
        ["a, 1", "b", 'd\n"x"', "f"],
        [(5, "c", "", "has 1 cell, the header 2"), (8, "5", "", "a quotation mark opens a cell and never closes")],
    )
    for size in range(1, 40):
        monkeypatch.setattr("carnet.fleet.texts.PIECE", size)
        assert fleet(tmp_path, text) == wanted, size


CELLS = {
    "blanks do not count": ("vehicle.category", " N1 ", "N1"),
    "truth of a spreadsheet": ("operation.driver_on_board", "TRUE", True),
    "truth with a blank": ("operation.driver_on_board", "No ", False),
    "a unit": ("automation.max_speed_kmh", "40 mph", 64.37376),
    "a day as its midnight": ("operation.start_date", "2027-03-01 00:00:00", "2027-03-01"),
    "a whole number with a point": ("vehicle.seats", "5.0", 5),
    "an exponent": ("vehicle.kerb_mass_kg", "2.5e3", 2500),
    "a set": ("odd.road_types", "urban | motorway", ["urban", "motorway"]),
    "an empty set": ("odd.road_types", "[]", []),
    "an approval": ("approvals.UN-R157", "TRUE", {"held": True}),
    "an approval applied for": ("approvals.UN-R157", "applied", {"state": "applied"}),
    "an approval that is not held": ("approvals.UN-R157", "no", "none"),
}


@pytest.mark.parametrize("kind", CELLS)
def test_a_cell_means_what_it_means_in_a_profile(tmp_path, kind):
    """In CSV, in JSON lines as text, and in SQLite, compared with a base that says the same."""
    path, cell, value = CELLS[kind]
    base = tmp_path / "base.json"
    base.write_text(json.dumps({path: value}))
    (tmp_path / "bare.csv").write_text("profile\na\n")

    def result(table: Path, *options: str):
        out = tmp_path / "out.parquet"
        assert run(["fleet", str(table), "-m", "DE,JP", "--as-of", DAY, "-o", str(out), *options]) == 0
        return pq.read_table(out).to_pylist()

    wanted = result(tmp_path / "bare.csv", "--base", str(base))
    (tmp_path / "t.csv").write_text(f'profile,{path}\na,"{cell}"\n')
    (tmp_path / "t.jsonl").write_text(json.dumps({"profile": "a", path: cell}) + "\n")
    assert result(tmp_path / "t.csv") == wanted
    assert result(tmp_path / "t.jsonl") == wanted
    assert (
        result(tmp_path / "bare.csv") != wanted
        or path in ("operation.start_date", "vehicle.kerb_mass_kg")
        or value == []
    )


DAYS = ("05-06-2027", "13.05.2027", "0227-01-01", "9999-12-31", "2199-01-01", "2027-02-30", "2027-1-1")


@pytest.mark.parametrize("day", DAYS)
def test_a_day_that_cannot_be_read_is_one_bad_row(tmp_path, day):
    for column in ("as_of", "operation.start_date", "approvals.UN-R157.valid_until"):
        code, names, left_out = fleet(tmp_path, f"profile,{column}\na,{day}\nb,2027-03-01\n")
        assert (code, names) == (0, ["b"])
        assert [(line, profile, at) for line, profile, at, _ in left_out] == [(2, "a", column)]


OBJECTS = {
    "neighbours": (
        '{"profile": "US", "automation": {"max_speed_kmh": "40 mph"}}\n{"automation.max_speed_kmh": 60}',
        2,
        [],
    ),
    "a name is text": ('{"profile": "00000000-0000-4000-8000-0000000000AB"}\n{"profile": "10:30"}', 2, []),
    "an empty section": (
        '{"profile": "A", "vehicle": {"seats": 5}, "odd": {}, "approvals": {}, "in": {"DE": {}}}',
        1,
        [],
    ),
    "nothing": ('{"vehicle.seats": null, "vehicle.category": ""}', 1, []),
    "a section that is none": ('{"odd": 5}\n{}', 1, [(1, "odd", "is no mapping")]),
    "one name twice": (
        '{"automation.eyes_off": true, "automation.eyes_off": false}\n{}',
        1,
        [(1, "automation.eyes_off", "stands twice in the row")],
    ),
    "one name nested and flat": (
        '{"automation": {"eyes_off": true}, "automation.eyes_off": true}\n{}',
        1,
        [(1, "automation.eyes_off", "stands twice")],
    ),
    "an approval twice": (
        '{"approvals": {"UN-R155": "none", "UN-R155.held": true}}\n{"approvals.UN-R155.held": true}',
        1,
        [(1, "approvals.UN-R155.held", "is said twice in the row; keep one of them")],
    ),
    "no JSON": ('{"profile": "a"\n{}', 1, [(1, "", "is no JSON: ")]),
    "no object": ("[1]\n{}", 1, [(1, "", "is no JSON object but `[1]`")]),
    "a misspelt name": (
        '{"automation.eyes_of": true}\n{}',
        1,
        [(1, "automation.eyes_of", "did you mean `automation.eyes_off`, ")],
    ),
    "half a character": (
        '{"profile": "\\ud83d"}\n{"profile": "\\ud83d\\ude00"}',
        1,
        [(1, "profile", "half of a character")],
    ),
    "deep": ("[" * 100_000 + "\n{}", 1, [(1, "", "is nested too deeply")]),
    "a thousand digits": ('{"vehicle.seats": ' + "9" * 5000 + "}\n{}", 1, [(1, "", "is no JSON: ")]),
    "a large number": (
        '{"vehicle.kerb_mass_kg": 1' + "0" * 400 + "}\n{}",
        1,
        [(1, "vehicle.kerb_mass_kg", "too large")],
    ),
    "no number": (
        '{"vehicle.kerb_mass_kg": Infinity}\n{"vehicle.kerb_mass_kg": NaN}',
        1,
        [(1, "", "Infinity is no number")],
    ),
    "blank lines": ('\n{"automation.eyes_off": 7}\n\n{}\n', 1, [(2, "automation.eyes_off", "true or false, not `7`")]),
}


@pytest.mark.parametrize("kind", OBJECTS)
def test_each_json_row_is_read_on_its_own(tmp_path, kind):
    text, judged, left_out = OBJECTS[kind]
    code, names, rows = fleet(tmp_path, text, "t.jsonl")
    assert (code, len(names)) == (0, judged)
    assert [(line, column) for line, _, column, _ in rows] == [row[:2] for row in left_out]
    assert all(wanted[2] in row[3] for wanted, row in zip(left_out, rows, strict=True)), rows


def test_json_rows_name_their_markets_themselves(tmp_path, capsys):
    (tmp_path / "t.jsonl").write_text('{"market": "DE"}\n{"profile": "b"}\n')
    assert run(["fleet", str(tmp_path / "t.jsonl"), "-o", str(tmp_path / "out.jsonl")]) == 0
    assert "names no market" in capsys.readouterr().err
    assert run(["fleet", str(tmp_path / "t.jsonl"), "-m", "DE", "-o", str(tmp_path / "out.jsonl")]) == 2
    assert "both the command and the column `market` name markets" in capsys.readouterr().err


def test_a_json_document(tmp_path):
    rows = [{"profile": "a", "automation": {"eyes_off": True}}, {"profile": "b"}, 7]
    code, names, left_out = fleet(tmp_path, json.dumps(rows, indent=1), "t.json")
    assert (code, names) == (0, ["a", "b"])
    assert left_out == [(11, "3", "", 'is no JSON object but `7`; write `{"profile": ...}`')]


@pytest.mark.parametrize("kind", ["a pipe", "a device"])
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files here")
def test_what_is_no_regular_file_is_not_read(tmp_path, capsys, kind):
    table = tmp_path / "t.csv"
    if kind == "a pipe":
        os.mkfifo(table)
    else:
        table.symlink_to("/dev/zero")
    assert run(["fleet", str(table), "-m", "DE", "-o", str(tmp_path / "out.csv")]) == 2
    said = f"the table `{table}` is {kind}, not a regular file; write the table into a file and give that\n"
    assert capsys.readouterr().err == said


def test_a_line_without_end_is_refused(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("carnet.fleet.separated.LONGEST_LINE", 1 << 16)
    monkeypatch.setattr("carnet.fleet.texts.PIECE", 1 << 12)
    assert fleet(tmp_path, f"{SEATS}\n{'x' * (1 << 18)}")[:2] == (2, None)
    assert "line 2 is longer than" in capsys.readouterr().err


def test_rows_that_each_name_something_else_are_read_a_few_at_a_time(tmp_path: Path, monkeypatch) -> None:
    """Every name takes a place in every row of a block: 65,536 rows of a name each took more memory than there was."""
    features = [f"v{n}" for n in range(40)]
    rows = [{"profile": name, "features": {name: {"vehicle": {"seats": 4}}}} for name in features]
    rows.insert(20, {"profile": "odd", "vehicle.seatz": 4})
    text = "".join(f"{json.dumps(row)}\n" for row in rows)
    whole = fleet(tmp_path, text, "t.jsonl")
    monkeypatch.setattr("carnet.fleet.objects.MOST_CELLS", 60)
    assert fleet(tmp_path, text, "t.jsonl") == whole
    assert whole[:2] == (0, features)
    reason = "the column `vehicle.seatz` is no fact; did you mean `vehicle.seats`?"
    assert whole[2] == [(21, "odd", "vehicle.seatz", reason)]


def test_very_many_markets_that_are_none_are_each_told(tmp_path: Path) -> None:
    table, out = tmp_path / "t.csv", tmp_path / "o.csv"
    table.write_text("profile,market\n" + "".join(f"r{n},DEX{n}\n" for n in range(300)), encoding="utf-8")
    assert run(["fleet", str(table), "--as-of", DAY, "-o", str(out)]) == 1
    rejects = list(csv.DictReader((tmp_path / "o.rejects.csv").read_text("utf-8").splitlines()))
    assert [row["reason"].partition(";")[0] for row in rejects] == [f"unknown market `DEX{n}`" for n in range(300)]
