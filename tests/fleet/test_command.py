# SPDX-License-Identifier: Apache-2.0
"""`carnet fleet`: formats in and out, rows that cannot be used, stopping and going on."""

from __future__ import annotations

import contextlib
import csv
import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest
from random_profiles import random_table

from carnet.cli.main import run

EXAMPLES = Path(__file__).parents[2] / "examples"
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


def write_zipped(path):
    write_csv(path.with_suffix(""))
    path.write_bytes(gzip.compress(path.with_suffix("").read_bytes()))


def write_texts(path):
    roads = ["[motorway, urban]", "[]", None]
    texts = {
        "odd.max_speed_kmh": ["95 km/h", None, "130.5"],
        "odd.road_types": roads,
        "automation.sae_level": ["4", None, "3"],
    }
    pq.write_table(pa.table({"profile": ["a", "b", "c"], **texts}), path)


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
        ("t.csv.gz", write_zipped),
        ("t.tsv", write_tsv),
        ("t.parquet", write_texts),
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
    told = capsys.readouterr().err
    assert "4 rows left out" in told
    assert "1 column that is no fact left out: `cyber.csms`\n" in told


@pytest.mark.parametrize("name", ["t.csv", "t.jsonl"])
def test_columns_that_are_left_out_are_named(tmp_path, capsys, name):
    """Also the one that was meant to name the rows, which are called by their numbers then."""
    rows = [{"name": "Comet", "vehicle.seats": 4, **{f"own_{n}": "x" for n in range(9)}}]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    if name == "t.csv":
        text = "".join(f"{','.join(map(str, line))}\n" for line in (rows[0], rows[0].values()))
    (tmp_path / name).write_text(text)
    fleet(tmp_path / name, tmp_path / "out.parquet", "--skip-unknown", markets=("-m", "DE"))
    assert [row["profile"] for row in rows_of(tmp_path / "out.parquet")] == ["1"]
    first = ", ".join(f"`own_{n}`" for n in range(7))
    assert f"10 columns that are no facts left out: `name`, {first} and 2 more\n" in capsys.readouterr().err


def test_strict_stops_and_leaves_nothing(tmp_path, capsys):
    (tmp_path / "t.csv").write_text("profile,automation.sae_level\na,4\nb,7\n")
    fleet(tmp_path / "t.csv", tmp_path / "out.parquet", "--strict", expect=2)
    assert "line 3, row 2 (`b`), column `automation.sae_level`" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_market_and_day_by_row(tmp_path):
    (tmp_path / "t.csv").write_text(
        "profile,market,as_of,automation.sae_level\n"
        "a,DE,2026-01-01,4\nb, jp,2027-01-01,4\nc,Germany,2026-01-01,4\nd,,,4\ne,EU,,4\nf,  ,,4\n"
    )
    assert run(["fleet", str(tmp_path / "t.csv"), "-o", str(tmp_path / "out.jsonl")]) == 0
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [(row["profile"], row["market"], row["as_of"]) for row in rows] == [
        ("a", "DE", "2026-01-01"),
        ("b", "JP", "2027-01-01"),
    ]
    rejects = csv_rows(tmp_path / "out.rejects.csv")
    nothing = "names no market; give one or leave the column out"
    assert [(row["profile"], row["column"], row["reason"]) for row in rejects] == [
        ("c", "market", "unknown market `Germany`; did you mean `DE`?"),
        ("d", "market", nothing),
        ("e", "market", "`EU` is no market of its own; see `carnet markets`"),
        ("f", "market", nothing),
    ]


