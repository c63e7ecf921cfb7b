# SPDX-License-Identifier: Apache-2.0
"""How vocabulary files become a `Vocabulary`, with everything that is wrong in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from carnet.declare.former import former_names
from carnet.declare.layers import TOP_KEYS
from carnet.declare.vocabulary import Fact, FirstQuestion, Section, Vocabulary
from carnet.declare.vocabulary_schema import FactEntry, SectionFile
from carnet.errors import CarnetError, LawError, Place, Problems, SourceError, suggest
from carnet.logic.condition import Condition
from carnet.logic.parse import ConditionParser
from carnet.source import Key, Source, read_source

SUFFIXES = {
    **{"km/h": "kmh", "m/s2": "ms2", "m/s3": "ms3", "°C": "c", "%": "percent", "mm/h": "mm_h"},
    **{"Wh/kg": "wh_kg", "g/cm3": "g_cm3", "mAh/g": "mah_g"},
}
RESERVED = {"approval", "approvals", "context", "derived", *TOP_KEYS}


def load_vocabulary(dirs: Iterable[Path], read: Callable[[Path], Source] = read_source) -> Vocabulary:
    """Read `rules/vocabulary/` of each law directory; a later directory adds facts or replaces them.

    Raises:
        Problems: everything that is wrong with the files, each with its place.
    """
    reader = _Reader(read)
    for directory in dirs:
        reader.read(directory)
    return reader.vocabulary()


class _Reader:
    def __init__(self, read: Callable[[Path], Source]) -> None:
        self._read = read
        self.problems: list[CarnetError] = []
        self.facts: dict[str, Fact] = {}
        self.fields: dict[str, Fact] = {}
        self.sections: dict[str, Section] = {}
        self.first: tuple[FirstQuestion, ...] = ()
        self._places: dict[str, Place] = {}
        self._place_of_first = Place("")
        self._unread = False

    def vocabulary(self) -> Vocabulary:
        """What was read, once it is known to be sound."""
        self._check_nesting()
        if not self._unread:  # what is not known then may stand in a file that cannot be read
            self._check_first()
            self._check_possible()
        former = self._former()
        if self.problems:
            raise Problems(self.problems)
        return Vocabulary(self.facts, self.sections, self.fields, first=self.first, former=former)

    def read(self, directory: Path) -> None:
        seen: dict[str, Place] = {}
        folder = directory / "rules" / "vocabulary"
        for path in sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml")):
            try:
                source = self._read(path)
                entries = SectionFile.model_validate(source.data)
            except SourceError as error:
                self.problems.append(error)
                self._unread = True
            except ValidationError as error:
                self.problems.extend(_schema_problems(error, source))
                self._unread = True
            else:
                self._take_entries(entries, source, seen)
                self._take_section(entries, source)
                if entries.first:
                    self.first = tuple(entry.question() for entry in entries.first)
                    self._place_of_first = source.place(("first",))

    def _take_entries(self, entries: SectionFile, source: Source, seen: dict[str, Place]) -> None:
        for path, entry in (*entries.facts.items(), *entries.fields.items()):
            keys = ("facts" if path in entries.facts else "fields", path)
            if path in seen:
                self._problem(source, keys, f"`{path}` is defined twice", f"see {seen[path]}")
            seen[path] = self._places[path] = source.place(keys)
            for message, hint in _faults(path, entry, entries.section):
                self._problem(source, keys, message, hint)
            target = self.facts if keys[0] == "facts" else self.fields
            target[path] = entry.fact(path, entries.work, self._limit(entry, source, keys))

    def _limit(self, entry: FactEntry, source: Source, keys: tuple[Key, ...]) -> Condition | None:
        if entry.limit is None:
            return None
        try:
            return ConditionParser(source, limits=True).parse(entry.limit, (*keys, "limit"))
        except LawError as error:
            self.problems.append(error)
            return None

    def _take_section(self, entries: SectionFile, source: Source) -> None:
        name = entries.section
        if not entries.facts:
            return
        if name in RESERVED:
            hint = "name the section with `section:`"
            self._problem(source, ("facts",), f"`{name}` cannot be a section of facts", hint)
        old = self.sections.get(name)
        if entries.title is None and old is None:
            self._problem(source, ("section",), f"the section `{name}` has no title", "add `title:`")
        paths = dict.fromkeys((*(old.facts if old else ()), *entries.facts))
        title = entries.title or (old.title if old else name)
        rest = (entries.help or (old.help if old else ""), tuple(paths))
        self.sections[name] = Section(name, title, *rest, entries.department or (old.department if old else ""))

    def _check_first(self) -> None:
        """Refuse questions about facts that do not exist, and conditions on what is not asked before or cannot be."""
        asked: set[str] = set()
        for path, when in self.first:
            for name in (path, *(other for other, _ in when)):
                if name not in self.facts:
                    self._first_problem(f"unknown fact `{name}`", suggest(name, self.facts))
            for other, wanted in when:
                if other in self.facts and other not in asked:
                    self._first_problem(f"`{path}` depends on `{other}`, which is asked later", "ask for it before")
                values = self.facts[other].values if other in self.facts else {}
                for value in wanted if values else ():
                    if value not in values:
                        self._first_problem(f"`{other}` cannot be `{value}`", suggest(str(value), values))
            asked.add(path)

    def _check_possible(self) -> None:
        """Refuse a range by a fact that does not exist or by values that it cannot have."""
        for path, fact in self.facts.items():
            if fact.possible is None:
                continue
            other = self.facts.get(fact.possible.by)
            wrong = [value for value in fact.possible.ranges if other and value not in other.values]
            if other is None:
                message, hint = f"unknown fact `{fact.possible.by}`", suggest(fact.possible.by, self.facts)
            elif wrong:
                message, hint = f"`{other.path}` cannot be `{wrong[0]}`", suggest(wrong[0], other.values)
            else:
                continue
            self.problems.append(LawError(message, self._places[path], hint))

    def _former(self) -> dict[str, str]:
        """Names of before to those of now; refused where one would mean two things."""
        former: dict[str, str] = {}
        for known in (self.facts, self.fields):
            names, clashes = former_names(known, frozenset() if known is self.fields else frozenset(RESERVED))
            former.update(names)
            for path, message, hint in clashes:
                self.problems.append(LawError(message, self._places[path], hint))
        return former

    def _first_problem(self, message: str, hint: str) -> None:
        self.problems.append(LawError(message, self._place_of_first, hint))

    def _check_nesting(self) -> None:
        """Refuse a fact that is also a prefix of another: a profile could not nest both."""
        for path in self.facts:
            parts = path.split(".")
            for end in range(1, len(parts)):
                outer = ".".join(parts[:end])
                if outer in self.facts:
                    message = f"`{path}` lies below the fact `{outer}`"
                    self.problems.append(LawError(message, self._places[path], "rename one of them"))

    def _problem(self, source: Source, keys: tuple[Key, ...], message: str, hint: str) -> None:
        self.problems.append(LawError(message, source.place(keys), hint))


def _faults(path: str, entry: FactEntry, section: str) -> Iterator[tuple[str, str]]:
    """What the schema cannot say about one fact: message and hint."""
    if section != "approvals" and not path.startswith(f"{section}."):
        yield f"`{path}` does not begin with its section", f"rename it to `{section}.{path.rpartition('.')[2]}`"
    if not all(part.replace("_", "a").isalnum() and part == part.lower() for part in path.split(".")):
        yield f"`{path}` is not a lower-case dotted name", "use letters, digits and `_`"
    if entry.type == "choice" and not entry.values:
        yield f"the choice `{path}` has no values", "add `values:`"
    if entry.type == "set" and bool(entry.values) == bool(entry.items):
        yield f"the set `{path}` needs either values or items", "add `values:` (closed) or `items:` (open)"
    if entry.values and entry.type not in ("choice", "set"):
        yield f"`{path}` has values but is a {entry.type}", "make it a `choice` or a `set`"
    if entry.items and entry.type not in ("set", "text"):
        yield f"`{path}` has items but is a {entry.type}", "make it a `set` or a `text`"
    if (entry.unit or entry.range) and entry.type not in ("int", "number"):
        yield f"`{path}` has a unit or range but is a {entry.type}", "make it a `number`"
    if entry.limit is not None and section != "approvals":
        yield f"`{path}` has a limit but is no field of an approval", "state it in `fields:`"
    if (entry.beyond is None) is not (entry.limit is None):
        yield f"`{path}` has only one of `limit` and `beyond`", "say both, or neither"
    for old, word in entry.renamed.items():
        if word not in (entry.values or {}):
            yield f"`{path}` has no value `{word}` for an old one", suggest(word, entry.values or {})
        if old in (entry.values or {}):
            yield f"`{path}` has `{old}` both as a value and as an old word for one", "keep one of them"
    narrower = (entry.likely, *(entry.possible.ranges.values() if entry.possible else ()))
    if entry.range and entry.range[0] > entry.range[1]:
        yield f"the range of `{path}` ends before it begins", "write [least, most]"
    for bounds in filter(None, narrower):
        if not entry.range or not entry.range[0] <= bounds[0] <= bounds[1] <= entry.range[1]:
            yield f"`{path}` has a likely or possible range outside its `range:`", "write one within it"
    suffix = SUFFIXES.get(entry.unit or "", (entry.unit or "").lower())
    if suffix and not f"_{path.replace('.', '_')}".endswith(f"_{suffix}"):
        yield f"`{path}` is in {entry.unit} but does not end in `_{suffix}`", "say the unit in the name"


def _schema_problems(error: ValidationError, source: Source) -> Iterator[LawError]:
    for detail in error.errors(include_url=False):
        location = tuple(part for part in detail["loc"] if isinstance(part, (str, int)))
        place = source.place(location)
        if detail["type"] == "extra_forbidden":
            known = FactEntry.model_fields if len(location) > 1 else SectionFile.model_fields
            yield LawError(f"unknown key `{location[-1]}`", place, suggest(str(location[-1]), known))
        elif detail["type"] == "missing":
            yield LawError(f"`{location[-1]}` is missing", place, f"add `{location[-1]}:`")
        else:
            name = ".".join(map(str, location)) or "the file"
            message = detail["msg"][:1].lower() + detail["msg"][1:]
            yield LawError(f"`{name}` cannot be used: {message.replace(chr(10), ' ')}", place)
