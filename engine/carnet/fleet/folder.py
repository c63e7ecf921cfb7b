# SPDX-License-Identifier: Apache-2.0
"""Results as a folder with files per block, in which a run that was stopped goes on where it ended.

The note of a block comes last and says how many rows it was made from, with a checksum of them and of each file. Going
on, every block is held against its note: what is damaged or missing is made again, and rows that changed are refused.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow as pa
import pyarrow.ipc

from carnet.errors import InputError, shown
from carnet.fleet.block import FINDINGS, RESULTS, Kernel, Outcome
from carnet.fleet.rows import Reject
from carnet.fleet.run import Done, Numbered
from carnet.fleet.sinks import Sink
from carnet.fleet.whole import write_whole, writing

MANIFEST = "manifest.json"


class FolderStore:
    """Each block's files are written by the thread that assessed it.

    made_from: table, law and options; a folder made from others is refused. findings: their folder, where wanted.
    """

    def __init__(self, kernel: Kernel, folder: Path, made_from: Mapping[str, str], findings: Path | None) -> None:
        if findings:
            made_from = {**made_from, "findings": str(findings.resolve())}
        self._kernel, self._folder, self._about, self._findings = kernel, folder, dict(made_from), findings
        self._lock = Lock()
        self._blocks: set[int] = set()
        self._resumed = self._repaired = 0
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            if findings:
                findings.mkdir(parents=True, exist_ok=True)
        self._check_manifest(folder / MANIFEST)

    def _check_manifest(self, manifest: Path) -> None:
        if not manifest.exists():
            for folder in {self._folder, self._findings or self._folder}:
                if any(path for path in folder.iterdir() if path.name != f".{MANIFEST}.part"):
                    hint = "give an empty or new folder"
                    raise InputError(f"the folder {shown(folder, 200)} holds other files", hint=hint)
            write_whole(manifest, json.dumps({"made_from": self._about}).encode())
            return
        try:
            made_from = json.loads(manifest.read_text("utf-8"))["made_from"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            raise InputError(f"{shown(manifest, 200)} is damaged", hint="give another folder") from None
        if made_from != self._about:
            name = shown(self._folder, 200)
            raise InputError(f"{name} was made from another table, law or options", hint="give another folder")

    def work(self, block: Numbered) -> Outcome:
        note = self._folder / f"block-{block.index:06}.json"
        checksum = _checksum(block.batch)
        with self._lock:
            self._blocks.add(block.index)
        if note.exists():
            kept = self._kept(note, block, checksum)
            with self._lock:
                self._resumed += kept is not None
                self._repaired += kept is None
            if kept is not None:
                return kept
        outcome = self._kernel.run(block.batch, block.first)
        written = [self._write(self._folder, "results", block.index, RESULTS, outcome.results)]
        if self._findings:
            written.append(self._write(self._findings, "findings", block.index, FINDINGS, outcome.findings))
        outcome.results, outcome.findings = [], []
        about = {"input": checksum, "files": [_digest(path) for path in written]}
        write_whole(note, json.dumps({**_note(outcome), **about}).encode())
        return outcome

    def _write(self, folder: Path, kind: str, index: int, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Path:
        path = folder / f"{kind}-{index:06}.parquet"
        with Sink(path, schema, self._about) as sink:
            for batch in batches:
                sink.write(batch)
        return path

    def _kept(self, path: Path, block: Numbered, checksum: str) -> Outcome | None:
        """What a block amounted to in an earlier run; None where its files are no longer what was written.

        Raises:
            InputError: when its rows have changed since.
        """
        files = [self._folder / f"results-{block.index:06}.parquet"]
        if self._findings:
            files.append(self._findings / f"findings-{block.index:06}.parquet")
        try:
            note = json.loads(path.read_text("utf-8"))
            outcome, made_from, digests = _outcome(note), note["input"], note["files"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        if made_from != checksum or outcome.rows != block.batch.num_rows:
            rows = f"rows {block.first} to {block.first + block.batch.num_rows - 1} of the table"
            raise InputError(f"{rows} have changed since {shown(self._folder, 200)} was made", hint="give a new folder")
        return outcome if digests == [_digest(file) for file in files] else None

    def keep(self, outcome: Outcome) -> None:
        """Nothing is left to write."""

    def finish(self, done: Done) -> None:
        """Refuse files of blocks that the table does not have; say that the folder is whole."""
        known = {f"{index:06}" for index in self._blocks}
        for folder, kind in ((self._folder, "results"), (self._findings or self._folder, "findings")):
            for path in folder.glob(f"{kind}-*.parquet"):
                if path.stem.removeprefix(f"{kind}-") not in known:
                    raise InputError(f"{shown(path, 200)} belongs to no block of the table", hint="remove it")
        done.resumed, done.repaired = self._resumed, self._repaired
        whole = {"made_from": self._about, "blocks": len(known), "rows": done.rows, "rejected": done.rejected}
        write_whole(self._folder / MANIFEST, json.dumps(whole).encode())


def _digest(path: Path) -> str:
    """A checksum of a file, empty where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


class _Hashing:
    """Takes what is written and keeps only its checksum."""

    def __init__(self) -> None:
        self.hash = hashlib.sha256()
        self.closed = False

    def write(self, data: Any) -> int:
        self.hash.update(data)
        return len(data)

    def flush(self) -> None: ...

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def close(self) -> None: ...


def _checksum(batch: pa.RecordBatch) -> str:
    """Of the rows of a block, as they were read."""
    sink = _Hashing()
    with pa.ipc.new_stream(pa.PythonFile(sink, mode="w"), batch.schema) as stream:
        stream.write_batch(batch)
    return sink.hash.hexdigest()


def _note(outcome: Outcome) -> dict[str, Any]:
    rejects = [[item.row, item.profile, item.column, item.reason, item.line, item.file] for item in outcome.rejects]
    tally = [[*key, number] for key, number in outcome.tally.items()]
    return {"rows": outcome.rows, "rejects": rejects, "tally": tally, "outcomes": outcome.outcomes}


def _outcome(note: Mapping[str, Any]) -> Outcome:
    tally = Counter({(market, day, rule, status): number for market, day, rule, status, number in note["tally"]})
    rejects = tuple(Reject(*item) for item in note["rejects"])
    return Outcome(note["rows"], tally=tally, outcomes=Counter(note["outcomes"]), rejects=rejects)
