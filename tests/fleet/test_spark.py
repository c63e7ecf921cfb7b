# SPDX-License-Identifier: Apache-2.0
"""The kernel on Spark says what it says on one machine.

The cluster (a master and two workers) takes a minute to come up: CARNET_SPARK_TESTS=1 runs it.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from random_profiles import random_table

from carnet.cli.main import run

pyspark = pytest.importorskip("pyspark")

DAY = dt.date(2026, 11, 22)
MARKETS = ("DE", "JP", "AE-DU")


def expected(tmp_path):
    code = run(["fleet", str(tmp_path / "t.parquet"), *OPTIONS, "-o", str(tmp_path / "one.parquet")])
    assert code == 0
    return by_profile(pq.read_table(tmp_path / "one.parquet"))


OPTIONS = ("-m", ",".join(MARKETS), "--as-of", str(DAY))


def by_profile(table):
    return sorted(table.to_pylist(), key=lambda row: (row["profile"], row["market"]))


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning")
def test_batches_of_a_partition(tmp_path, law):
    from carnet.fleet.job import Job
    from carnet.fleet.run import BadRow
    from carnet.fleet.spark import assess_batches

    table = random_table(law, [law.rulebook(code, DAY) for code in MARKETS], 200, seed=6)
    pq.write_table(table, tmp_path / "t.parquet")
    job = Job(law, MARKETS, False, (DAY,), DAY, findings=True, summary=True)
    wrong = table.slice(0, 1).set_column(0, "profile", pa.array(["wrong"])).append_column("as_of", pa.array(["soon"]))
    wrong = wrong.append_column("carnet_file", pa.array(["t.csv"]))
    batches = [*table.to_batches(64), *wrong.to_batches()]
    parts = list(assess_batches(job, iter(batches)))
    found = pa.Table.from_batches(parts)
    results = of_kind(found, "result")
    wanted = expected(tmp_path)
    assert by_profile(results.select(list(wanted[0]))) == wanted
    assert set(found["kind"].to_pylist()) == {"result", "finding", "reject", "count"}
    rejects = of_kind(found, "reject").select(["file", "row", "profile", "column", "reason"]).to_pylist()
    reason = "`as_of` is a date, not `soon`; write it as year-month-day, such as `2027-01-31`"
    assert rejects == [{"file": "t.csv", "row": None, "profile": "wrong", "column": "as_of", "reason": reason}]
    with pytest.raises(BadRow, match=r"t.csv row None \(`wrong`\), column `as_of`"):
        list(assess_batches(job, iter(batches), strict=True))


def of_kind(table, kind):
    return table.filter(pa.compute.equal(table["kind"], kind))


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("java"), reason="Spark needs Java")
@pytest.mark.filterwarnings("ignore")
def test_one_machine_of_a_cluster(tmp_path, law, capfd):
    """A table of texts goes through Spark's own reader: results, findings and what was left out in one folder."""
    rows = [("a", "95 km/h", "4"), ("b", "", "7"), ("c", "130.5", "3")]
    lines = ["profile,odd.max_speed_kmh,automation.sae_level", *(",".join(row) for row in rows)]
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n")
    alone = ["fleet", str(tmp_path / "t.csv"), *OPTIONS, "--findings", str(tmp_path / "findings.parquet")]
    here, there = ([*alone, "--summary", str(tmp_path / f"{name}.csv")] for name in ("here", "there"))
    assert run([*here, "-o", str(tmp_path / "one.parquet")]) == 0
    said = capfd.readouterr().err.splitlines()[1:]
    assert run([*there, "-o", str(tmp_path / "out"), "--engine", "local[1]"]) == 0
    last = capfd.readouterr().err.splitlines()[-4:]
    counts = "3 rows read: 2 judged, 1 left out"
    left_out = f"1 row left out: {tmp_path}/out/kind=reject"
    assert last == [f"2 profiles, 3 markets: {tmp_path}/out", said[0], counts, left_out]
    assert (tmp_path / "here.csv").read_text() == (tmp_path / "there.csv").read_text()
    found = pq.read_table(tmp_path / "out", partitioning="hive")
    for kind, name in (("result", "one"), ("finding", "findings")):
        wanted = pq.read_table(tmp_path / f"{name}.parquet")
        part = of_kind(found, kind).select(wanted.column_names)
        assert sorted(part.to_pylist(), key=str) == sorted(wanted.to_pylist(), key=str)
    rejects = of_kind(found, "reject").select(["file", "profile", "column"]).to_pylist()
    assert rejects == [{"file": "t.csv", "profile": "b", "column": "automation.sae_level"}]


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("java"), reason="Spark needs Java")
@pytest.mark.filterwarnings("ignore")
def test_the_first_bad_row_stops_a_strict_run(tmp_path, law, capfd):
    """Parquet knows the place of a row in its file."""
    levels = pa.table({"profile": ["a", "b", "c"], "automation.sae_level": [4, 3, 7]})
    pq.write_table(levels, tmp_path / "t.parquet")
    command = ["fleet", str(tmp_path / "t.parquet"), *OPTIONS, "-o", str(tmp_path / "out"), "--engine", "local[1]"]
    assert run([*command, "--strict"]) == 2
    said = capfd.readouterr().err.splitlines()[-1]
    assert said.startswith("t.parquet row 3 (`c`), column `automation.sae_level`: ")
    assert not (tmp_path / "out").exists()
    (tmp_path / "out").mkdir()
    assert run(command) == 2
    assert capfd.readouterr().err.splitlines()[-1] == f"the folder `{tmp_path}/out` is there already; give a new one"


