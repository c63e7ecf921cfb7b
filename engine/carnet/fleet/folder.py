# SPDX-License-Identifier: Apache-2.0
"""Results as a folder with files per block, in which a run that was stopped goes on where it ended."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from carnet.errors import InputError
from carnet.fleet.block import FINDINGS, RESULTS, Kernel, Outcome
from carnet.fleet.layout import Reject
from carnet.fleet.run import Numbered
from carnet.fleet.sinks import Sink, writing

MANIFEST = "manifest.json"


class FolderStore:
    """Each block's files are written by the thread that assessed it; its note comes last and says that it is done.

    made_from: table, law and options; a folder made from others is refused. findings: their folder, where wanted.
    """

    def __init__(self, kernel: Kernel, folder: Path, made_from: Mapping[str, str], findings: Path | None) -> None:
        if findings:
            made_from = {**made_from, "findings": str(findings.resolve())}
        self._kernel, self._folder, self._about, self._findings = kernel, folder, made_from, findings
        self.resumed = 0
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
        manifest = folder / MANIFEST
        if not manifest.exists():
            if any(folder.iterdir()):
                raise InputError(f"the folder `{folder}` holds other files", hint="give an empty or new folder")
            _write(manifest, {"made_from": dict(made_from)})
        elif json.loads(manifest.read_text("utf-8")).get("made_from") != dict(made_from):
            raise InputError(f"`{folder}` was made from another table, law or options", hint="give another folder")

    def work(self, block: Numbered) -> Outcome:
        note = self._folder / f"block-{block.index:06}.json"
        if note.exists():
            self.resumed += 1
            return _read_note(note)
        outcome = self._kernel.run(block.batch, block.first)
        with Sink(self._folder / f"results-{block.index:06}.parquet", RESULTS, self._about) as sink:
            for batch in outcome.results:
                sink.write(batch)
        if self._findings:
            with Sink(self._findings / f"findings-{block.index:06}.parquet", FINDINGS, self._about) as sink:
                for batch in outcome.findings:
                    sink.write(batch)
        outcome.results, outcome.findings = [], []
        _write(note, _note(outcome))
        return outcome

    def keep(self, outcome: Outcome) -> None:
        """Nothing is left to write."""


def _note(outcome: Outcome) -> dict[str, Any]:
    rejects = [[item.row, item.profile, item.column, item.reason] for item in outcome.rejects]
    tally = [[*key, number] for key, number in outcome.tally.items()]
    return {"rows": outcome.rows, "rejects": rejects, "tally": tally, "outcomes": outcome.outcomes}


def _read_note(path: Path) -> Outcome:
    note = json.loads(path.read_text("utf-8"))
    tally = Counter({(market, day, rule, status): number for market, day, rule, status, number in note["tally"]})
    rejects = tuple(Reject(*item) for item in note["rejects"])
    return Outcome(note["rows"], tally=tally, outcomes=Counter(note["outcomes"]), rejects=rejects)


def _write(path: Path, data: Mapping[str, Any]) -> None:
    part = path.with_name(f".{path.name}.part")
    with writing(path):
        part.write_text(json.dumps(data), "utf-8")
        part.replace(path)
