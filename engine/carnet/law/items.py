# SPDX-License-Identifier: Apache-2.0
"""What the files of one jurisdiction declare, gathered by id."""

from __future__ import annotations

from dataclasses import dataclass, field

from carnet.errors import LawError, Place as ErrorPlace
from carnet.law.model import Approval, Instrument, NotCovered, Note, Route, Rule
from carnet.law.parameters import Parameter
from carnet.law.read import PackFile


@dataclass(slots=True)
class Items:
    """What the files of one jurisdiction declare, by id."""

    parameters: dict[str, Parameter] = field(default_factory=dict)
    instruments: dict[str, Instrument] = field(default_factory=dict)
    approvals: dict[str, Approval] = field(default_factory=dict)
    routes: dict[str, Route] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    not_covered: list[NotCovered] = field(default_factory=list)
    folders: dict[tuple[str, str], int] = field(default_factory=dict)

    def take(self, kind: str, pack: PackFile, item: Instrument | Approval | Route | Rule) -> None:
        if self.folders.get((kind, item.id)) == pack.folder:
            place = ErrorPlace(item.place.file, item.place.line, item.place.column)
            first = getattr(self, kind)[item.id].place
            raise LawError(f"`{item.id}` is defined already in {first.file}:{first.line}", place, "keep one of them")
        self.folders[kind, item.id] = pack.folder
        getattr(self, kind)[item.id] = item
