# SPDX-License-Identifier: Apache-2.0
"""What if: move a slider or tick a box and see which markets flip. The address holds what is supposed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from carnet.assess.changes import Changes
from carnet.assess.model import Report
from carnet.declare.vocabulary import Fact, Value
from carnet.errors import CarnetError, UnknownName, shown
from carnet.intake.answers import answers_of
from carnet.intake.declaring import BASE, declare, read_answer
from carnet.intake.questionnaire import is_state
from carnet.plan.whatif import kind, overridden
from carnet.report import atlas
from carnet.serve.context import Here
from carnet.serve.web.fields import Field, asked_path, fields
from carnet.serve.web.messages import as_json, messages_of
from carnet.serve.web.state import About, Subject
from carnet.serve.web.waiting import PatientRoute

router = APIRouter(prefix="/profiles/{id_}", route_class=PatientRoute)
MOST_SHOWN = 24
MOST_SUPPOSED = 60
PICK = "pick"
MOST_ON_A_SLIDER = 100_000
MOVED = ("slider", "bool", "radio", "select", "boxes", "date", "text")
"""Kinds of fields, those first that are moved with one stroke."""


class Slider(NamedTuple):
    """A field with the bounds of its slider; low and high are equal where it has none."""

    field: Field
    low: float
    high: float
    step: float


@router.get("/whatif")
def what_if(
    request: Request,
    here: Here,
    about: About,
    pick: Annotated[list[str], Query(max_length=12)] = [],  # noqa: B006
) -> Response:
    """The markets as they would be; scripts get JSON."""
    wants_json = "application/json" in request.headers.get("accept", "")
    started = time.perf_counter()
    try:
        settings = supposed(about)
        asking = here.what_ifs.about(about.law, about.profile, about.law.markets(), about.opened.as_of, None)
        with here.computing.turn(), asking as asked:
            found, after = asked.ask(_raw(settings))
    except CarnetError as error:
        if wants_json:
            return JSONResponse({"ok": False, "messages": as_json(messages_of(error))}, 422)
        return _page(about, {}, about.report, Changes((), ()), pick, 422, messages=messages_of(error))
    if wants_json:
        ms = round(1000 * (time.perf_counter() - started))
        return JSONResponse({"ok": True, "ms": ms, **_told(about, after, found, settings)})
    return _page(about, settings, after, found, pick)


@router.post("/whatif/keep")
async def keep(request: Request, about: About, version: Annotated[int, Form()]) -> Response:
    """Declare what was supposed."""
    form = await request.form()
    texts = {key: str(value) for key, value in form.items() if key not in ("version", PICK)}
    text = about.opened.text
    for path, value in _read(about, texts).items():
        text = declare(text, path, value)
    about.pages.assessments.read(text, about.opened.origin)
    about.pages.opened.write(about.opened, text, version)
    return RedirectResponse(about.url, 303)


def supposed(about: Subject) -> dict[str, Value | None]:
    """What the address supposes, where it differs from what is declared; None takes a declaration back.

    Raises:
        InputError: for a value that the vocabulary refuses.
    """
    params = about.request.query_params
    return _read(about, {key: ",".join(params.getlist(key)) for key in params if key not in (PICK, "language")})


def _read(about: Subject, texts: Mapping[str, str]) -> dict[str, Value | None]:
    law, answers = about.law, answers_of(about.law)
    base = {key: value for key, value in about.profile.content.layers[BASE].values.items() if value is not None}
    found: dict[str, Value | None] = {}
    if len(texts) > MOST_SUPPOSED:
        raise UnknownName(f"more than {MOST_SUPPOSED} facts are supposed at once", hint="leave some out")
    for path, text in texts.items():
        if not is_state(path) and path not in law.vocabulary.facts:
            raise UnknownName(f"unknown fact {shown(path)}", hint="`carnet facts` lists them")
        value = read_answer(law, answers, path, text.strip(), base) if text.strip() else None
        if value != _declared(about, path):
            found[path] = value
    return found


def _declared(about: Subject, path: str) -> Value | None:
    return next(iter(fields(about.law, about.profile, [path], {}))).value


def _raw(settings: Mapping[str, Value | None]) -> dict[str, Any]:
    """As a profile would write them; an approval that is taken back is not held."""
    raw = {path: list(value) if isinstance(value, tuple) else value for path, value in settings.items()}
    return {path: "none" if value is None and is_state(path) else value for path, value in raw.items()}


def _told(about: Subject, after: Report, found: Changes, settings: Mapping[str, Value | None]) -> dict[str, Any]:
    kinds: dict[str, Counter[str]] = {}
    for change in found.findings:
        kinds.setdefault(change.market, Counter())[kind(change)] += 1
    return {
        "outcomes": {market.market: market.outcome.value for market in after},
        "blocking": {market.market: market.severities.get("blocking", 0) for market in after},
        "flips": [[flip.market, flip.before.value, flip.after.value] for flip in found.outcomes],
        "findings": {market: dict(counts) for market, counts in kinds.items()},
        "supposed": len(settings),
        "overridden": sorted({code for path in settings for code in _overridden(about, path)}),
    }


def _overridden(about: Subject, path: str) -> list[str]:
    """The overlays that stand above what is supposed of a fact."""
    above = overridden(about.law, about.profile, about.law.markets(), path, None, None)
    return [" ".join(filter(None, key)) for key in above]


def _page(
    about: Subject,
    settings: Mapping[str, Value | None],
    after: Report,
    found: Changes,
    pick: list[str],
    status: int = 200,
    **values: Any,
) -> Response:
    sliders = [_slider(field, settings) for field in _offered(about, [*pick, *settings])]
    spots = atlas.spots(market.market for market in after)
    return about.page(
        "whatif.html.j2",
        status,
        here="whatif",
        sliders=sliders,
        settings=settings,
        tiles=[(market, spots[market.market]) for market in after],
        flips=found.outcomes,
        told=_told(about, after, found, settings),
        others=list(about.law.vocabulary.facts.values()),
        **{"messages": (), **values},
    )


def _offered(about: Subject, first: list[str]) -> list[Field]:
    """What was picked or is supposed, then of what decides most that which is moved with one stroke."""
    law, declared = about.law, about.profile.content.layers[BASE].values
    begin = [question.path for question in law.vocabulary.first if declared.get(question.path) is not None]
    numbers = [path for path, value in declared.items() if _is_number(law.vocabulary.facts.get(path), value)]
    asked = [question.fact for question in about.questions]
    known = [path for path in first if is_state(path) or path in law.vocabulary.facts]
    waiting = {question.fact: question for question in about.questions}
    paths = dict.fromkeys([*begin, *numbers, *map(asked_path, asked[:6])])
    found = fields(law, about.profile, [path for path in paths if path not in known], waiting)
    moved = sorted(found, key=lambda field: MOVED.index(field.kind if not _bounds(field.fact) else "slider"))
    return [*fields(law, about.profile, known, waiting), *moved[: max(MOST_SHOWN - len(known), 0)]]


def _bounds(fact: Fact) -> tuple[float, float] | None:
    """What a slider can go through: the likely values, else the possible ones where they are not too many."""
    bounds = fact.likely or fact.range if fact.type in ("int", "number") else None
    return bounds if bounds and bounds[1] - bounds[0] <= MOST_ON_A_SLIDER else None


def _is_number(fact: Fact | None, value: Value | None) -> bool:
    return fact is not None and value is not None and fact.type in ("int", "number")


def _slider(field: Field, settings: Mapping[str, Value | None]) -> Slider:
    fact = field.fact
    if field.path in settings:
        field = field._replace(value=settings[field.path])
    bounds = _bounds(fact)
    if bounds is None:
        return Slider(field, 0, 0, 0)
    low, high = bounds
    if isinstance(field.value, (int, float)):
        low, high = min(low, field.value), max(high, field.value)
    step = 1.0 if fact.type == "int" or high - low >= 20 else 0.1
    return Slider(field, low, high, step)
