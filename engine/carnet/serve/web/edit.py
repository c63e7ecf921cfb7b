# SPDX-License-Identifier: Apache-2.0
"""The profile editor: sections and questions of the vocabulary, checked as they are typed, the YAML beside them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from carnet.declare.vocabulary import Value
from carnet.errors import CarnetError, InputError, UnknownName, shown, suggest
from carnet.intake.answers import answers_of, warning
from carnet.intake.declaring import BASE, Layer, declare, read_answer
from carnet.intake.questionnaire import is_state
from carnet.serve.web.fields import fields
from carnet.serve.web.messages import as_json, messages_of
from carnet.serve.web.state import About, Subject
from carnet.serve.web.waiting import PatientRoute
from carnet.source import MAX_BYTES

router = APIRouter(prefix="/profiles/{id_}", route_class=PatientRoute)
ASKED = "asked"
"""The section of what the markets wait for, whatever section of the vocabulary it is in."""
APPROVALS = "approvals"
MOST_ASKED = 30
Text = Annotated[str, Form(max_length=MAX_BYTES)]


@router.get("/edit")
def edit(about: About, layer: str = "") -> Response:
    """What is waited for, where anything is; else the first section."""
    first = ASKED if about.questions else next(iter(about.law.vocabulary.sections))
    return section(about, first, layer)


@router.get("/edit/{name}")
def section(about: About, name: str, layer: str = "") -> Response:
    """One section."""
    return _page(about, name, layer)


def _page(about: Subject, name: str, layer: str, status: int = 200, **values: Any) -> Response:
    sections, waiting = about.law.vocabulary.sections, {question.fact: question for question in about.questions}
    if name not in (ASKED, APPROVALS, *sections):
        raise UnknownName(f"unknown section {shown(name)}", hint=suggest(name[:40], sections))
    chosen = _layer(about, layer)
    shown_fields = fields(about.law, about.profile, _paths(about, name), waiting, chosen)
    counts = {key: sum(path.startswith(f"{key}.") for path in waiting) for key in (*sections, APPROVALS)}
    return about.page(
        "edit.html.j2",
        status,
        here="edit",
        name=name,
        section=sections.get(name),
        sections=sections,
        counts=counts,
        declared=_declared(about),
        fields=shown_fields,
        layer=layer,
        layers=_layers(about),
        **{"messages": (), "text": about.opened.text, **values},
    )


def _paths(about: Subject, name: str) -> list[str]:
    """The facts of a section in the order of the vocabulary; of approvals those declared, then those waited for."""
    asked = [question.fact for question in about.questions]
    if name == ASKED:
        return asked[:MOST_ASKED]
    if name != APPROVALS:
        return list(about.law.vocabulary.sections[name].facts)
    layers = about.profile.content.layers.values()
    declared = {path.split(".")[1]: None for layer in layers for path in layer.values if path.startswith("approvals.")}
    waited = {path.split(".")[1]: None for path in asked if path.startswith("approvals.")}
    return [f"approvals.{code}" for code in (*declared, *waited)]


def _declared(about: Subject) -> dict[str, int]:
    """How many facts of each section the base declares."""
    values = about.profile.content.layers[BASE].values
    sections = about.law.vocabulary.sections
    return {key: sum(values.get(path) is not None for path in sections[key].facts) for key in sections}


def _layers(about: Subject) -> list[tuple[str, str]]:
    """What can be declared for: all markets, each feature, each jurisdiction, with the word for the address."""
    features = [(f"feature:{name}", name) for name in about.profile.features]
    return [("", ""), *features, *((code, f"{code} {about.law.head(code).name}") for code in about.law.codes)]


def _layer(about: Subject, word: str) -> Layer:
    """The layer that a word of an address names.

    Raises:
        UnknownName: when there is none.
    """
    if word.startswith("feature:"):
        name = word.removeprefix("feature:")
        if name not in about.profile.features:
            raise UnknownName(f"unknown feature {shown(name)}", hint=suggest(name[:40], about.profile.features))
        return name, ""
    return "", about.law.head(word).id if word else ""


@router.post("/facts")
def declare_fact(
    request: Request,
    about: About,
    path: Annotated[str, Form(max_length=120)],
    version: Annotated[int, Form()],
    value: Annotated[list[str], Form(max_length=400)] = [],  # noqa: B006
    listed: Annotated[str, Form()] = "",
    unknown: Annotated[str, Form()] = "",
    layer: Annotated[str, Form(max_length=80)] = "",
    back: Annotated[str, Form(max_length=120)] = "edit",
    only_check: Annotated[str, Form()] = "",
) -> Response:
    """Declare one fact, or only say whether an answer can be used; scripts get JSON, forms are led back."""
    wants_json = "application/json" in request.headers.get("accept", "")
    try:
        answer, told = _answer(about, path, value, bool(listed), bool(unknown))
        text = declare(about.opened.text, path, answer, _layer(about, layer))
        about.pages.assessments.read(text, about.opened.origin)
        if not only_check:
            about.opened = about.pages.opened.write(about.opened, text, version)
    except CarnetError as error:
        if not wants_json:
            return _page(about, _section_of(about, path), layer, 422, messages=messages_of(error))
        return JSONResponse({"ok": False, "messages": as_json(messages_of(error))}, _status(error))
    if wants_json:
        now = {"text": about.opened.text, "version": about.opened.version}
        return JSONResponse({"ok": True, "warning": told, **({} if only_check else now)})
    return RedirectResponse(f"{about.url}/{back.lstrip('/')}", 303)


def _answer(about: Subject, path: str, texts: list[str], listed: bool, unknown: bool) -> tuple[Value | None, str]:
    """What was answered, None where nothing is declared; and a sentence about what is unlikely."""
    law = about.law
    fact = None if is_state(path) else law.vocabulary.fact(path)
    if unknown or (not listed and not any(text.strip() for text in texts)):
        return None, ""
    if listed:
        known = fact.values if fact else {}
        if strange := [text for text in texts if text not in known]:
            raise InputError(f"{shown(strange[0])} is no value of `{path}`", hint=suggest(strange[0][:40], known))
        return tuple(texts), ""
    answers = answers_of(law)
    base = {key: each for key, each in about.profile.content.layers[BASE].values.items() if each is not None}
    found = read_answer(law, answers, path, texts[-1].strip(), base)
    return found, warning(fact, found) if fact else ""


def _section_of(about: Subject, path: str) -> str:
    head = path.partition(".")[0]
    return head if head in (APPROVALS, *about.law.vocabulary.sections) else ASKED


def _status(error: CarnetError) -> int:
    return int(getattr(error, "status", 422))


@router.post("/text")
def write_text(
    request: Request,
    about: About,
    text: Text,
    version: Annotated[int, Form()],
    section: Annotated[str, Form(max_length=40)] = ASKED,
    only_check: Annotated[str, Form()] = "",
) -> Response:
    """Take the YAML as it was written; what is wrong with it is told line by line and nothing is lost."""
    wants_json = "application/json" in request.headers.get("accept", "")
    text = text.replace("\r\n", "\n")
    try:
        about.pages.assessments.read(text, about.opened.origin)
        if not only_check:
            about.opened = about.pages.opened.write(about.opened, text, version)
    except CarnetError as error:
        if wants_json:
            return JSONResponse({"ok": False, "messages": as_json(messages_of(error))}, _status(error))
        return _page(about, section, "", _status(error), messages=messages_of(error), text=text)
    if wants_json:
        return JSONResponse({"ok": True, "text": text, "version": about.opened.version})
    return RedirectResponse(f"{about.url}/edit/{section}", 303)
