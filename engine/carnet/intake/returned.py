# SPDX-License-Identifier: Apache-2.0
"""Answers that came back in questionnaires, weighed against the profile and each other, and put into its text.

An answer that contradicts the profile or another answer is shown and not taken, unless told to replace.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from carnet.declare.former import Renamed
from carnet.declare.reading import LayerKey
from carnet.declare.vocabulary import Value
from carnet.errors import CarnetError, InputError, Place, Problems, UnknownName, shown, suggest
from carnet.intake.answers import Answers, written
from carnet.intake.declaring import keys_of
from carnet.intake.edit import contains, holds, put
from carnet.intake.questionnaire import is_state, state_of, states
from carnet.intake.writing import scalar

if TYPE_CHECKING:
    from carnet.api import Law
    from carnet.declare.profile import Profile
    from carnet.intake.reqif import Note, Said
    from carnet.intake.workbook import Filled

Given = Value | str
"""A value, or the word that states an approval."""


class Answer(NamedTuple):
    """One answer: what was written where; `note` says who, when and from what.

    market: empty for all markets. feature: empty for the product as a whole.
    """

    path: str
    market: str
    value: Given
    note: str
    place: str
    feature: str = ""

    @property
    def layer(self) -> LayerKey:
        """Where in a profile it belongs."""
        return self.feature, self.market


class Conflict(NamedTuple):
    """An answer beside what the profile or another answer says, which stands at `other`."""

    answer: Answer
    says: Given
    other: str
    with_profile: bool


class Weighed(NamedTuple):
    """taken: new to the profile, or replacing it. same: what it says already. conflicts: not taken."""

    taken: tuple[Answer, ...]
    same: tuple[Answer, ...]
    conflicts: tuple[Conflict, ...]


def answers_in(
    law: Law,
    answers: Answers,
    file: Path,
    filled: Iterable[Filled],
    known: Mapping[str, Value],
    renamed: list[Renamed],
    features: Sequence[str] = (),
) -> list[Answer]:
    """The answers of a workbook, read as in a profile; names of before that it has are added to `renamed`.

    features: those of the profile; an answer for another one cannot be used.

    Raises:
        Problems: every cell that cannot be used, with its sheet and cell.
    """
    problems: list[CarnetError] = []
    found: list[Answer] = []
    for row in filled:
        row = row._replace(path=_now(law, row.path, f"{file}: {row.sheet}!{row.cell}", renamed))
        for market, text, cell in _cells(row, answers, file, problems):
            place = f"{file}: {row.sheet}!{cell}"
            try:
                if row.feature and row.feature not in features:
                    hint = suggest(row.feature[:40], features) or "declare it under `features` first"
                    raise InputError(f"the profile has no feature {shown(row.feature)}", hint=hint)
                value = _value(law, answers, row.path, text, known)
            except InputError as error:
                problems.append(InputError(f"{error.message} (`{row.path}`)", Place(place), error.hint))
            else:
                found.append(Answer(row.path, market, value, row.note, place, row.feature))
    if problems:
        raise Problems(problems)
    return found


def answers_said(
    law: Law, answers: Answers, said: Iterable[Said], known: Mapping[str, Value], renamed: list[Renamed]
) -> list[Answer]:
    """The answers of a supplier, read as in a profile; names of before that they have are added to `renamed`.

    Raises:
        Problems: every answer that cannot be used, with the requirement it stands at.
    """
    problems: list[CarnetError] = []
    found: list[Answer] = []
    for item in said:
        path = item.path.removesuffix(".held") if item.path.startswith("approvals.") else item.path
        path = _now(law, path, item.place, renamed)
        try:
            found.append(Answer(path, "", _value(law, answers, path, item.text, known), item.note, item.place))
        except InputError as error:
            problems.append(InputError(f"{error.message} (`{path}`)", Place(item.place), error.hint))
    if problems:
        raise Problems(problems)
    return found


def _now(law: Law, path: str, place: str, renamed: list[Renamed]) -> str:
    """The path of now."""
    new = law.vocabulary.former.get(path, path)
    if new != path:
        renamed.append(Renamed(path, new, Place(place)))
    return new


def put_notes(text: str, notes: Iterable[Note]) -> str:
    """The profile's text with notes to requirements as comments at its end, each once."""
    for note in notes:
        said = ": ".join(filter(None, (note.status, note.comment)))
        line = f"# note to {note.rule}: {' '.join(said.split())}"
        if line not in text:
            text = f"{text.rstrip(chr(10))}\n{line}\n"
    return text