@pytest.mark.parametrize(
    ("header", "options", "says"),
    [
        ("profile,odd.max_sped_kmh", ("-m", "DE"), "did you mean `odd.max_speed_kmh`?"),
        ("profile,approvals.UN-R999.held", ("-m", "DE"), "`approvals.UN-R999.held` is no fact"),
        ("profile,in.XX.odd.max_speed_kmh", ("-m", "DE"), "names an unknown jurisdiction `XX`; see `carnet markets`"),
        ("profile,in.de.odd.max_speed_kmh", ("-m", "DE"), "did you mean `DE`?"),
        ("profile,in.DE", ("-m", "DE"), "the column `in.DE` is no fact; write `in.<jurisdiction>.<fact>`"),
        ("profile,features.pilot", ("-m", "DE"), "is no fact; write `features.<name>.<fact>`"),
        ("profile,approvals.UN-R157.serie", ("-m", "DE"), "did you mean `approvals.UN-R157.series`?"),
        (
            "profile,odd.area,odd.area",
            ("-m", "DE"),
            "the column `odd.area` stands twice in the table; keep one of them",
        ),
        (",".join(f"features.f{number}.odd.area" for number in range(51)), ("-m", "DE"), "more than 50 features"),
        ("profile", ("-m", "DE", "--as-of", "2027-01-01,soon"), "`soon` is not a date"),
        ("profile", (), "no market is named"),
        ("profile,market", ("-m", "DE"), "both the command and the column `market`"),
        ("profile", ("-m", "DE", "--complete", "cybr"), "did you mean `cyber`?"),
    ],
)
def test_a_table_that_cannot_be_used(tmp_path, capsys, header, options, says):
    (tmp_path / "t.csv").write_text(f"{header}\na{',x' * header.count(',')}\n")
    assert run(["fleet", str(tmp_path / "t.csv"), "-o", str(tmp_path / "out.csv"), *options]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("absent.parquet", "cannot read the table `absent.parquet`"),
        ("absent.csv", "cannot read the table `absent.csv`: there is no such file; check the path"),
        ("empty.csv", "the table `empty.csv` is empty; its first row names the columns"),
        ("nothing", "cannot read the table `nothing`"),
        ("text.txt", "cannot tell the format of `text.txt`; give Parquet, CSV"),
        ("broken.parquet", "cannot read the table `broken.parquet`"),
        ("mixed", "`mixed/2.parquet` has other columns than `mixed/1.parquet`; read them as two tables"),
        ("sqlite:absent.db#t", "there is no database `absent.db`; check the path before the `#`"),
        ("sqlite:absent.db", "`sqlite:absent.db` names no table; write `sqlite:<database>#<table>`"),
    ],
)
def test_a_table_that_cannot_be_read(tmp_path, capsys, monkeypatch, name, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.parquet").write_text("not parquet")
    (tmp_path / "empty.csv").touch()
    for folder in ("mixed", "nothing"):
        (tmp_path / folder).mkdir()
    for number, column in ((1, "odd.max_speed_kmh"), (2, "odd.rain")):
        pq.write_table(pa.table({column: [95.0]}), tmp_path / "mixed" / f"{number}.parquet")
    fleet(name, "out.csv", expect=2)
    said = capsys.readouterr().err
    assert said.startswith(says)
    assert len(said.strip().splitlines()) == 1
    assert not (tmp_path / "out.csv").exists()


def test_a_table_without_rows(tmp_path, reference):
    pq.write_table(pa.Table.from_pylist(ROWS).slice(0, 0), tmp_path / "t.parquet")
    out = pq.read_table(fleet(tmp_path / "t.parquet", tmp_path / "out.parquet"))
    assert (out.num_rows, out.column_names) == (0, list(reference[0]))


def test_an_output_of_no_known_format(tmp_path, capsys):
    write_csv(tmp_path / "t.csv")
    fleet(tmp_path / "t.csv", tmp_path / "out.xlsx", expect=2)
    said = f"cannot tell the format of `{tmp_path}/out.xlsx`; end it in .parquet, .csv, .jsonl, .arrow\n"
    assert capsys.readouterr().err == said


def test_approvals_by_a_column_of_their_own(tmp_path):
    """`held` and `none` say what true and false do, in Parquet as in CSV; anything else is refused."""
    plain = pa.table({"profile": ["a", "b", "c"], "approvals.UN-R157.held": pa.array([True, False, None])})
    words = pa.table({"profile": ["a", "b", "c"], "approvals.UN-R157": ["held", "none", None]})
    pq.write_table(plain, tmp_path / "plain.parquet")
    pq.write_table(words, tmp_path / "words.parquet")
    pyarrow.csv.write_csv(words, tmp_path / "words.csv")
    expected = rows_of(fleet(tmp_path / "plain.parquet", tmp_path / "plain.out.parquet"))
    for name in ("words.parquet", "words.csv"):
        assert rows_of(fleet(tmp_path / name, tmp_path / "out.parquet")) == expected, name
    (tmp_path / "words.csv").write_text("profile,approvals.UN-R157\na,granted\n")
    fleet(tmp_path / "words.csv", tmp_path / "out.parquet", expect=1)
    (reject,) = csv_rows(tmp_path / "out.rejects.csv")
    reason = "is in no state that an approval can have; write `held`, `applied` or `none`"
    assert (reject["column"], reject["reason"]) == ("approvals.UN-R157", reason)


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
    assert {row["as_of"] for row in summary} == {DAY}
    assert {(row["title"], row["severity"]) for row in summary if not row["rule"]} == {("", "")}
    assert all(row["title"] and row["severity"] for row in summary if row["rule"])
    gaps = [row for row in summary if (row["market"], row["status"]) == ("DE", "gap")]
    assert [int(row["profiles"]) for row in gaps] == sorted((int(row["profiles"]) for row in gaps), reverse=True)
    for market in ("DE", "JP"):
        closed = sum(row["market"] == market and row["outcome"] == "closed" for row in results)
        assert totals.get((market, "", "closed"), 0) == closed
        gaps = sum(number for (code, rule, status), number in totals.items() if (code, status) == (market, "gap"))
        assert gaps == sum(row["gap"] for row in results if row["market"] == market)


def test_threads_and_blocks_change_nothing(tmp_path, law):
    pq.write_table(random_table(law, [law.rulebook("DE", law.as_of)], 1000, seed=3), tmp_path / "t.parquet")
    markets = ("-m", "DE")
    one = fleet(tmp_path / "t.parquet", tmp_path / "one.parquet", "--threads", "1", markets=markets)
    split = ("--threads", "4", "--block", "64")
    many = fleet(tmp_path / "t.parquet", tmp_path / "many.parquet", *split, markets=markets)
    assert sorted(rows_of(one), key=str) == sorted(rows_of(many), key=str)


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


def test_a_folder_with_other_files_is_refused(tmp_path, capsys):
    write_csv(tmp_path / "t.csv")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("mine")
    fleet(tmp_path / "t.csv", tmp_path / "out", expect=2)
    said = f"the folder `{tmp_path}/out` holds other files; give an empty or new folder\n"
    assert capsys.readouterr().err == said
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["letter.txt"]


def test_a_folder_holds_the_findings_too(tmp_path):
    write_csv(tmp_path / "t.csv")
    fleet(tmp_path / "t.csv", tmp_path / "one.parquet", "--findings", str(tmp_path / "findings.parquet"))
    fleet(tmp_path / "t.csv", tmp_path / "with-out", "--findings", str(tmp_path / "with-out"))
    fleet(tmp_path / "t.csv", tmp_path / "out", "--findings", str(tmp_path / "apart"))
    wanted = rows_of(tmp_path / "findings.parquet")
    for folder in ("with-out", "apart"):
        assert rows_of(tmp_path / folder / "findings-000000.parquet") == wanted
    assert not list((tmp_path / "out").glob("findings*"))


def test_a_polite_kill_ends_a_run_as_an_interrupt_does(tmp_path, capsys, monkeypatch):
    write_csv(tmp_path / "t.csv")
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr("carnet.cli.fleet_run.run", lambda *args: os.kill(os.getpid(), signal.SIGTERM))
    fleet(tmp_path / "t.csv", tmp_path / "out.parquet", expect=130)
    assert capsys.readouterr().err.strip() == "interrupted"
    assert signal.getsignal(signal.SIGTERM) is before
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_a_cluster_needs_its_extra(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "carnet.fleet.spark", None)
    fleet(tmp_path / "t.parquet", tmp_path / "out", "--engine", "local[1]", expect=2)
    said = "`carnet fleet --engine` needs the extra `spark`; pip install 'carnet-law[spark]'\n"
    assert capsys.readouterr().err == said


@pytest.fixture
def interruptible():
    """A process started in the background ignores Ctrl-C, and so do those that it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
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
    deadline = time.monotonic() + 300  # a machine under load compiles the law for a minute
    while not (started := (tmp_path / ".out.parquet.part").exists()) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(how)
    _, said = process.communicate(timeout=60)
    assert started, said
    assert process.returncode == {signal.SIGKILL: -9}.get(how, 130)
    assert not (tmp_path / "out.parquet").exists()
    assert how is signal.SIGKILL or (said.strip(), list(tmp_path.glob(".*"))) == (b"interrupted", [])


def test_several_days_in_one_run(tmp_path, capsys):
    write_csv(tmp_path / "t.csv")
    summary = tmp_path / "summary.csv"
    days = ("--as-of", "2026-01-01,2027-01-01", "--summary", str(summary))
    rows = rows_of(fleet(tmp_path / "t.csv", tmp_path / "out.parquet", *days, markets=("-m", "DE")))
    wanted = sorted((name, day) for name in "abc" for day in ("2026-01-01", DAY, "2027-01-01"))
    assert sorted((row["profile"], str(row["as_of"])) for row in rows) == wanted
    assert capsys.readouterr().err.startswith("3 profiles, 1 market, 3 days: ")
    assert {row["as_of"] for row in csv_rows(summary)} == {"2026-01-01", DAY, "2027-01-01"}


def test_a_profile_under_the_table(tmp_path, capsys):
    """The example: releases of a saloon, one of which raises a speed that the certificate does not cover."""
    out = tmp_path / "out.jsonl"
    command = ["fleet", str(EXAMPLES / "fleet.csv"), "--base", str(EXAMPLES / "sedan-l3.yaml"), "-m", "DE,FR,CH,JP"]
    assert run([*command, "-o", str(out)]) == 0
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert capsys.readouterr().err.startswith("20 profiles, 4 markets: ")
    fast = [row for row in rows if row["profile"] == "estate 2028.1" and row["market"] == "DE"]
    assert [(row["outcome"], row["blocking"]) for row in fast] == [
        ("closed", ["unece.r157.series-speed.certified-speed"])
    ]


WITHOUT = "import sys; sys.modules.update(dict.fromkeys(('pyarrow', 'duckdb', 'numpy'))); import carnet.cli.main as m"


def test_help_needs_no_extra():
    """In a process of its own, where the libraries of the extra are missing."""

    def said(*args):
        code = f"{WITHOUT}; sys.exit(m.run({list(args)!r}))"
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr

    code, text = said("fleet", "--help")
    assert (code, "TABLE is a Parquet, CSV" in text) == (0, True)
    needed = "`carnet fleet` needs the extra `fleet`; pip install 'carnet-law[fleet]'\n"
    assert said("fleet", "t.csv", "-m", "DE", "-o", "out.csv") == (2, needed)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("-o", "t.csv"), "t.csv` would be written over by this run; give each file a name of its own"),
        (("-o", "out.csv", "--findings", "out.csv"), "out.csv` would be written over by this run"),
        (("-o", "out.csv", "--summary", "out.rejects.csv"), "out.rejects.csv` would be written over by this run"),
        (("-o", "out", "--findings", "f.csv"), "`-o` names a folder and `--findings` a file; name two files or two"),
        (("-o", "out.csv", "--findings", "f"), "`--findings` names a folder and `-o` a file"),
        (("-o", "t.csv/out.csv"), "cannot write `t.csv/out.csv`: File exists; free space or choose another place"),
        (("-o", "t.csv/out"), "cannot write `t.csv/out`: Not a directory"),
    ],
)
def test_where_nothing_can_be_written(tmp_path, capsys, monkeypatch, options, says):
    monkeypatch.chdir(tmp_path)
    write_csv(tmp_path / "t.csv")
    before = (tmp_path / "t.csv").read_text()
    assert run(["fleet", "t.csv", "-m", "DE", *options]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert len(said.splitlines()) == 1
    assert (tmp_path / "t.csv").read_text() == before


def test_a_full_disk(tmp_path, capsys, monkeypatch):
    def full(*args):
        raise OSError("Error writing bytes to file. Detail: [errno 28] No space left on device")

    write_csv(tmp_path / "t.csv")
    monkeypatch.setattr("carnet.fleet.sinks._Lines.write_batch", full)
    fleet(tmp_path / "t.csv", tmp_path / "out.jsonl", expect=2)
    said = f"cannot write `{tmp_path}/out.jsonl`: No space left on device; free space or choose another place\n"
    assert capsys.readouterr().err == said
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_files_whose_types_differ(tmp_path):
    """Whole numbers in one file, fractions or nothing in another; texts with or without dictionaries."""
    tables = [
        {"profile": ["a"], "odd.max_speed_kmh": [95], "vehicle.category": ["M1"], "odd.road_types": [["urban"]]},
        {"profile": ["b"], "odd.max_speed_kmh": [95.5], "vehicle.category": pa.array(["N1"]).dictionary_encode()},
        {"profile": ["c"], "vehicle.category": pa.nulls(1), "odd.max_speed_kmh": pa.array([Decimal("9.5")])},
    ]
    sets = pa.large_list(pa.string())
    for number, columns in enumerate(tables):
        columns.setdefault("odd.road_types", pa.array([["rural", "urban"]], sets) if number == 1 else pa.nulls(1))
        pq.write_table(pa.table(columns), tmp_path / f"{number}.parquet")
    rows = [row for number in range(3) for row in pq.read_table(tmp_path / f"{number}.parquet").to_pylist()]
    rows = [{**row, "odd.max_speed_kmh": float(row["odd.max_speed_kmh"])} for row in rows]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "whole.parquet")
    wanted = rows_of(fleet(tmp_path / "whole.parquet", tmp_path / "whole.out.parquet"))
    assert rows_of(fleet(f"{tmp_path}/[0-2].parquet", tmp_path / "out.parquet")) == wanted


def test_a_run_stopped_while_its_file_is_opened_leaves_none(tmp_path, monkeypatch):
    def stopped(stream, *args):
        stream.write(b"half")
        raise KeyboardInterrupt

    write_csv(tmp_path / "t.csv")
    monkeypatch.setattr("carnet.fleet.sinks._open", stopped)
    fleet(tmp_path / "t.csv", tmp_path / "out.parquet", expect=130)
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_what_cannot_be_written_is_refused_before_anything_is_read(tmp_path, capsys):
    """A summary without a format failed at the end of the run, with the rows left out of it already written."""
    (tmp_path / "t.csv").write_text("profile,vehicle.seats\na,4\nb,x\n")
    table, out = str(tmp_path / "t.csv"), str(tmp_path / "out.csv")
    for option in ("--summary", "--rejects"):
        assert run(["fleet", table, "-m", "DE", "-o", out, option, str(tmp_path / "other")]) == 2
        assert "other`; end it in .parquet, .csv, .jsonl, .arrow" in capsys.readouterr().err
    (tmp_path / "file").write_text("mine")
    assert run(["fleet", table, "-m", "DE", "-o", str(tmp_path / "file")]) == 2
    assert "is no folder, as a name without an ending is; end it in .parquet" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "t.csv"]
