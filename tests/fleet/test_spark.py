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
    from carnet.fleet.spark import Job, assess_batches

    table = random_table(law, [law.rulebook(code, DAY) for code in MARKETS], 200, seed=6)
    pq.write_table(table, tmp_path / "t.parquet")
    job = Job("test", law, MARKETS, DAY, DAY, findings=True)
    parts = list(assess_batches(job, iter(table.to_batches(64))))
    found = pa.Table.from_batches(parts)
    results = found.filter(pa.compute.equal(found["kind"], "result"))
    wanted = expected(tmp_path)
    assert by_profile(results.select(list(wanted[0]))) == wanted
    assert set(found["kind"].to_pylist()) == {"result", "finding"}


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
    found = pq.read_table(tmp_path / "out", partitioning="hive").select(list(wanted[0]))
    assert by_profile(found) == wanted
    logs = [path for number in (1, 2) for path in (tmp_path / f"worker{number}").rglob("stderr")]
    assert len({path.parts[-4] for path in logs}) == 2
