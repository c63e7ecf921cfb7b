# SPDX-License-Identifier: Apache-2.0
"""Every format as a download, for the markets chosen and the day asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query
from starlette.responses import Response

from carnet.assess.model import Report
from carnet.errors import InputError, UnknownName, shown, suggest
from carnet.intake import questionnaire as questions
from carnet.plan.questions import ask
from carnet.report import approvals, compare, dossier, formats, odd, timeline
from carnet.serve.web.failing import PageRoute
from carnet.serve.web.language import language_of
from carnet.serve.web.state import About, Subject

router = APIRouter(prefix="/profiles/{id_}", route_class=PageRoute)
MEDIA_TYPES: Mapping[str, str] = {
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
    ".sarif": "application/sarif+json",
    ".xml": "application/xml",
    ".ics": "text/calendar; charset=utf-8",
    ".yaml": "application/yaml; charset=utf-8",
    ".reqif": "application/xml",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_UNSAFE = re.compile(r"[^\w.-]+")


class Offer(NamedTuple):
    """One file to take along; `about` is a key of the page's words."""

    kind: str
    format: str
    suffix: str

    @property
    def address(self) -> str:
        return f"{self.kind}.{self.format}"


def offers() -> list[Offer]:
    """Everything that can be downloaded of a profile."""
    report = [Offer("report", name, each.suffixes[0] if each.suffixes else ".json") for name, each in _reports()]
    matrix = [Offer("compare", name, suffixes[0]) for name, suffixes in compare.FORMATS.items()]
    line = [Offer("timeline", name, suffixes[0]) for name, suffixes in timeline.FORMATS.items()]
    register = [Offer("approvals", name, suffixes[0]) for name, suffixes in approvals.FORMATS.items()]
    others = [*register, Offer("questionnaire", "xlsx", ".xlsx"), Offer("requirements", "reqif", ".reqif")]
    return [*report, *matrix, *line, *others, Offer("domain", "odd", ".yaml"), Offer("profile", "yaml", ".yaml")]


def _reports() -> list[tuple[str, formats.Format]]:
    return list(formats.FORMATS.items())


@router.get("/downloads")
def downloads(about: About) -> Response:
    """What can be taken along."""
    kinds: dict[str, list[Offer]] = {}
    for offer in offers():
        kinds.setdefault(offer.kind, []).append(offer)
    return about.page(
        "downloads.html.j2", here="downloads", kinds=kinds, dossiers=list(dossier.FORMATS), approvals=_approvals(about)
    )


def _approvals(about: Subject) -> list[str]:
    """The approvals whose application one may want: what is declared of some, then what the markets chosen wait for."""
    layers = about.profile.content.layers.values()
    declared = (path.split(".")[1] for layer in layers for path in layer.values if path.startswith("approvals."))
    needed = (name for market in about.chosen for route in market.routes for group in route.needs for name in group)
    return [name for name in dict.fromkeys([*needed, *declared]) if name in about.law.approvals]


