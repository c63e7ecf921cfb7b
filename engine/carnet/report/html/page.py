# SPDX-License-Identifier: Apache-2.0
"""The Jinja environment of all HTML pages: escaping on, one stylesheet inlined, fixed text translated."""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path
from typing import Any

from carnet.addresses import web_address
from carnet.errors import MissingExtra
from carnet.logic.wording import value_text
from carnet.plan.actions import actions
from carnet.plan.questions import questions, to_ask
from carnet.report import digest, i18n, lack_words, select, story, trust, words
from carnet.report.compare import words as distances
from carnet.report.html import charts
from carnet.report.inert import clean_text
from carnet.report.typesetting import set_page
from carnet.spoken import speaking

try:
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup, escape
except ImportError as error:
    raise MissingExtra("check -f html", "reports") from error

TEMPLATES = Path(__file__).parent / "templates"
_SIGNS = {"= ": "", "<= ": "≤ ", ">= ": "≥ ", "!= ": "≠ "}


def page(template: str, language: str, **values: Any) -> str:
    """A whole page in one language.

    Raises:
        UnknownName: for a language without a catalogue.
    """
    with speaking(language):
        made = environment(language).get_template(template)
        whole = made.render(language=language, direction=i18n.direction(language), **values)
        return set_page(clean_text(whole))


@functools.cache
def environment(language: str, *packages: str) -> Environment:
    """The environment of a language; templates of further packages stand before the reports' own.

    Raises:
        UnknownName: for a language without a catalogue.
    """
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in (*packages, "carnet.report.html")]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    catalogue = i18n.translations(language)
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    translate = catalogue.gettext
    environment.globals.update(select=select, digest=digest, trust=trust, questions=questions)
    environment.globals.update(charts=charts, distances=distances)
    environment.globals.update(story=story, lack_words=lack_words, actions=actions, to_ask=to_ask)
    environment.globals["label"] = lambda kind, value: translate(words.label(kind, value))
    environment.globals["names"] = words.LABELS
    environment.globals["territory"] = lambda code: i18n.territory(code, language)
    environment.globals.update(script=script, script_hash=script_hash)
    environment.filters["value"] = _value(translate(words.N_("not declared")))
    environment.filters["day"] = _day(i18n.direction(language) == "rtl")
    environment.filters["required"] = required_signs
    environment.filters["link"] = link
    environment.filters["breakable"] = breakable
    return environment


def script(name: str) -> Markup:
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))


def script_hash(name: str) -> str:
    """What the page's policy allows to run: this script and nothing else."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script(name).encode()).digest()).decode()


def _value(undeclared: str) -> Any:
    return lambda value: undeclared if value is None else value_text(value)


def _day(rtl: bool) -> Any:
    """A day as ISO 8601; isolated on a right-to-left page, where its parts would change places."""
    return lambda day: Markup('<bdi dir="ltr">{}</bdi>').format(day) if rtl else str(day)


def required_signs(required: str) -> str:
    """`<= 30` as `≤ 30`: signs read the same in every language."""
    for sign, symbol in _SIGNS.items():
        if required.startswith(sign):
            return symbol + required[len(sign) :]
    return required


def link(text: object, url: str) -> Markup:
    """A link when the address is one of the web, else plain text: packs and profiles may name anything."""
    shown = Markup('<bdi lang="en">{}</bdi>').format(text)
    if not web_address(url):
        return shown
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(url, shown)


def breakable(path: str) -> Markup:
    """A dotted name that may be broken after its dots and underscores, never elsewhere unless it must."""
    return Markup(str(escape(path)).replace(".", ".<wbr>").replace("_", "_<wbr>"))
