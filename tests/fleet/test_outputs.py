# SPDX-License-Identifier: Apache-2.0
"""What a fleet writes: finished means complete, nothing that is read is written over, and no cell runs anything."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from carnet.cli.fleet_run import _not_among_packs
from carnet.cli.main import run
from carnet.errors import InputError
from carnet.fleet.whole import WholeFile, write_whole
from carnet.law.locate import bundled_law

DAY = "2026-11-22"
NAMES = [
    "=cmd()",
    "\x1b[31mred",
    "\u202etxt.exe",
    "+49",
    "-1",
    "@x",
    " =1",
    "München",
    "a, b",
    'say "so"',
    " x ",
    "10:30",
]


def fleet(*arguments: object, expect: int = 0) -> None:
    assert run(["fleet", *map(str, arguments), "-m", "DE", "--as-of", DAY]) == expect


@pytest.fixture
def table(tmp_path: Path) -> Path:
    pq.write_table(pa.table({"profile": NAMES, "vehicle.seats": list(range(len(NAMES)))}), tmp_path / "t.parquet")
    return tmp_path / "t.parquet"


def test_names_come_back_exactly_but_in_spreadsheets(tmp_path, capsys, table):
    fleet(table, "-o", tmp_path / "o.parquet")
    assert pq.read_table(tmp_path / "o.parquet").column("profile").to_pylist() == NAMES
    with pa.ipc.open_file(_written(table, tmp_path / "o.arrow")) as file:
        assert file.read_all().column("profile").to_pylist() == NAMES
    lines = _written(table, tmp_path / "o.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["profile"] for line in lines] == NAMES
    assert all(line.isprintable() for line in lines)
    capsys.readouterr()
    rows = list(csv.DictReader(_written(table, tmp_path / "o.csv").read_text("utf-8").splitlines()))
    changed = ["'=cmd()", " [31mred", " txt.exe", "'+49", "'-1", "'@x", "' =1"]
    assert [row["profile"] for row in rows] == [*changed, *NAMES[7:]]
    said = capsys.readouterr().err
    assert f"7 cells of {tmp_path}/o.csv changed: with an apostrophe before what a spreadsheet would run" in said


def _written(table: Path, out: Path) -> Path:
    fleet(table, "-o", out)
    return out


@pytest.mark.parametrize("option", ["-o", "--findings", "--summary", "--rejects"])
@pytest.mark.parametrize("name", ["-", " "])
def test_a_fleet_writes_to_files(tmp_path, capsys, monkeypatch, table, option, name):
    monkeypatch.chdir(tmp_path)
    more = () if option == "-o" else ("-o", "o.csv")
    fleet(table, *more, option, name, expect=2)
    assert f"`{option} {name}` names no file" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["t.parquet"]


@pytest.mark.parametrize("option", ["-o", "--findings", "--summary", "--rejects"])
@pytest.mark.parametrize("link", ["same", "symbolic", "hard"])
def test_what_is_read_is_not_written_over(tmp_path, capsys, option, link):
    base = tmp_path / "base.csv"
    base.write_text("name: a profile\n")
    (tmp_path / "t.csv").write_text("profile\na\n")
    for read in (base, tmp_path / "t.csv"):
        out = read
        if link != "same":
            out = tmp_path / f"{read.stem}-{link}.csv"
            out.symlink_to(read) if link == "symbolic" else out.hardlink_to(read)
        before = read.read_bytes()
        more = () if option == "-o" else ("-o", tmp_path / "o.csv")
        fleet(tmp_path / "t.csv", "--base", base, *more, option, out, expect=2)
        assert "would be written over by this run" in capsys.readouterr().err
        assert read.read_bytes() == before


@pytest.mark.parametrize("folder", ["bundled", "own"])
def test_nothing_is_written_among_packs(tmp_path, folder):
    law = bundled_law() if folder == "bundled" else tmp_path
    with pytest.raises(InputError, match="lies among packs of law and is not written"):
        _not_among_packs([tmp_path / "o.csv", Path(str(law), "jurisdictions", "DE", "o.csv")], [str(tmp_path)])


@pytest.fixture
def folder(tmp_path: Path, table: Path) -> Path:
    big = pa.concat_tables([pq.read_table(table)] * 20)
    pq.write_table(big, table)
    fleet(table, "-o", tmp_path / "out", "--findings", tmp_path / "out", "--block", "64")
    return tmp_path / "out"


def again(table: Path, folder: Path, expect: int = 0) -> None:
    fleet(table, "-o", folder, "--findings", folder, "--block", "64", expect=expect)


DAMAGES = {
    "a file cut short": lambda folder: _cut(folder / "results-000001.parquet"),
    "a file of other rows": lambda folder: (folder / "results-000001.parquet").write_bytes(
        (folder / "results-000000.parquet").read_bytes()
    ),
    "a file that is gone": lambda folder: (folder / "findings-000001.parquet").unlink(),
    "a note that is no note": lambda folder: (folder / "block-000001.json").write_text("{"),
    "a note of nothing": lambda folder: (folder / "block-000001.json").write_text("[]"),
}


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_block_is_made_again(capsys, table, folder, damage):
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert json.loads(whole["manifest.json"])["blocks"] == 4
    DAMAGES[damage](folder)
    capsys.readouterr()
    again(table, folder)
    assert "(3 blocks of it from an earlier run, 1 block damaged there and made again)" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == whole


def test_rows_that_changed_are_refused(capsys, table, folder, monkeypatch):
    """Also where name, size and time of the table say that it has not."""
    monkeypatch.setattr("carnet.fleet.tables.state", lambda files: "the same")
    changed = pq.read_table(table)
    again(table, folder, expect=2)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["made_from"]["table"] = "the same"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    again(table, folder)
    seats = [*range(changed.num_rows - 1), 7]
    pq.write_table(changed.set_column(1, "vehicle.seats", pa.array(seats)), table)
    capsys.readouterr()
    again(table, folder, expect=2)
    assert "of the table have changed since" in capsys.readouterr().err


def test_files_of_no_block_are_refused(capsys, table, folder):
    (folder / "results-000009.parquet").write_bytes((folder / "results-000000.parquet").read_bytes())
    again(table, folder, expect=2)
    assert "belongs to no block of the table; remove it" in capsys.readouterr().err


def test_a_damaged_manifest_is_refused(capsys, table, folder):
    (folder / "manifest.json").write_text("{")
    again(table, folder, expect=2)
    assert "is damaged; give another folder" in capsys.readouterr().err


def test_findings_go_into_no_folder_of_others(tmp_path, capsys, table):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "findings-000000.parquet").write_text("theirs")
    fleet(table, "-o", tmp_path / "out", "--findings", tmp_path / "theirs", expect=2)
    assert "holds other files" in capsys.readouterr().err
    assert (tmp_path / "theirs" / "findings-000000.parquet").read_text() == "theirs"


def test_a_run_in_which_every_row_is_left_out(tmp_path, capsys):
    (tmp_path / "t.csv").write_text("profile,vehicle.category\na,PKW\nb,LKW\n")
    fleet(tmp_path / "t.csv", "-o", tmp_path / "o.csv", expect=1)
    said = capsys.readouterr().err
    assert "2 rows read in 3 lines: 0 judged, 2 left out" in said
    assert "  line 2, row 1 (`a`), column `vehicle.category`: `vehicle.category` cannot be `PKW`" in said


def test_counts_that_do_not_agree_stop_the_run(tmp_path, capsys, monkeypatch):
    (tmp_path / "t.csv").write_text("profile\na\nb\n")
    monkeypatch.setattr("carnet.fleet.table.Table.blocks", lambda self, size: (b.slice(1) for b in self.reader))
    fleet(tmp_path / "t.csv", "-o", tmp_path / "o.csv", expect=2)
    assert "the table was not assessed as a whole: 2 rows read, 1 assessed" in capsys.readouterr().err
    assert not (tmp_path / "o.csv").exists()


def test_two_runs_do_not_write_one_file(tmp_path):
    first = WholeFile(tmp_path / "o.csv")
    with pytest.raises(InputError, match="another run is writing"):
        WholeFile(tmp_path / "o.csv")
    first.stream.write(b"first")
    first.commit()
    first.discard()
    assert (tmp_path / "o.csv").read_bytes() == b"first"


def test_a_file_beside_is_nobody_elses(tmp_path):
    """A planted link under the name of the file beside is not followed."""
    theirs = tmp_path / "theirs"
    theirs.write_text("theirs")
    for plant in (lambda part: part.symlink_to(theirs), lambda part: part.hardlink_to(theirs)):
        plant(tmp_path / ".o.json.part")
        write_whole(tmp_path / "o.json", b"ours")
        assert (theirs.read_text(), (tmp_path / "o.json").read_bytes()) == ("theirs", b"ours")
        assert not (tmp_path / "o.json").is_symlink()
