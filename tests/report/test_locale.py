# SPDX-License-Identifier: Apache-2.0
"""Every fixed text of the reports stands in every catalogue, with the same placeholders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import report_samples as samples
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from carnet.law.locale.glossary import terms
from carnet.law.locate import bundled_law
from carnet.report import html, i18n, words

METHODS = [("**.py", "python"), ("report/html/templates/**", "jinja2"), ("serve/web/templates/**", "jinja2")]
OPTIONS = {pattern: {"trim_blocks": "true", "lstrip_blocks": "true"} for pattern, kind in METHODS if kind == "jinja2"}
KEYWORDS = {"N_": None, "_": None, "gettext": None, "ngettext": (1, 2)}
VERBS = (
    "the law bars it, whatever is done",
    "the law bars it, whoever acts",
    "lacks {values}",
    "This server lacks a part that the page needs.",
)
"""Where a term is a verb of other meaning."""
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def messages() -> set[str | tuple[str, ...]]:
    found = extract_from_dir(Path(words.__file__).parents[1], METHODS, OPTIONS, KEYWORDS)
    return {message for _, _, message, _, _ in found if message}


def catalogue(language: str) -> dict[str | tuple[str, ...], Message]:
    with (i18n.FOLDER / f"{language}.po").open("rb") as file:
        return {message.id: message for message in read_po(file, locale=language) if message.id}


@pytest.mark.parametrize("language", [language for language in i18n.LANGUAGES if language != "en"])
def test_every_text_is_translated_and_none_is_left_over(language: str) -> None:
    known = catalogue(language)
    assert set(known) == messages()
    assert [message.id for message in known.values() if not all(_forms(message.string))] == []


@pytest.mark.parametrize("language", [language for language in i18n.LANGUAGES if language != "en"])
def test_placeholders_survive(language: str) -> None:
    for message in catalogue(language).values():
        asked = set(PLACEHOLDER.findall("".join(_forms(message.id))))
        for form in _forms(message.string):
            assert set(PLACEHOLDER.findall(form)) == asked, message.id


def _forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.mark.parametrize(("language", "name"), [("en", "Japan"), ("de", "Japan"), ("zh", "日本"), ("ar", "اليابان")])
def test_countries_are_named_in_the_page_s_language(language: str, name: str) -> None:
    page = html.render(samples.report(samples.japan(), samples.bavaria()), language=language)
    assert name in page
    assert "Bavaria" in page, "states and cities stand as the law names them"


def test_chinese_keeps_to_one_word_for_a_term() -> None:
    """The terms of Carnet's own reports (docs/glossary.md): a reader may take two words for two things."""
    strays = []
    for term in terms([bundled_law()], "reports"):
        english = re.compile(rf"\b{re.escape(term.english.partition(' (')[0])}s?\b", re.IGNORECASE)
        for message in catalogue("zh").values():
            asked, said = " ".join(_forms(message.id)), "".join(_forms(message.string))
            if asked not in VERBS and english.search(PLACEHOLDER.sub(" ", re.sub("`[^`]*`", " ", asked))):
                strays += [] if any(word in said for word in term.words["zh"]) else [(term.english, asked, said)]
    assert strays == []
