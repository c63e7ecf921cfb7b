# SPDX-License-Identifier: Apache-2.0
"""The same kernel on a Spark cluster: batches through `mapInArrow`, the law broadcast once (needs the extra `spark`).

Each worker reads and writes its own partitions. Results, findings, counts and rows that were left out go to one folder,
told apart by the column `kind`, so that everything comes from one pass.
"""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from carnet.errors import InputError
from carnet.fleet.addresses import masked
from carnet.fleet.block import FINDINGS, RESULTS, Kernel, Outcome
from carnet.fleet.job import Job
from carnet.fleet.rows import Reject
from carnet.fleet.run import BadRow, Done
from carnet.fleet.table import JSON_ROW

_DOT = "\u2024"
_FILE, _ROW, _JSON = "carnet_file", "carnet_row", "carnet_json"
_PYTHON = re.compile(r"[A-Za-z_.]+(Error|Exception): ")
_STRICT = re.compile(r"BadRow: (.*)")


def _flat(kind: pa.DataType) -> pa.DataType:
    """The type as Spark has it: no dictionaries, no unsigned numbers."""
    if pa.types.is_list(kind):
        return pa.list_(_flat(kind.value_type))
    if pa.types.is_dictionary(kind):
        return kind.value_type
    return pa.int32() if pa.types.is_unsigned_integer(kind) else kind


_OWN = pa.schema(
    [
        ("kind", pa.string()),
        ("file", pa.string()),
        ("row", pa.int64()),
        ("column", pa.string()),
        ("reason", pa.string()),
        ("profiles", pa.int64()),
    ]
)
_ALL = {field.name: _flat(field.type) for schema in (_OWN, RESULTS, FINDINGS) for field in schema}
SCHEMA = pa.schema(list(_ALL.items()))
COUNTS = pa.schema([(name, _ALL[name]) for name in ("outcome", "market", "reason", "rule", "status", "profiles")])


def run_on_spark(master: str, table: str, out: str, job: Job, rows_per_batch: int, strict: bool = False) -> Done:
    """Assess a table that every worker can read, and write a folder that every worker can write.

    Raises:
        InputError: when the table's format is not one that Spark reads itself, or the cluster says what is wrong.
        BadRow: for some row that cannot be used, in a strict run.
    """
    for code in job.law.codes:
        job.law.jurisdiction(code)
    if master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        spark = (
            SparkSession.builder.master(master)
            .appName("carnet fleet")
            .config("spark.sql.execution.arrow.maxRecordsPerBatch", str(rows_per_batch))
            .config("spark.ui.showConsoleProgress", str(sys.stderr.isatty()).lower())
            .getOrCreate()
        )
        try:
            results = assess(spark, read(spark, table), job, strict)
            _write(spark, results, out)
            return _done(spark.read.parquet(out), out)
        finally:
            spark.stop()
    except PySparkException as error:
        raise _said(error, out) from None


def _write(spark: SparkSession, results: DataFrame, out: str) -> None:
    """Into a new folder, of which nothing stays when the run fails."""
    try:
        results.write.partitionBy("kind").parquet(out)
    except BaseException as error:
        if not _exists(error):
            java: Any = spark._jvm
            path = java.org.apache.hadoop.fs.Path(out)
            path.getFileSystem(spark._jsc.hadoopConfiguration()).delete(path, True)
        raise


def _exists(error: BaseException) -> bool:
    return isinstance(error, PySparkException) and error.getCondition() == "PATH_ALREADY_EXISTS"


def _said(error: PySparkException, out: str) -> InputError:
    if _exists(error):
        return InputError(f"the folder `{out}` is there already", hint="give a new one")
    if found := _STRICT.search(str(error)):
        return BadRow(found[1])
    lines = [line for line in str(error).strip().splitlines() if line and not line.startswith((" ", "\t"))]
    reason = next((line for line in reversed(lines) if _PYTHON.match(line)), lines[0])
    return InputError(f"the cluster stopped: {reason}", hint="see the logs of the driver and the workers")


def read(spark: SparkSession, table: str) -> DataFrame:
    """The table with, where Spark knows them, each row's file and place in it.

    Values are text, or what Parquet holds, and workers read objects of JSON: nothing is guessed from the rows. A row of
    CSV that is none stops the run, since Spark would lose the cells that are too many.
    """
    suffix = PurePosixPath(table).suffix.lower()
    if suffix in (".csv", ".tsv"):
        strict: dict[str, Any] = {"mode": "FAILFAST", "enforceSchema": False, "escape": '"', "multiLine": True}
        return _placed(spark.read.csv(table, header=True, sep="\t" if suffix == ".tsv" else ",", **strict))
    if suffix in (".jsonl", ".ndjson", ".json"):
        lines = spark.read.text(table).selectExpr(f"value as {_JSON}", f"_metadata.file_name as {_FILE}")
        return lines.where(f"trim({_JSON}) != ''")
    if suffix in (".parquet", ""):
        return _placed(spark.read.parquet(table), f"_metadata.row_index + 1 as {_ROW}")
    raise InputError(f"Spark cannot read {masked(table)}", hint="give Parquet, CSV or JSON lines")