@router.get("/download/dossier")
def application(
    about: About,
    approval: Annotated[str, Query(max_length=200)],
    format: Annotated[str, Query(max_length=20)] = "docx",
    market: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """The content of one application.

    Raises:
        UnknownName: for an approval or format that does not exist.
    """
    from carnet.plan.dossier_lines import dossier as made_of

    if format not in dossier.FORMATS:
        raise UnknownName(f"unknown format {shown(format)}", hint=suggest(format[:20], dossier.FORMATS))
    law = about.law
    home = law.head(market).id if market else _first_market(about, approval)
    found = made_of(law, about.profile, approval, home, about.opened.as_of)
    renderer = import_module(f"carnet.report.dossier.{format}")
    made = formats.render_with(renderer, found, language=language_of(about.request), width=80)
    return attached(about, f"dossier-{approval}", format, dossier.FORMATS[format][0], made)


def _first_market(about: Subject, approval: str) -> str:
    """The first of the markets chosen that asks for an approval which counts in several; nothing where it is of one."""
    entry = about.law.approvals.get(approval)
    if entry is None or entry.jurisdiction in about.law.markets():
        return ""
    asking = (market.market for market in about.chosen for route in market.routes if approval in sum(route.needs, ()))
    return next(asking, "")


@router.get("/download/{address}")
def download(about: About, address: str) -> Response:
    """One of them.

    Raises:
        UnknownName: for a format that does not exist.
    """
    known = {offer.address: offer for offer in offers()}
    if address not in known:
        raise UnknownName(f"unknown download {shown(address)}", hint=suggest(address[:40], known))
    offer = known[address]
    made = _MAKERS[offer.kind](about, offer.format)
    return attached(about, offer.kind, offer.format, offer.suffix, made)


def attached(about: Subject, kind: str, form: str, suffix: str, made: str | bytes) -> Response:
    """A file to be saved, named after the profile."""
    name = _UNSAFE.sub("-", f"{about.profile.name}-{kind}").strip("-.").lower()[:80]
    name = name.encode("ascii", "ignore").decode().strip("-") or kind
    mark = f".{form}" if form in ("junit", "oscal", "oscal-poam", "jira") else ""
    said = f'attachment; filename="{name}{mark}{suffix}"'
    content = made.encode() if isinstance(made, str) else made
    return Response(content, media_type=MEDIA_TYPES[suffix], headers={"content-disposition": said})


def chosen_report(about: Subject) -> Report:
    """The report on the markets chosen alone."""
    markets = about.opened.markets or about.law.markets()
    return about.law.check(about.profile, markets, about.opened.as_of)


def _report(about: Subject, name: str) -> str | bytes:
    renderer = formats.FORMATS[name].load()
    wishes = {"ask": partial(ask, about.law), "language": language_of(about.request), "width": 80}
    return formats.render_with(renderer, chosen_report(about), **wishes)


def _compare(about: Subject, name: str) -> str | bytes:
    matrix = compare.matrix([chosen_report(about)], "distance", about.law)
    renderer = import_module(f"carnet.report.compare.{name}")
    return formats.render_with(renderer, matrix, language=language_of(about.request))


def _timeline(about: Subject, name: str) -> str | bytes:
    renderer = import_module(f"carnet.report.timeline.{name}")
    return formats.render_with(renderer, line_of(about), language=language_of(about.request))


def line_of(about: Subject) -> timeline.Timeline:
    """The time line of the markets chosen.

    Raises:
        InputError: when none is chosen; every day of every market would be too much for one page.
    """
    if not about.opened.markets:
        raise InputError("no market is chosen", hint="tick those whose time line you want on the page of markets")
    return timeline.timeline(
        about.law, about.profile, about.opened.markets, *timeline.span_of(about.opened.as_of, None)
    )


def _register(about: Subject, name: str) -> str | bytes:
    from carnet.plan.register import register

    law, profile = about.law, about.profile
    found = register(law, profile, about.opened.markets or law.markets(), about.opened.as_of)
    renderer = import_module(f"carnet.report.approvals.{name}")
    return formats.render_with(renderer, found, language=language_of(about.request), width=80)


def _questionnaire(about: Subject, name: str) -> str | bytes:
    from carnet.report.questionnaire import render

    law, profile, report = about.law, about.profile, chosen_report(about)
    rows = questions.rows(law, profile, report, True)
    names = [market.name for market in report]
    return render(profile.name, questions.sheets(rows, profile.partners), names, law.version)


def _requirements(about: Subject, name: str) -> str | bytes:
    from carnet.report import reqif

    return reqif.render(about.law, chosen_report(about), False, None)


def _domain(about: Subject, name: str) -> str | bytes:
    values = about.profile.content.layers["", ""].values
    if not any(path.startswith("odd.") and value is not None for path, value in values.items()):
        raise InputError("the profile declares nothing of a design domain", hint="declare facts of the section odd")
    return odd.render(about.profile.name, values)[0]


_MAKERS: Mapping[str, Callable[[Subject, str], Any]] = {
    "report": _report,
    "compare": _compare,
    "timeline": _timeline,
    "approvals": _register,
    "questionnaire": _questionnaire,
    "requirements": _requirements,
    "domain": _domain,
    "profile": lambda about, _: about.opened.text,
}
