# SPDX-License-Identifier: Apache-2.0
"""Codes of markets, countries and languages by the names that people write: `cn`, `China`, `中国`, `Bavaria`.

The law knows its jurisdictions by their English names. Other names and languages come from Unicode's locale data, where
`babel` is installed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from carnet.declare.codes import COUNTRIES, LANGUAGES
from carnet.errors import InputError, shown, suggest
from carnet.law.locale.catalogue import catalogue, languages
from carnet.spoken import ENGLISH

if TYPE_CHECKING:
    from carnet.law.law import Law

LOCALES = """
    en zh zh_Hant de ar fr es pt ja ko it nl nb sv da fi pl cs hu ro el tr he ru uk hi th vi id ms
""".split()  # noqa: SIM905
_ALSO = {"UK": "GB", "BRITAIN": "GB", "ENGLAND": "GB", "EL": "GR", "UAE": "AE", "USA": "US", "KSA": "SA", "PRC": "CN"}
_ALSO |= {"ROK": "KR", "KOREA": "KR", "HOLLAND": "NL", "中华人民共和国": "CN", "中國大陸": "CN", "TURKEY": "TR"}


class PlaceNames:
    """Codes by what people call them; `jurisdictions` are the names of a law's jurisdictions by code, `others` what
    they are called in other languages."""

    def __init__(self, jurisdictions: Mapping[str, str], others: Iterable[tuple[str, str]] = ()) -> None:
        self._jurisdictions = jurisdictions
        self._by_name = {_key(name): code for name, code in others}
        self._by_name |= {_key(name): code for code, name in jurisdictions.items()}
        self._by_code = {code.upper(): code for code in jurisdictions}

    def jurisdiction(self, text: str) -> str:
        """The code of a jurisdiction.

        Raises:
            InputError: when none is called so.
        """
        name = _key(text)
        country = _country(name)
        found = self._by_code.get(name) or self._by_name.get(name)
        if found or country in self._jurisdictions:
            return found or country
        known = [*self._jurisdictions, *self._jurisdictions.values()]
        if country:
            raise InputError(f"the law of {shown(text)} is not encoded", hint=_nearest(text, self._jurisdictions))
        hint = suggest(text.strip()[:40], known) or "see `carnet markets`"
        raise InputError(f"{shown(text)} is no market that is known", hint=hint)

    def country(self, text: str) -> str:
        """ISO 3166 code of a country, or the text itself where no country is called so."""
        return _country(_key(text)) or text.strip()

    def place(self, text: str) -> str:
        """The code of a jurisdiction or country called so, or the text itself: places may be names."""
        name = _key(text)
        return self._by_code.get(name) or self._by_name.get(name) or _country(name) or text.strip()

    def language(self, text: str) -> str:
        """ISO 639 code of a language, or the text itself where no language is called so."""
        name = _key(text)
        code = name.lower() if name.lower() in LANGUAGES else _names("languages").get(name, "")
        return code if code in LANGUAGES else text.strip()


@lru_cache(maxsize=8)
def names_of(law: Law) -> PlaceNames:
    """The names of places under a law, of its jurisdictions in every language that it is said in; kept, since pages ask
    again and again."""
    names = {code: law.head(code).name for code in law.codes}
    english = law.in_language(ENGLISH)
    others = [(english.head(code).name, code) for code in names]
    for language in languages():
        said = catalogue(language, law.folders)
        others += [(found, code) for name, code in others[: len(names)] if (found := said.find(name, f"{code}.name"))]
    return PlaceNames(names, others)


def _key(text: str) -> str:
    return " ".join(text.split()).upper()


def _country(name: str) -> str:
    code = _ALSO.get(name) or (name if name in COUNTRIES else "") or _names("territories").get(name, "")
    return code if code in COUNTRIES else ""


@cache
def _names(kind: str) -> dict[str, str]:
    """Codes by upper-case name in the languages of `LOCALES`; empty without babel."""
    try:
        from babel import Locale
    except ModuleNotFoundError:
        return {}
    found: dict[str, str] = {}
    for locale in LOCALES:
        for code, name in getattr(Locale.parse(locale), kind).items():
            found.setdefault(_key(name), code)
    return found


def _nearest(text: str, codes: Iterable[str]) -> str:
    return suggest(text.strip()[:40], codes) or "`carnet markets` lists those that are"