def _placed(profiles: DataFrame, *more: str) -> DataFrame:
    return profiles.selectExpr("*", f"_metadata.file_name as {_FILE}", *more)


def assess(spark: SparkSession, profiles: DataFrame, job: Job, strict: bool = False) -> DataFrame:
    """The results of a table of profiles, lazily, as rows of `SCHEMA`."""
    shared = spark.sparkContext.broadcast(job)

    def partition(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return assess_batches(shared.value, batches, strict)  # pragma: no cover, in the process of a worker

    # Spark reads a dot in the name of a column as a step into a struct
    plain = profiles.toDF(*(name.replace(".", _DOT) for name in profiles.columns))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*pandas", FutureWarning)  # not used here
        return plain.mapInArrow(partition, from_arrow_schema(SCHEMA))


_KERNELS: dict[tuple[str, str], Kernel] = {}
"""What a worker process keeps from partition to partition, by the job and the table's schema."""


def _kernel(job: Job, schema: pa.Schema) -> Kernel:
    key = (_name(job), schema.to_string())
    if key not in _KERNELS:
        _KERNELS[key] = job.kernel(schema)
    return _KERNELS[key]


def _name(job: Job) -> str:
    return str(sorted(job.about("", 0).items()))


def assess_batches(job: Job, batches: Iterator[pa.RecordBatch], strict: bool = False) -> Iterator[pa.RecordBatch]:
    """Record batches of profiles in, record batches of `SCHEMA` out.

    Raises:
        BadRow: for the first row that cannot be used, in a strict run.
    """
    for renamed in batches:
        batch = renamed.rename_columns([_own_name(name) for name in renamed.schema.names])
        places = {name: batch.column(name).to_pylist() for name in (_FILE, _ROW) if name in batch.schema.names}
        outcome = _kernel(job, (own := batch.drop_columns(list(places))).schema).run(own, 0)
        rejects = [_rejected(reject, places) for reject in outcome.rejects]
        if rejects and strict:
            raise BadRow("{file} row {row} (`{profile}`), column `{column}`: {reason}".format_map(rejects[0]))
        yield from _rows(outcome, rejects, batch.num_rows)


def _own_name(name: str) -> str:
    return JSON_ROW if name == _JSON else name.replace(_DOT, ".")


def _rejected(reject: Reject, places: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    file, row = (places[name][reject.row] if name in places else None for name in (_FILE, _ROW))
    named = {"file": file, "row": row, "profile": reject.profile}
    return {**named, "column": reject.column, "reason": reject.reason}


def _rows(outcome: Outcome, rejects: Sequence[Mapping[str, Any]], rows: int) -> Iterator[pa.RecordBatch]:
    for result in outcome.results:
        yield _row(result, "result")
    for finding in outcome.findings:
        yield _row(finding, "finding")
    if rejects:
        yield _row(pa.RecordBatch.from_pylist(list(rejects)), "reject")
    yield _row(pa.RecordBatch.from_pylist(_counts(outcome, rows), COUNTS), "count")


def _counts(outcome: Outcome, rows: int) -> list[dict[str, Any]]:
    """What is to be added up: rows, outcomes and, where a summary is wanted, the tally."""
    counts: list[dict[str, Any]] = [{"reason": "rows", "profiles": rows}]
    counts += [{"outcome": name, "profiles": number} for name, number in outcome.outcomes.items() if number]
    names = ("market", "reason", "rule", "status")
    counts += [{**dict(zip(names, key, strict=True)), "profiles": n} for key, n in outcome.tally.items() if n]
    return counts


def _row(batch: pa.RecordBatch, kind: str) -> pa.RecordBatch:
    """The batch with every column of `SCHEMA`."""
    found: Mapping[str, Any] = dict(zip(batch.schema.names, batch.columns, strict=True))
    nulls = pa.nulls(batch.num_rows)
    columns = [found.get(field.name, nulls).cast(field.type) for field in SCHEMA]
    columns[0] = pa.array([kind] * batch.num_rows)
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def _done(written: DataFrame, out: str) -> Done:
    """What the run amounted to, added up from the counts of all batches."""
    done = Done(f"{out}/kind=reject")
    counts = written.where("kind = 'count'").groupBy(*COUNTS.names[:-1]).sum("profiles").collect()
    for outcome, market, reason, rule, status, profiles in counts:
        if reason == "rows":
            done.rows = profiles
        elif market is None:
            done.outcomes[outcome] += profiles
        else:
            done.tally[market, reason, rule, status] += profiles
    done.rejected = written.where("kind = 'reject'").count()
    return done
