# SPDX-License-Identifier: Apache-2.0
"""What the name of a column means: a fact of the base, of a feature, or as it is in a jurisdiction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from carnet.declare.former import Renamed
from carnet.declare.reading import FEATURE, LayerKey
from carnet.declare.values import Names
from carnet.declare.vocabulary import Fact
from carnet.errors import SHOWN_PROBLEMS, InputError, Place, Problems, shown, suggest

PROFILE, MARKET, AS_OF, COMPLETE, WAIVERS = "profile", "market", "as_of", "complete", "waivers"
OWN = (PROFILE, MARKET, AS_OF, COMPLETE, WAIVERS)
MAX_FEATURES = 50
ELSE = "rename it or pass --skip-unknown"
"""What to do about a column that is near to none."""


@dataclass(frozen=True, slots=True)
class FactColumn:
    """A column that declares a fact of a layer; `whole` approvals say held or none."""

    column: str
    fact: Fact
    layer: LayerKey
    whole: bool


@dataclass(frozen=True, slots=True)
class Header:
    """own: the columns that are no facts, by what they are. left_out: those that mean nothing."""

    own: Mapping[str, str]
    facts: tuple[FactColumn, ...]
    left_out: tuple[str, ...] = ()


def read_header(
    columns: Sequence[str], reader: ColumnReader, skip_unknown: bool = False, place: Place | None = None
) -> Header:
    """The columns of a table in which every row has the same; `place` is where the header stands.

    Raises:
        Problems: every column that means nothing, unless these are to be left out, and each second one for a fact.
    """
    problems: list[InputError] = []
    left_out: list[str] = []
    found: dict[object, tuple[str, FactColumn | None]] = {}
    for column in columns:
        if not column.strip():
            continue
        try:
            near = not skip_unknown and len(problems) < SHOWN_PROBLEMS
            meant = None if column.strip() in OWN else reader.read(column, near)
        except InputError as error:
            if skip_unknown:
                left_out.append(column)
            else:
                problems.append(error)
            continue
        means = (meant.layer, meant.fact.path) if meant else column.strip()
        if means in found:
            problems.append(_twice(found[means][0], column))
        found.setdefault(means, (column, meant))
    nameless = [number for number, column in enumerate(columns, 1) if not column.strip()]
    if nameless and not skip_unknown:
        problems.append(_nameless(nameless))
    facts = tuple(meant for _, meant in found.values() if meant)
    if len(features_of(facts)) > MAX_FEATURES:
        hint = "give features short names"
        problems.append(InputError(f"the table has more than {MAX_FEATURES} features", hint=hint))
    if problems:
        raise Problems(InputError(problem.message, place, problem.hint) for problem in problems)
    own = {str(means): column for means, (column, meant) in found.items() if not meant}
    return Header(own, facts, tuple(left_out))


def _nameless(numbers: Sequence[int]) -> InputError:
    one = len(numbers) == 1
    which = f"column {numbers[0]} has" if one else f"columns {', '.join(map(str, numbers))} have"
    hint = f"name or delete {'it' if one else 'them'}, or pass --skip-unknown"
    return InputError(f"{which} no name in the header", hint=hint)


def _twice(first: str, second: str) -> InputError:
    if first == second:
        return InputError(f"the column {shown(first)} stands twice in the table", hint="keep one of them")
    return InputError(f"the columns {shown(first)} and {shown(second)} say the same fact", hint="keep one of them")


def features_of(columns: Iterable[FactColumn]) -> tuple[str, ...]:
    """The features for which there are columns, in their order."""
    return tuple(dict.fromkeys(column.layer[0] for column in columns if column.layer[0]))


class ColumnReader:
    """Reads names of columns, blanks around them left out."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._facts = names.vocabulary.facts
        self.renamed: list[Renamed] = []

    def read(self, column: str, near: bool = True) -> FactColumn:
        """What a column declares.

        near: whether to look for near names where it is none, which takes its time.

        Raises:
            InputError: when that is no fact, with the nearest one.
        """
        feature, code, path = "", "", column.strip()
        if path.startswith("features."):
            _, feature, path = _parts(path, "features.<name>.<fact>")
            if not FEATURE.match(feature):
                hint = "use letters, digits, `-` and `_`"
                raise InputError(f"the feature name {shown(feature)} is not one word", hint=hint)
        if path.startswith("in."):
            _, code, path = _parts(path, "in.<jurisdiction>.<fact>")
            known = self._names.jurisdictions
            if known is not None and code not in known:
                hint = (suggest(code[:40], known) if near else "") or "see `carnet markets`"
                raise InputError(f"the column {shown(column)} names an unknown jurisdiction `{code}`", hint=hint)
        whole = path.startswith("approvals.") and path.removeprefix("approvals.") in (self._names.approvals or ())
        path = f"{path}.held" if whole else self._now_called(path, column)
        if not self._is_fact(path):
            raise InputError(f"the column {shown(column)} is no fact", hint=self._nearest(path) if near else ELSE)
        return FactColumn(column, self._names.vocabulary.fact(path), (feature, code), whole)

    def _now_called(self, path: str, column: str) -> str:
        """The path of now, where the column has one of before."""
        head, dot, last = path.rpartition(".")
        former = self._names.vocabulary.former
        new = former.get(path)
        if path.startswith("approvals.") and last in former and last not in self._names.vocabulary.approval_fields:
            new = f"{head}{dot}{former[last]}"
        if new is None or path in self._facts:
            return path
        self.renamed.append(Renamed(path, new, Place(column.strip())))
        return new

    def is_section(self, name: str) -> bool:
        """Whether a name is that of a mapping, in which nothing need stand."""
        parts = name.split(".")
        if parts[0] == "features":
            parts = parts[2:]
        if parts[:1] == ["in"]:
            parts = parts[2:]
        path = ".".join(parts)
        return path in ("", "approvals") or path in self._names.prefixes | self._names.former_prefixes

    def _is_fact(self, path: str) -> bool:
        if path.startswith("approvals."):
            approval = path.removeprefix("approvals.").rpartition(".")[0]
            return path in self._names.vocabulary and (
                self._names.approvals is None or approval in self._names.approvals
            )
        return path in self._facts

    def _nearest(self, path: str) -> str:
        if path == "name":
            return f"did you mean `{PROFILE}`?"
        known: Iterator[str] = iter((*OWN, *self._facts))
        if path.startswith("approvals."):
            approval, _, field = path.removeprefix("approvals.").rpartition(".")
            approvals, fields = self._names.approvals or (), self._names.vocabulary.approval_fields
            known = (f"approvals.{name}.{field if field in fields else 'held'}" for name in approvals)
            if approval in approvals:
                known = (f"approvals.{approval}.{name}" for name in fields)
        return suggest(path[:80], known) or ELSE


def _parts(path: str, form: str) -> Sequence[str]:
    parts = path.split(".", 2)
    if len(parts) < 3 or not all(parts):
        raise InputError(f"the column {shown(path)} is no fact", hint=f"write `{form}`")
    return parts
