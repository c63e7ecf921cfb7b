# SPDX-License-Identifier: Apache-2.0
"""The same kernel on a Spark cluster: batches through `mapInArrow`, the law broadcast once (needs the extra `spark`).

Each worker reads and writes its own partitions. Results, findings and rows that were left out go to one folder, told
apart by the column `kind`, so that everything comes from one pass; a row has no number on a cluster.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from carnet.declare.values import Names
from carnet.errors import InputError
from carnet.fleet.block import FINDINGS, RESULTS, Kernel
from carnet.fleet.layout import Layout
from carnet.law.law import Law

_DOT = "\u2024"


def _flat(kind: pa.DataType) -> pa.DataType:
    """The type as Spark has it: no dictionaries, no unsigned numbers."""
    if pa.types.is_list(kind):
        return pa.list_(_flat(kind.value_type))
    if pa.types.is_dictionary(kind):
        return kind.value_type
    return pa.int32() if pa.types.is_unsigned_integer(kind) else kind


_OWN = pa.schema([("kind", pa.string()), ("column", pa.string()), ("reason", pa.string())])
_ALL = {field.name: _flat(field.type) for schema in (_OWN, RESULTS, FINDINGS) for field in schema}
SCHEMA = pa.schema(list(_ALL.items()))


@dataclass(frozen=True, slots=True)
class Job:
    """What every worker needs to know; picklable. `name` is different for different jobs."""

    name: str
    law: Law
    markets: tuple[str, ...]
    as_of: dt.date | None
    today: dt.date
    complete: tuple[str, ...] = ()
    skip_unknown: bool = False
    findings: bool = False

    def layout(self, schema: pa.Schema) -> Layout:
        names = Names(self.law.vocabulary, frozenset(self.law.approvals), frozenset(self.law.codes))
        return Layout(schema, names, self.markets, self.as_of, self.today, self.complete, self.skip_unknown)


def run_on_spark(master: str, table: str, out: str, job: Job, rows_per_batch: int) -> None:
    """Assess a table that every worker can read, and write a folder that every worker can write.

    Raises:
        InputError: when the table's format is not one that Spark reads itself.
    """
    for code in job.law.codes:
        job.law.jurisdiction(code)
    if master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = (
        SparkSession.builder.master(master)
        .appName("carnet fleet")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", str(rows_per_batch))
        .getOrCreate()
    )
    try:
        assess(spark, read(spark, table), job).write.partitionBy("kind").parquet(out)
    finally:
        spark.stop()


def read(spark: SparkSession, table: str) -> DataFrame:
    suffix = PurePosixPath(table).suffix.lower()
    if suffix in (".csv", ".tsv"):
        return spark.read.csv(table, header=True, sep="\t" if suffix == ".tsv" else ",")
    if suffix in (".jsonl", ".ndjson", ".json"):
        return spark.read.json(table)
    if suffix in (".parquet", ""):
        return spark.read.parquet(table)
    raise InputError(f"Spark cannot read `{table}`", hint="give Parquet, CSV or JSON lines")


def assess(spark: SparkSession, profiles: DataFrame, job: Job) -> DataFrame:
    """The results of a table of profiles, lazily, as rows of `SCHEMA`."""
    shared = spark.sparkContext.broadcast(job)

    def partition(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return assess_batches(shared.value, batches)  # pragma: no cover, in the process of a worker

    # Spark reads a dot in the name of a column as a step into a struct
    plain = profiles.toDF(*(name.replace(".", _DOT) for name in profiles.columns))
    return plain.mapInArrow(partition, from_arrow_schema(SCHEMA))


_KERNELS: dict[tuple[str, str], Kernel] = {}
"""What a worker process keeps from partition to partition, by the job's name and the table's schema."""


def _kernel(job: Job, schema: pa.Schema) -> Kernel:
    key = (job.name, schema.to_string())
    if key not in _KERNELS:
        _KERNELS[key] = Kernel(job.law, job.layout(schema), job.markets, job.findings)
    return _KERNELS[key]


def assess_batches(job: Job, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Record batches of profiles in, record batches of `SCHEMA` out."""
    for renamed in batches:
        batch = renamed.rename_columns([name.replace(_DOT, ".") for name in renamed.schema.names])
        outcome = _kernel(job, batch.schema).run(batch, 1)
        for result in outcome.results:
            yield _row(result, "result")
        for finding in outcome.findings:
            yield _row(finding, "finding")
        if outcome.rejects:
            rejects = outcome.rejects
            columns = {name: [getattr(item, name) for item in rejects] for name in ("profile", "column", "reason")}
            yield _row(pa.RecordBatch.from_pydict(columns), "reject")


def _row(batch: pa.RecordBatch, kind: str) -> pa.RecordBatch:
    """The batch with every column of `SCHEMA`."""
    found: Mapping[str, Any] = dict(zip(batch.schema.names, batch.columns, strict=True))
    nulls = pa.nulls(batch.num_rows)
    columns = [found.get(field.name, nulls).cast(field.type) for field in SCHEMA]
    columns[0] = pa.array([kind] * batch.num_rows)
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)