STRICT = {"header": True, "mode": "FAILFAST", "enforceSchema": False, "escape": '"', "multiLine": True}
FILE = "_metadata.file_name as carnet_file"


@pytest.mark.parametrize(
    ("table", "asked", "columns"),
    [
        ("t.csv", ("csv", {**STRICT, "sep": ","}), ["*", FILE]),
        ("t.TSV", ("csv", {**STRICT, "sep": "\t"}), ["*", FILE]),
        ("s3://fleet/t.jsonl", ("text", {}), ["value as carnet_json", FILE]),
        ("t.parquet", ("parquet", {}), ["*", FILE, "_metadata.row_index + 1 as carnet_row"]),
        ("s3://fleet/folder", ("parquet", {}), ["*", FILE, "_metadata.row_index + 1 as carnet_row"]),
    ],
)
def test_the_name_of_a_table_says_how_spark_reads_it(table, asked, columns):
    from carnet.fleet.spark import read

    class Frame(SimpleNamespace):
        def selectExpr(self, *wanted):
            return Frame(place=self.place, asked=self.asked, columns=[*wanted])

        def where(self, condition):
            assert condition == "trim(carnet_json) != ''"
            return self

    def reader(kind):
        return lambda place, **options: Frame(place=place, asked=(kind, options))

    found = read(
        SimpleNamespace(read=SimpleNamespace(**{kind: reader(kind) for kind in ("csv", "text", "parquet")})), table
    )
    assert (found.place, found.asked, found.columns) == (table, asked, columns)


def test_a_table_that_spark_cannot_read():
    from carnet.errors import InputError
    from carnet.fleet.spark import read

    with pytest.raises(InputError, match=r"Spark cannot read `fleet.xlsx`; give Parquet, CSV or JSON lines"):
        read(None, "fleet.xlsx")


@pytest.fixture
def cluster(tmp_path):
    """A master and two workers with a processor each."""
    if not (os.environ.get("CARNET_SPARK_TESTS") and shutil.which("java")):
        pytest.skip("CARNET_SPARK_TESTS=1 and Java start a cluster")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = Path(pyspark.__file__).parent
    env = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    url = f"spark://127.0.0.1:{port}"
    master = ["org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0"]
    worker = ["org.apache.spark.deploy.worker.Worker", url, "-c", "1", "-m", "1g", "--webui-port", "0"]
    commands = [master, *([*worker, "--work-dir", str(tmp_path / f"worker{number}")] for number in (1, 2))]
    processes = [
        subprocess.Popen([home / "bin/spark-class", *command], env=env, stdout=log, stderr=log)
        for command in commands
        for log in [subprocess.DEVNULL]
    ]
    time.sleep(15)
    yield url, env
    for process in processes:
        process.terminate()
        process.wait(30)


def test_a_cluster_of_two_workers(tmp_path, law, cluster):
    url, env = cluster
    table = random_table(law, [law.rulebook(code, DAY) for code in MARKETS], 4000, seed=8)
    pq.write_table(table, tmp_path / "t.parquet", row_group_size=1000)
    (tmp_path / "in").mkdir()
    for part in range(4):
        pq.write_table(table.slice(part * 1000, 1000), tmp_path / "in" / f"{part}.parquet")
    command = ["fleet", str(tmp_path / "in"), *OPTIONS, "-o", str(tmp_path / "out"), "--engine", url]
    subprocess.run([sys.executable, "-m", "carnet", *command], env=env, check=True, timeout=400)
    wanted = expected(tmp_path)
    found = pq.read_table(tmp_path / "out" / "kind=result").select(list(wanted[0]))
    assert by_profile(found) == wanted
    logs = [path for number in (1, 2) for path in (tmp_path / f"worker{number}").rglob("stderr")]
    assert len({path.parts[-4] for path in logs}) == 2
