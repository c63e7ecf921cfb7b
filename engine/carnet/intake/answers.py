# SPDX-License-Identifier: Apache-2.0
"""Answers as people type them: `y`, `L2`, `5 seats`, `1-3`, `80 mph`, `electric`, `China`, `R156`, 中国.

What can be meant in two ways is never guessed: it is refused with both readings.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from carnet.declare.quantities import parse_quantity
from carnet.declare.values import Names, read_value
from carnet.declare.vocabulary import Fact, Value
from carnet.errors import InputError, ProfileError, shown, suggest
from carnet.intake.numbers import plain_number
from carnet.intake.places import PlaceNames, names_of

if TYPE_CHECKING:
    from carnet.law.law import Law

YES = ("y", "yes", "true", "ja", "j", "si", "sí", "sim", "oui", "是", "有", "对", "نعم", "x", "✓")
NO = ("n", "no", "false", "nein", "não", "non", "否", "没有", "无", "لا")
NOTHING = ("none", "nothing", "keine", "无", "没有", "-", "[]", "()")
EVERYTHING = ("all", "every", "全部", "alle")
_KINDS: dict[str, tuple[type, ...]] = {"int": (int, float), "number": (int, float), "date": (dt.date,), "bool": (bool,)}
_ITEM = re.compile(r'\s*(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<bare>[^,;、，；\n"][^,;、，；\n]*))\s*(?:[,;、，；\n]+|\Z)')
_QUANTITY = re.compile(r"(?P<number>[-+−]?[0-9][0-9.,' \u00a0]*)(?P<after>[^0-9].*)\Z", re.DOTALL)
_COUNT = re.compile(r"(?P<before>[^\W\d]*)\s*(?P<number>[0-9][0-9.,' ]*)(?P<after>[^\d]*)\Z")
_SPAN = re.compile(r"([0-9]{1,3})\s*(?:-|–|to|\.\.)\s*([0-9]{1,3})\Z")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.年]\s*([0-9]{1,2})[-/.月]\s*([0-9]{1,2})\s*日?\Z")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/.]\s*([0-9]{1,2})[-/.]\s*([0-9]{4})\Z")


class Answers:
    """Reads answers against a law's vocabulary, its approvals and the names of places."""

    def __init__(self, names: Names, places: PlaceNames) -> None:
        self.names = names
        self.places = places

    def read(self, fact: Fact, answer: Any, known: Mapping[str, Value] | None = None) -> Value:
        """The value that an answer means.

        answer: text; or a number, day or truth value, as a cell of a workbook may hold.
        known: facts answered before, which may narrow what is possible.

        Raises:
            InputError: when it cannot be, with what to answer instead.
        """
        problems: list[ProfileError] = []

        def report(message: str, hint: str, *_: int) -> None:
            problems.append(ProfileError(_about_answer(fact, message), hint=hint))

        value = read_value(fact, self._raw(fact, answer), self.names, report)
        if problems:
            raise problems[0]
        assert value is not None
        _refuse_impossible(fact, value, known or {})
        return value

    def _raw(self, fact: Fact, answer: Any) -> Any:
        if isinstance(answer, _KINDS.get(fact.type, ())):
            return answer
        text = str(answer).strip()
        if fact.type == "bool":
            word = text.lower().rstrip(".!")
            return True if word in YES else False if word in NO else text
        if fact.type in ("int", "number"):
            return _number(fact, text)
        if fact.type == "date":
            return read_date(text)
        if fact.type == "set":
            return self._items(fact, text)
        return self._choice(fact, text) if fact.type == "choice" else self._item(fact, text)

    def _items(self, fact: Fact, text: str) -> list[str]:
        if text.lower() in NOTHING and text.lower() not in fact.values:
            return []
        if fact.values and text.lower() in EVERYTHING:
            return [value for value in fact.values if value != "none"]
        words = words_of(text.removeprefix("[").removesuffix("]"))
        found: list[str] = []
        for word in words:
            span = _SPAN.match(word)
            if span and fact.values:
                found += _between(fact, int(span[1]), int(span[2]))
            else:
                found.append(self._choice(fact, word) if fact.values else self._item(fact, word))
        return list(dict.fromkeys(found))

    def _choice(self, fact: Fact, word: str) -> str:
        """A value by its number in the list shown, its name, or what it means, where only one can be meant."""
        values = list(fact.values)
        if word.isdecimal() and word not in fact.values:
            if 0 < int(word) <= len(values):
                return values[int(word) - 1]
            raise InputError(f"there is no number {word}", hint=f"1 to {len(values)}, or a value by its name")
        if word in fact.renamed:
            return fact.renamed[word]
        asked = _plain(word)
        exact = [value for value, meaning in fact.values.items() if asked in (_plain(value), _plain(meaning))]
        if exact:
            return exact[0]
        near = [value for value, meaning in fact.values.items() if _tells(asked, f"{value} {meaning}")]
        if len(near) == 1:
            return near[0]
        if near:
            raise InputError(
                f"{shown(word)} can mean {' or '.join(f'`{value}`' for value in near)}", hint="name one of them"
            )
        return word

    def _item(self, fact: Fact, word: str) -> str:
        if fact.items == "country":
            return self.places.country(word)
        if fact.items == "language":
            return self.places.language(word)
        if fact.items == "place":
            return self.places.place(word)
        return self.approval(word) if fact.items == "approval" else word

    def approval(self, text: str) -> str:
        """An approval by its id or the number of its Regulation: `R156`, `UN R156`, `156`.

        Raises:
            InputError: when none is called so.
        """
        known = {code.upper(): code for code in self.names.approvals or ()}
        name = re.sub(r"[\s_]+", "-", text.strip().upper())
        number = re.fullmatch(r"(?:UN(?:ECE)?|ECE)?-?R?-?(?:NO\.?-?)?([0-9]{1,3}H?)", name)
        for form in (name, f"UN-R{number[1].lstrip('0')}" if number else ""):
            if form in known:
                return known[form]
        raise InputError(
            f"unknown approval {shown(text)}",
            hint=suggest(name[:60], known) or "`carnet market` names those of a market",
        )


