# SPDX-License-Identifier: Apache-2.0
"""What the name of a column means: a fact of the base, of a feature, or as it is in a jurisdiction."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from carnet.declare.reading import LayerKey
from carnet.declare.values import Names
from carnet.declare.vocabulary import Fact
from carnet.errors import InputError, Problems, shown, suggest

PROFILE, MARKET, AS_OF, COMPLETE, WAIVERS = "profile", "market", "as_of", "complete", "waivers"
OWN = (PROFILE, MARKET, AS_OF, COMPLETE, WAIVERS)
MAX_FEATURES = 50
_NUMBERED = re.compile(r"_[0-9]+\Z")
"""How readers of text name the second column of a name."""


@dataclass(frozen=True, slots=True)
class FactColumn:
    """A column that declares a fact of a layer; `whole` approvals say held or none."""

    column: str
    fact: Fact
    layer: LayerKey
    whole: bool


def read_header(columns: Sequence[str], names: Names, skip_unknown: bool = False) -> tuple[FactColumn, ...]:
    """The columns that declare facts.

    Raises:
        Problems: every column that means nothing, unless these are to be left out, or that stands twice.
    """
    header = _Header(names)
    problems = [_twice(column) for column, times in Counter(columns).items() if times > 1]
    found = []
    for column in columns:
        if column in OWN:
            continue
        try:
            found.append(header.read(column))
        except InputError as error:
            if (first := _NUMBERED.sub("", column)) != column and first in columns:
                problems.append(_twice(first))
            elif not skip_unknown:
                problems.append(error)
    if len(features_of(found)) > MAX_FEATURES:
        problems.append(
            InputError(f"the table has more than {MAX_FEATURES} features", hint="give features short names")
        )
    if problems:
        raise Problems(problems)
    return tuple(found)


def _twice(column: str) -> InputError:
    return InputError(f"the column {shown(column)} stands twice in the table", hint="keep one of them")


def features_of(columns: Iterable[FactColumn]) -> tuple[str, ...]:
    """The features for which there are columns, in their order."""
    return tuple(dict.fromkeys(column.layer[0] for column in columns if column.layer[0]))


class _Header:
    def __init__(self, names: Names) -> None:
        self._names = names
        self._facts = names.vocabulary.facts

    def read(self, column: str) -> FactColumn:
        feature, code, path = "", "", column
        if path.startswith("features."):
            _, feature, path = _parts(path, "features.<name>.<fact>")
        if path.startswith("in."):
            _, code, path = _parts(path, "in.<jurisdiction>.<fact>")
            known = self._names.jurisdictions
            if known is not None and code not in known:
                hint = suggest(code, known) or "see `carnet markets`"
                raise InputError(f"the column {shown(column)} names an unknown jurisdiction `{code}`", hint=hint)
        whole = path.startswith("approvals.") and path.removeprefix("approvals.") in (self._names.approvals or ())
        path = f"{path}.held" if whole else path
        if not self._is_fact(path):
            raise InputError(f"the column {shown(column)} is no fact", hint=self._nearest(path))
        return FactColumn(column, self._names.vocabulary.fact(path), (feature, code), whole)

    def _is_fact(self, path: str) -> bool:
        if path.startswith("approvals."):
            approval = path.removeprefix("approvals.").rpartition(".")[0]
            return path in self._names.vocabulary and (
                self._names.approvals is None or approval in self._names.approvals
            )
        return path in self._facts

    def _nearest(self, path: str) -> str:
        known: Iterator[str] = iter((*OWN, *self._facts))
        if path.startswith("approvals."):
            approval, _, field = path.removeprefix("approvals.").rpartition(".")
            approvals, fields = self._names.approvals or (), self._names.vocabulary.approval_fields
            known = (f"approvals.{name}.{field if field in fields else 'held'}" for name in approvals)
            if approval in approvals:
                known = (f"approvals.{approval}.{name}" for name in fields)
        return suggest(path[:80], known) or "rename it or pass --skip-unknown"


def _parts(path: str, form: str) -> Sequence[str]:
    parts = path.split(".", 2)
    if len(parts) < 3 or not all(parts):
        raise InputError(f"the column {shown(path)} is no fact", hint=f"write `{form}`")
    return parts