def _cells(row: Filled, answers: Answers, file: Path, problems: list[CarnetError]) -> Iterator[tuple[str, Any, str]]:
    if row.answer not in (None, "") and row.answer != row.today:
        yield "", row.answer, row.cell
    for part in filter(None, (part.strip() for part in row.differs.split(";"))):
        head, colon, text = part.partition(":")
        try:
            if not colon:
                raise InputError(f"`{part[:40]}` names no market", hint="write `DE: ...; GB: ...`")
            yield answers.places.jurisdiction(head), text.strip(), row.differs_cell
        except InputError as error:
            problems.append(InputError(error.message, Place(f"{file}: {row.sheet}!{row.differs_cell}"), error.hint))


def _value(law: Law, answers: Answers, path: str, cell: Any, known: Mapping[str, Value]) -> Given:
    if path.startswith("approvals.") and path.count(".") == 1:
        return _state(law, path, cell)
    fact = law.vocabulary.fact(path)
    if isinstance(cell, dt.datetime):
        raise InputError(f"`{cell}` is a moment, not a day", hint="write 2027-01-31")
    return answers.read(fact, cell, known)


def _state(law: Law, path: str, cell: Any) -> str:
    approval = path.removeprefix("approvals.")
    if approval not in law.approvals:
        raise UnknownName(f"unknown approval `{approval}`", hint="leave the column of facts as it was")
    said = str(cell).strip().lower()
    word = {"yes": "held", "true": "held", "no": "none", "false": "none", "not held": "none"}.get(said, said)
    if word not in states(law):
        raise InputError(f"`{said[:40]}` is no state of an approval", hint=f"one of {', '.join(states(law))}")
    return word


def weigh(profile: Profile, answers: Iterable[Answer], replace: bool = False) -> Weighed:
    """What to take, what stands already, and what contradicts the profile or another answer."""
    first: dict[tuple[str, LayerKey], Answer] = {}
    clashing: dict[tuple[str, LayerKey], None] = {}
    conflicts: list[Conflict] = []
    for answer in answers:
        earlier = first.setdefault((answer.path, answer.layer), answer)
        if _differ(earlier.value, answer.value):
            clashing[answer.path, answer.layer] = None
            conflicts.append(Conflict(answer, earlier.value, earlier.place, False))
    taken: list[Answer] = []
    same: list[Answer] = []
    for key, answer in first.items():
        said = _declared(profile, answer)
        if key in clashing:
            continue
        if said is not None and not _differ(said, answer.value):
            same.append(answer)
        elif said is None or replace:
            taken.append(answer)
        else:
            conflicts.append(Conflict(answer, said, _where(profile, answer), True))
    return Weighed(tuple(taken), tuple(same), tuple(conflicts))


def _differ(one: Given, other: Given) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return set(one) != set(other)
    return one != other or isinstance(one, bool) is not isinstance(other, bool)


def _declared(profile: Profile, answer: Answer) -> Given | None:
    layer = profile.content.layers.get(answer.layer)
    if layer is None:
        return None
    return state_of(layer.values, answer.path) if is_state(answer.path) else layer.values.get(answer.path)


def _where(profile: Profile, answer: Answer) -> str:
    layer = profile.content.layers[answer.layer]
    return str(layer.places[f"{answer.path}.held" if is_state(answer.path) else answer.path])


def put_answers(text: str, answers: Iterable[Answer]) -> str:
    """The profile's text with the answers in it, each below a line that says who gave it, when and from what."""
    for answer in answers:
        keys = (*keys_of(answer.layer), *answer.path.split("."))
        if is_state(answer.path) and holds(text, keys):
            text = _put_state(text, keys, str(answer.value), answer.note)
        else:
            text = put(text, keys, scalar(answer.value), answer.note)
    return text


def _put_state(text: str, keys: tuple[str, ...], word: str, note: str) -> str:
    """The state of an approval of which more is declared: in its field, and in `held` where that is written too."""
    if word == "none" or contains(text, (*keys, "held")):
        text = put(text, (*keys, "held"), scalar(word == "held"), note if word == "none" else "")
    return text if word == "none" else put(text, (*keys, "state"), word, note)


def told(value: Given) -> str:
    return written(value)
