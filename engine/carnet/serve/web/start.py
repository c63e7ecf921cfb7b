# SPDX-License-Identifier: Apache-2.0
"""The start: drop a file, take a template, or open an example; and the profiles that are open."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Annotated, NamedTuple

from fastapi import APIRouter, File, Form, Request, UploadFile
from starlette.responses import RedirectResponse, Response

from carnet.api import Law
from carnet.characters import decoded
from carnet.errors import CarnetError, InputError, Place, SourceError
from carnet.intake.files import harvest_of, is_profile
from carnet.intake.harvest import Harvest, profile_of
from carnet.intake.templates import examples, first_line, template_text, templates
from carnet.intake.writing import new_profile
from carnet.serve.context import Me, services
from carnet.serve.kept import profiles
from carnet.serve.web.environment import render
from carnet.serve.web.failing import PageRoute
from carnet.serve.web.messages import Message, messages_of
from carnet.serve.web.state import Shared
from carnet.source import MAX_BYTES

router = APIRouter(route_class=PageRoute)
SUFFIXES = (".yaml", ".yml", ".json", ".xml", ".csv", ".tsv", ".txt", ".xlsx")


class Card(NamedTuple):
    """A profile to start from."""

    name: str
    title: str
    about: str


@router.get("/")
def start(request: Request, shared: Shared, me: Me) -> Response:
    """Where everybody begins."""
    return _page(request, shared, me)


@router.post("/open")
def open_profile(
    request: Request,
    shared: Shared,
    me: Me,
    file: Annotated[UploadFile | None, File()] = None,
    template: Annotated[str, Form()] = "",
    example: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    text: Annotated[str, Form(max_length=MAX_BYTES)] = "",
    row: Annotated[str, Form()] = "",
) -> Response:
    """Open a file that was sent, a template, an example, a text that was mended, or an empty profile."""
    harvest: Harvest | None = None
    origin, shown = _printable(name) or "profile.yaml", text
    try:
        if file is not None and file.filename:
            origin = _printable(PurePath(file.filename.replace("\\", "/")).name) or "profile.yaml"
            content = file.file.read(MAX_BYTES + 1)
            shown = content.decode("utf-8", "replace") if PurePath(origin).suffix.lower() != ".xlsx" else ""
            text, harvest = _text_of(shared.law, content, origin, row)
            shown = text
        elif template:
            text, origin = template_text(template, shared.law.folders[1:]), f"{template}.yaml"
        elif example:
            text, origin = _example(example), f"{example}.yaml"
        elif not text:
            text = new_profile(name.strip() or "My vehicle")
            origin = "profile.yaml"
        shared.assessments.read(text, origin)
    except CarnetError as error:
        return _page(request, shared, me, status=422, messages=messages_of(error), text=shown, origin=origin)
    opened = shared.opened.add(text, origin, me.key)
    if harvest is not None:
        return render(request, "taken.html.j2", harvest=harvest, opened=opened)
    where = "/edit" if text == new_profile(name.strip() or "My vehicle") else ""
    return RedirectResponse(f"/profiles/{opened.id}{where}", 303)


def _page(
    request: Request,
    shared: Shared,
    me: Me,
    status: int = 200,
    messages: tuple[Message, ...] = (),
    text: str = "",
    origin: str = "",
) -> Response:
    opened = [(each, shared.assessments.profile(each)) for each in shared.opened.of(me.key)]
    here = services(request)
    saved = profiles.listed(here.kept) if here.settings.data is not None else []
    open_now = {each.saved for each, _ in opened}
    return render(
        request,
        "start.html.j2",
        status,
        templates=[_card(name, path) for name, path in templates(shared.law.folders[1:]).items()],
        examples=[_card(name, path) for name, path in examples().items()],
        opened=opened,
        saved=[(each, version) for each, version in saved if each.id not in open_now],
        messages=messages,
        text=text,
        origin=origin,
        suffixes=",".join(SUFFIXES),
    )


def _card(name: str, path: Path) -> Card:
    said = dict(_heads(path))
    return Card(name, said.get("name", name), said.get("description", "") or first_line(path))


def _heads(path: Path) -> Mapping[str, str]:
    """The name and description that a profile begins with."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = (line.partition(": ") for line in lines if line.startswith(("name: ", "description: ")))
    return {key: value.strip().strip("\"'") for key, _, value in found}


def _printable(name: str) -> str:
    """The end of a name, which has its suffix, without what cannot be shown."""
    return "".join(filter(str.isprintable, name)).strip()[-120:]


def _example(name: str) -> str:
    """The text of an example.

    Raises:
        InputError: when there is none of this name.
    """
    found = examples().get(name)
    if found is None:
        raise InputError("there is no such example", Place(name[:60]), "take one of the list")
    return found.read_text(encoding="utf-8")


def _text_of(law: Law, content: bytes, origin: str, row: str) -> tuple[str, Harvest | None]:
    """The profile that a file is, or that was made of it with what was taken.

    Raises:
        InputError: for what cannot be read, too large, or in no format that Carnet reads.
    """
    if len(content) > MAX_BYTES:
        raise SourceError(f"is larger than {MAX_BYTES // 1024} KiB", Place(origin), "split it")
    suffix = PurePath(origin).suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError("its ending names no format that can be read", Place(origin), f"one of {', '.join(SUFFIXES)}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"sent{suffix}"
        file.write_bytes(content)
        if is_profile(file):
            return decoded(content, origin), None
        harvest = harvest_of(law, file, row)
    return profile_of(harvest, origin), harvest