def answers_of(law: Law) -> Answers:
    """A reader of answers for a law."""
    names = Names(law.vocabulary, frozenset(law.approvals), frozenset(law.codes))
    return Answers(names, names_of(law))


def words_of(text: str) -> list[str]:
    """The items of a list; one with a comma in it stands in double quotes."""
    found = []
    for match in _ITEM.finditer(text):
        quoted = match["quoted"]
        found.append(quoted.replace('""', '"') if quoted is not None else match["bare"].strip())
    return found


def written(value: Value) -> str:
    """A value as an answer that reads back as it: `yes`, `urban, rural`, `none`, `2027-01-31`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(_quoted, value)) or "[]"
    return str(value)


def _quoted(item: str) -> str:
    """An item as a list may hold it: in quotes where it could be taken for several, a number, or none."""
    plain = re.fullmatch(r"[^,;、，；\n\"\[\]\s](?:[^,;、，；\n\"\[\]]*[^,;、，；\n\"\[\]\s])?", item)
    special = item.isdecimal() or _SPAN.match(item) or item.lower() in (*NOTHING, *EVERYTHING)
    return item if plain and not special else '"' + item.replace('"', '""') + '"'


def _about_answer(fact: Fact, message: str) -> str:
    """A message about a fact's value as one about the answer just typed."""
    if message.startswith(f"`{fact.path}`: "):
        return message.removeprefix(f"`{fact.path}`: ")
    if fact.type == "bool" and message.startswith(f"`{fact.path}` is true or false"):
        return message.replace(f"`{fact.path}` is true or false", "the answer is yes or no")
    return message.replace(f"`{fact.path}`", "the answer", 1)


