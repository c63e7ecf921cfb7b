# SPDX-License-Identifier: Apache-2.0
"""`carnet fleet`: formats in and out, rows that cannot be used, stopping and going on."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

import duckdb
import pyarrow as pa
import pyarrow.feather
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest
from random_profiles import random_table

from carnet.cli.main import run

DAY = "2026-11-22"
ROWS = [
    {"profile": "a", "odd.max_speed_kmh": 95, "odd.road_types": ["motorway", "urban"], "automation.sae_level": 4},
    {"profile": "b", "odd.max_speed_kmh": None, "odd.road_types": [], "automation.sae_level": None},
    {"profile": "c", "odd.max_speed_kmh": 130.5, "odd.road_types": None, "automation.sae_level": 3},
]


def fleet(table, out, *options, markets=("-m", "DE,JP"), expect=0):
    code = run(["fleet", str(table), *markets, "--as-of", DAY, "-o", str(out), *options])
    assert code == expect
    return out


def csv_rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def rows_of(path):
    return pq.read_table(path).to_pylist()


@pytest.fixture
def reference(tmp_path):
    pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "reference.parquet")
    return rows_of(fleet(tmp_path / "reference.parquet", tmp_path / "reference.out.parquet"))


def write_csv(path):
    path.write_text(
        "profile,odd.max_speed_kmh,odd.road_types,automation.sae_level\n"
        'a,95 km/h,"[motorway, urban]",4\nb,,[],\nc,130.5,,3\n'
    )


def write_tsv(path):
    path.write_text(
        "profile\todd.max_speed_kmh\todd.road_types\tautomation.sae_level\na\t95\tmotorway|urban\t4\nb\t\t[]\t\nc\t130.5\t\t3\n"
    )


def write_lines(path):
    roads = ["motorway", "urban"]
    nested = [
        {"profile": "a", "odd": {"max_speed_kmh": 95, "road_types": roads}, "automation": {"sae_level": 4}},
        {"profile": "b", "odd": {"road_types": []}},
        {"profile": "c", "odd": {"max_speed_kmh": 130.5}, "automation": {"sae_level": 3}},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in nested))


def write_arrow(path):
    pyarrow.feather.write_feather(pa.Table.from_pylist(ROWS), str(path))


def write_stream(path):
    table = pa.Table.from_pylist(ROWS)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, table.schema) as stream:
        stream.write_table(table)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("t.csv", write_csv),
        ("t.tsv", write_tsv),
        ("t.jsonl", write_lines),
        ("t.feather", write_arrow),
        ("t.arrow", write_stream),
    ],
)
def test_every_format_says_the_same(tmp_path, reference, name, write):
    write(tmp_path / name)
    assert rows_of(fleet(tmp_path / name, tmp_path / "out.parquet")) == reference


def test_a_table_of_a_database(tmp_path, reference):
    vehicles = pa.Table.from_pylist(ROWS)  # noqa: F841, DuckDB finds it by its name
    with duckdb.connect(str(tmp_path / "fleet.db")) as connection:
        connection.execute("create table fleet as select * from vehicles")
    assert rows_of(fleet(f"duckdb:{tmp_path}/fleet.db#fleet", tmp_path / "out.parquet")) == reference


def test_a_table_of_sqlite(tmp_path, law):
    with contextlib.closing(sqlite3.connect(tmp_path / "fleet.db")) as connection:
        connection.execute('create table t ("profile" text, "odd.max_speed_kmh", "automation.eyes_off" boolean)')
        connection.executemany(
            "insert into t values (?, ?, ?)", [("a", 95, True), ("b", "80 mph", None), ("c", 1.5, 2)]
        )
        connection.commit()
    assert len(rows_of(fleet(f"sqlite:{tmp_path}/fleet.db#t", tmp_path / "out.parquet"))) == 4
    assert [row["profile"] for row in csv_rows(tmp_path / "out.rejects.csv")] == ["c"]


def test_a_folder_of_files(tmp_path, reference):
    (tmp_path / "in").mkdir()
    for number, row in enumerate(ROWS):
        schema = pa.Table.from_pylist(ROWS).schema
        pq.write_table(pa.Table.from_pylist([row], schema), tmp_path / "in" / f"{number}.parquet")
    out = rows_of(fleet(tmp_path / "in", tmp_path / "out.parquet"))
    assert sorted(out, key=str) == sorted(reference, key=str)


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "arrow"])
def test_every_output_says_the_same(tmp_path, reference, suffix):
    pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "t.parquet")
    out = fleet(tmp_path / "t.parquet", tmp_path / f"out.{suffix}")
    if suffix == "csv":
        rows = csv_rows(out)
        assert [row["outcome"] for row in rows] == [row["outcome"] for row in reference]
        assert [row["blocking"].split("|") for row in rows] == [row["blocking"] or [""] for row in reference]
    elif suffix == "jsonl":
        rows = [json.loads(line) for line in out.read_text().splitlines()]
        assert rows == json.loads(json.dumps(reference, default=str))
    else:
        assert pyarrow.ipc.open_file(out).read_all().to_pylist() == reference


def test_files_say_what_made_them(tmp_path, reference, law):
    about = pq.read_schema(tmp_path / "reference.out.parquet").metadata
    assert about[b"carnet.law_sha256"].decode() == law.sha256
    assert about[b"carnet.evaluator"] == b"columnar"


def test_bad_rows_are_left_out_with_their_reason(tmp_path, capsys):
    (tmp_path / "t.csv").write_text(
        "profile,odd.max_speed_kmh,odd.road_types,automation.sae_level,cyber.csms\n"
        "good,95,motorway,4,\nfast,95 furlongs,motorway,4,\nroad,95,motorwy,4,\nlevel,95,motorway,7,\nhalf,95,,3.5,\n"
    )
    fleet(tmp_path / "t.csv", tmp_path / "out.parquet", "--skip-unknown", markets=("-m", "DE"))
    assert [row["profile"] for row in rows_of(tmp_path / "out.parquet")] == ["good"]
    rejects = csv_rows(tmp_path / "out.rejects.csv")
    assert [(row["row"], row["profile"], row["column"]) for row in rejects] == [
        ("2", "fast", "odd.max_speed_kmh"),
        ("3", "road", "odd.road_types"),
        ("4", "level", "automation.sae_level"),
        ("5", "half", "automation.sae_level"),
    ]
    assert "did you mean `motorway`?" in rejects[1]["reason"]
    assert "4 rows left out" in capsys.readouterr().err


def test_strict_stops_and_leaves_nothing(tmp_path, capsys):
    (tmp_path / "t.csv").write_text("profile,automation.sae_level\na,4\nb,7\n")
    fleet(tmp_path / "t.csv", tmp_path / "out.parquet", "--strict", expect=2)
    assert "row 2 (`b`), column `automation.sae_level`" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_market_and_day_by_row(tmp_path):
    (tmp_path / "t.csv").write_text(
        "profile,market,as_of,automation.sae_level\na,DE,2026-01-01,4\nb,JP,2027-01-01,4\nc,XX,2026-01-01,4\nd,,,4\n"
    )
    assert run(["fleet", str(tmp_path / "t.csv"), "-o", str(tmp_path / "out.jsonl")]) == 0
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [(row["profile"], row["market"], row["as_of"]) for row in rows] == [
        ("a", "DE", "2026-01-01"),
        ("b", "JP", "2027-01-01"),
    ]
    rejects = csv_rows(tmp_path / "out.rejects.csv")
    assert [(row["profile"], row["column"]) for row in rejects] == [("c", "market"), ("d", "market")]


@pytest.mark.parametrize(
    ("header", "options", "says"),
    [
        ("profile,odd.max_sped_kmh", ("-m", "DE"), "did you mean `odd.max_speed_kmh`?"),
        ("profile,approvals.UN-R999.held", ("-m", "DE"), "`approvals.UN-R999.held` is no fact"),
        ("profile", (), "no market is named"),
        ("profile,market", ("-m", "DE"), "both the command and the column `market`"),
        ("profile", ("-m", "DE", "--complete", "cybr"), "did you mean `cyber`?"),
    ],
)
def test_a_table_that_cannot_be_used(tmp_path, capsys, header, options, says):
    (tmp_path / "t.csv").write_text(f"{header}\na{',x' * header.count(',')}\n")
    assert run(["fleet", str(tmp_path / "t.csv"), "-o", str(tmp_path / "out.csv"), *options]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("name", ["absent.parquet", "absent.csv", "text.txt", "broken.parquet", "sqlite:absent.db#t"])
def test_a_table_that_cannot_be_read(tmp_path, capsys, name):
    (tmp_path / "broken.parquet").write_text("not parquet")
    place = name if ":" in name else tmp_path / name
    fleet(place, tmp_path / "out.csv", expect=2)
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_findings_and_summary_agree_with_the_results(tmp_path, law):
    books = [law.rulebook(code, law.as_of) for code in ("DE", "JP")]
    pq.write_table(random_table(law, books, 300, seed=2), tmp_path / "t.parquet")
    also = ("--findings", str(tmp_path / "findings.parquet"), "--summary", str(tmp_path / "summary.csv"))
    fleet(tmp_path / "t.parquet", tmp_path / "out.parquet", *also, "--block", "64")
    results, findings = rows_of(tmp_path / "out.parquet"), rows_of(tmp_path / "findings.parquet")
    for status in ("gap", "undetermined"):
        assert sum(row[status] for row in results) == sum(row["status"] == status for row in findings)
    closing = sorted((r["profile"], r["market"], rule) for r in results for rule in r["blocking"])
    assert closing == sorted(
        (f["profile"], f["market"], f["rule"]) for f in findings if (f["status"], f["severity"]) == ("gap", "blocking")
    )
    summary = csv_rows(tmp_path / "summary.csv")
    totals = {(row["market"], row["rule"], row["status"]): int(row["profiles"]) for row in summary}
    for market in ("DE", "JP"):
        closed = sum(row["market"] == market and row["outcome"] == "closed" for row in results)
        assert totals[market, "", "closed"] == closed
        gaps = sum(number for (code, rule, status), number in totals.items() if (code, status) == (market, "gap"))
        assert gaps == sum(row["gap"] for row in results if row["market"] == market)


def test_threads_and_blocks_change_nothing(tmp_path, law):
    pq.write_table(random_table(law, [law.rulebook("DE", law.as_of)], 1000, seed=3), tmp_path / "t.parquet")
    markets = ("-m", "DE")
    one = fleet(tmp_path / "t.parquet", tmp_path / "one.parquet", "--threads", "1", markets=markets)
    split = ("--threads", "4", "--block", "64")
    many = fleet(tmp_path / "t.parquet", tmp_path / "many.parquet", *split, markets=markets)
    assert rows_of(one) == rows_of(many)


def test_a_folder_is_resumed(tmp_path, law):
    pq.write_table(random_table(law, [law.rulebook("DE", law.as_of)], 300, seed=3), tmp_path / "t.parquet")
    whole = rows_of(fleet(tmp_path / "t.parquet", tmp_path / "whole.parquet", "--block", "64"))
    fleet(tmp_path / "t.parquet", tmp_path / "out", "--block", "64")
    untouched = (tmp_path / "out" / "results-000000.parquet").stat().st_mtime_ns
    (tmp_path / "out" / "block-000002.json").unlink()
    (tmp_path / "out" / "results-000002.parquet").unlink()
    fleet(tmp_path / "t.parquet", tmp_path / "out", "--block", "64")
    assert (tmp_path / "out" / "results-000000.parquet").stat().st_mtime_ns == untouched
    parts = sorted((tmp_path / "out").glob("results-*.parquet"))
    assert [row for part in parts for row in rows_of(part)] == whole


def test_a_folder_of_another_run_is_refused(tmp_path, capsys):
    write_csv(tmp_path / "t.csv")
    fleet(tmp_path / "t.csv", tmp_path / "out")
    fleet(tmp_path / "t.csv", tmp_path / "out", markets=("-m", "DE"), expect=2)
    assert "was made from another table, law or options" in capsys.readouterr().err


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_stopped_run_leaves_no_half_written_file(tmp_path, law, how):
    table = random_table(law, [law.rulebook(code, law.as_of) for code in law.markets()], 3000, seed=5)
    pq.write_table(table, tmp_path / "t.parquet")
    command = ["fleet", str(tmp_path / "t.parquet"), "--all", "--as-of", DAY, "-o", str(tmp_path / "out.parquet")]
    process = subprocess.Popen(
        [sys.executable, "-m", "carnet", *command, "--block", "64"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 60
    while not (tmp_path / ".out.parquet.part").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(how)
    _, said = process.communicate(timeout=60)
    assert process.returncode == {signal.SIGKILL: -9}.get(how, 130)
    assert not (tmp_path / "out.parquet").exists()
    assert how is signal.SIGKILL or (said.strip(), list(tmp_path.glob(".*"))) == (b"interrupted", [])
