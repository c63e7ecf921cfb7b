# SPDX-License-Identifier: Apache-2.0
"""Sentences put together from parts, set as their language is printed.

Parts are joined by `, ` and `: ` wherever they meet. Chinese has signs of its own for that and a blank between its
characters and Latin ones; Arabic has a comma, a semicolon and a question mark of its own.
"""

from __future__ import annotations

import re

from carnet.spoken import language

_HAN = "\u3400-\u9fff\u3000-\u303f\uff00-\uffef\ue000"
_WORDS = "\u3400-\u9fff"
_ARABIC = "\u0600-\u06ff"
_SIGNS = {"zh": dict(zip(",;:?!", "，；：？！", strict=True)), "ar": dict(zip(",;?", "،؛؟", strict=True))}
_AFTER_HAN = re.compile(rf"(?<=[{_HAN}])([,;:?!])(?: +|$)")
_BEFORE_HAN = re.compile(rf"(?<=[\w)\]%])([,;]) +(?=[{_WORDS}（])")
_HAS_ARABIC = re.compile(f"[{_ARABIC}]")
_BESIDE_ARABIC = re.compile(rf"(?:(?<=[{_ARABIC}])|(?<=[{_ARABIC}]\)))[,;?](?=\s|$)|[,;](?= +[{_ARABIC}])")
_LATIN_WORD = r"\(?[A-Za-z0-9§](?:(?:[A-Za-z0-9§._@|/:+%'()-]|<wbr>)*[A-Za-z0-9§%)])?"
_LATIN = re.compile(rf"{_LATIN_WORD}(?:[,،;:]? {_LATIN_WORD})*")
_LEFT_TO_RIGHT, _END, _RIGHT_TO_LEFT = "\u2066", "\u2069", "\u200f"
_STOP = re.compile(rf"(?<=[{_HAN}])\.(?=\s|$)")
_HAN_THEN_LATIN = re.compile(rf"(?<=[{_WORDS}])(?=[A-Za-z0-9])")
_LATIN_THEN_HAN = re.compile(rf"(?<=[A-Za-z0-9%])(?=[{_WORDS}])")
_BRACKETS = re.compile(rf" ?\(([^()<>]*[{_WORDS}][^()<>]*)\)")
_BLANKS = re.compile(rf"(?<=[，。；：？！（）、]) +(?=[{_WORDS}（])|(?<=\S) +(?=[，。；：？！（）、])")
_BETWEEN_HAN = re.compile(rf"(?<=[{_WORDS}]) (?=[{_WORDS}])")
_QUOTED = re.compile(r"(`[^`]*`)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_COLOURED = "\ue000"
_MARKUP = re.compile(r"(<(script|style|pre|code|textarea)\b.*?</\2>|<(?!wbr>)[^>]*>|&#?\w+;)", re.DOTALL)


def set_type(text: str) -> str:
    """A line or paragraph as its language prints it; English and German stay as they are."""
    spoken = language()
    if spoken == "zh":
        return _chinese(text)
    if spoken == "ar":
        return _BESIDE_ARABIC.sub(lambda sign: _SIGNS["ar"][sign[0]], text)
    return text


def set_page(page: str) -> str:
    """The texts of an HTML page, not its markup, scripts and code."""
    if language() not in _SIGNS:
        return page
    parts = _MARKUP.split(page)
    return "".join(part if number % 3 else _text(part) for number, part in enumerate(parts) if number % 3 < 2)


def _text(text: str) -> str:
    """A text of a page; in Arabic each id, day and citation keeps its direction and so the order of its parts."""
    text = set_type(text)
    return _LATIN.sub(_isolated, text) if language() == "ar" and _HAS_ARABIC.search(text) else text


def _isolated(found: re.Match[str]) -> str:
    """A run of Latin words, without the brackets that belong to the sentence around it; a text that begins with one
    is still one from right to left."""
    run = found[0]
    if run.isdigit():
        return run
    before = "(" if run.startswith("(") and run.count("(") > run.count(")") else ""
    inner = run.removeprefix(before).rstrip(")")
    inner += ")" * min(inner.count("(") - inner.count(")"), len(run) - len(before) - len(inner))
    start = _RIGHT_TO_LEFT if found.start() == 0 else ""
    return f"{start}{before}{_LEFT_TO_RIGHT}{inner}{_END}{run[len(before) + len(inner) :]}"


def _chinese(text: str) -> str:
    if text.isascii():
        return text
    if colours := _COLOUR.findall(text):
        codes = iter(colours)
        return re.sub(_COLOURED, lambda _: next(codes), _chinese(_COLOUR.sub(_COLOURED, text)))
    if "`" in text:
        return "".join(part if part.startswith("`") else _chinese(part) for part in _QUOTED.split(text))
    text = _BRACKETS.sub(r"（\1）", text)
    text = _AFTER_HAN.sub(lambda sign: _SIGNS["zh"][sign[1]], text)
    text = _BEFORE_HAN.sub(lambda sign: _SIGNS["zh"][sign[1]], text)
    text = _STOP.sub("。", text)
    text = _LATIN_THEN_HAN.sub(" ", _HAN_THEN_LATIN.sub(" ", text))
    return _BETWEEN_HAN.sub("", _BLANKS.sub("", text))