def warning(fact: Fact, value: Value) -> str:
    """A sentence about a value that is possible but unlikely; empty where nothing strikes."""
    if fact.likely is None or isinstance(value, (bool, str, dt.date, tuple)):
        return ""
    low, high = fact.likely
    if low <= value <= high:
        return ""
    unit = f" {fact.unit}" if fact.unit else ""
    return f"{value:,g}{unit} is unusual: mostly it is {low:,g} to {high:,g}{unit}"


def _refuse_impossible(fact: Fact, value: Value, known: Mapping[str, Value]) -> None:
    if fact.possible is None or isinstance(value, (bool, str, dt.date, tuple)):
        return
    other = known.get(fact.possible.by)
    bounds = fact.possible.ranges.get(other) if isinstance(other, str) else None
    if bounds and not bounds[0] <= value <= bounds[1]:
        unit = f" {fact.unit}" if fact.unit else ""
        message = f"{value:,g}{unit} cannot be where `{fact.possible.by}` is {other}"
        raise InputError(
            message, hint=f"{bounds[0]:,g} to {bounds[1]:,g}{unit}; check the number, its unit and the category"
        )


def _number(fact: Fact, text: str) -> Any:
    """A number, with its unit or with words of the question around it; the text itself where it is none."""
    bare = plain_number(text)
    match = _QUANTITY.match(text) if fact.unit else _COUNT.match(text)
    if bare is not None or match is None:
        return text if bare is None else bare
    value = plain_number(match["number"].strip())
    if fact.unit:
        return text if value is None else parse_quantity(f"{value} {match['after'].strip()}", fact.unit)
    words = f"{match['before']} {match['after']}".split()
    return value if value is not None and all(_of_question(fact, word) for word in words) else text


def _of_question(fact: Fact, word: str) -> bool:
    """Whether a word stands in the question, the name or the source of a fact, or is the initial of one in its name."""
    name = re.split(r"[._]", fact.path.lower())
    words = {*re.findall(r"[^\W\d]{2,}", f"{fact.question} {fact.term}".lower()), *name}
    word = word.lower()
    return (
        word in words
        or (not word.isascii() and word in fact.question)
        or f"{word}s" in words
        or word.rstrip("s") in words
        or (len(word) == 1 and word in {n[:1] for n in name})
    )


def read_date(text: str) -> dt.date | str:
    """A day written in any order that leaves no doubt; else the text itself.

    Raises:
        InputError: for a day that does not exist, or that two habits read differently.
    """
    if text.lower() in ("today", "heute", "今天"):
        return dt.date.today()
    if match := _YEAR_FIRST.match(text):
        return _day(text, int(match[1]), int(match[2]), int(match[3]))
    if match := _YEAR_LAST.match(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if first > 12 or first == second:
            return _day(text, year, second, first)
        if second > 12:
            return _day(text, year, first, second)
        both = f"{year}-{second:02}-{first:02} or {year}-{first:02}-{second:02}"
        raise InputError(f"{shown(text)} can be two days", hint=f"write {both}")
    return text


def _day(text: str, year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise InputError(f"the date {shown(text)} does not exist", hint="write it as 2027-01-31") from None


def _between(fact: Fact, first: int, last: int) -> list[str]:
    values = list(fact.values)
    if not 0 < first <= last <= len(values):
        raise InputError(f"there are no numbers {first} to {last}", hint=f"the list goes from 1 to {len(values)}")
    return values[first - 1 : last]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower().replace("_", " ")))


def _tells(asked: str, text: str) -> bool:
    """Whether every word asked for is a word of the text, or begins one with enough letters to mean it.

    `y` and `no` answer another question: they begin `yet` and `not` in what a value means.
    """
    words = _plain(text).split()
    if asked in (*YES, *NO):
        return False
    return bool(asked) and all(
        any(word == part or (word.startswith(part) and _telling(part)) for word in words) for part in asked.split()
    )


def _telling(part: str) -> bool:
    return len(part) > 2 or not part.isascii()
