# SPDX-License-Identifier: Apache-2.0
"""What is asked of every row of a table, on one machine or on many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from carnet import __version__
from carnet.assess.check import confirmed_by
from carnet.declare.profile import Profile
from carnet.errors import InputError
from carnet.fleet.block import Kernel
from carnet.fleet.layout import Layout, both_name_markets
from carnet.law.ids import GrantLimit, closed_jurisdiction
from carnet.law.law import Law
from carnet.law.model import Rule


@dataclass(frozen=True, slots=True)
class Job:
    """Picklable, so that a cluster can share it.

    by_row: each row names its market, one of `markets`. as_of: the days of every row; none: each row's own.
    expecting: whether approvals count from the day on which they are expected.
    """

    law: Law
    markets: tuple[str, ...]
    by_row: bool
    as_of: tuple[dt.date, ...]
    today: dt.date
    complete: tuple[str, ...] = ()
    skip_unknown: bool = False
    findings: bool = False
    summary: bool = False
    base: Profile | None = None
    expecting: bool = False

    def kernel(self, schema: pa.Schema) -> Kernel:
        """What assesses blocks of a table with these columns.

        Raises:
            InputError: for columns that mean nothing, and where it is not clear which markets are asked for.
        """
        layout = Layout(schema, self.law, self.markets, self.complete, self.skip_unknown, self.base, self.by_row)
        if self.by_row and layout.has_markets is False:
            hint = "name one with `-m DE`, use `--all`, or add a column `market`"
            raise InputError("no market is named", hint=hint)
        if layout.has_markets and not self.by_row:
            raise both_name_markets()
        confirmed = confirmed_by(self.base) if self.base else frozenset()
        asked = (self.findings, self.summary, confirmed, self.expecting)
        return Kernel(self.law, layout, self.markets, self.as_of, self.today, *asked)

    def about(self, table: str, size: int) -> dict[str, str]:
        """What a result depends on; it stands in the files."""
        days = ",".join(map(str, self.as_of))
        return {
            "version": __version__,
            "law_version": self.law.version,
            "law_sha256": self.law.sha256,
            "evaluator": "columnar",
            "table": table,
            "markets": "by row" if self.by_row else ",".join(self.markets),
            "as_of": days or f"by row, else {self.today}",
            "complete": ",".join(self.complete),
            "base": self.base.sha256 if self.base else "",
            "skip_unknown": str(self.skip_unknown),
            "findings": str(self.findings),
            "summary": str(self.summary),
            "expecting": str(self.expecting),
            "block": str(size),
        }

    @property
    def cells(self) -> int:
        """How many results a row has."""
        return (1 if self.by_row else len(self.markets)) * max(1, len(self.as_of))

    def titles(self, rules: Iterable[str]) -> Mapping[str, tuple[str, str]]:
        """Title and severity of rules and needs."""
        return {rule: self._title(rule) for rule in rules}

    def _title(self, name: str) -> tuple[str, str]:
        if closed := closed_jurisdiction(name):
            return f"No way into {self.law.head(closed).name} is on offer", "blocking"
        clause = self.law.clause(name)
        if isinstance(clause, Rule):
            return clause.title, str(clause.severity)
        if isinstance(clause, GrantLimit):
            severity = clause.by.severity if isinstance(clause.by, Rule) else "blocking"
            title = f"Within what {clause.approval.title} ({clause.approval.id}) allows: {clause.field}"
            return title, str(severity)
        known = (self.law.approvals[name] for name in clause.group)
        return f"{clause.route.title}: {' or '.join(approval.title for approval in known)}", "blocking"
