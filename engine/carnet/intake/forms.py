# SPDX-License-Identifier: Apache-2.0
"""How a table writes its values: decimal and thousands signs, days, words for yes and no; named, not guessed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

from carnet.errors import InputError, shown, suggest
from carnet.intake.numbers import plain_number

DATE_FORMS = {
    "YYYY-MM-DD": "%Y-%m-%d", "YYYYMMDD": "%Y%m%d", "DD.MM.YYYY": "%d.%m.%Y", "DD/MM/YYYY": "%d/%m/%Y",
    "MM/DD/YYYY": "%m/%d/%Y", "DD-MM-YYYY": "%d-%m-%Y", "YYYY/MM/DD": "%Y/%m/%d",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """How cells are to be read.

    delimiter: between the cells of a line. decimal and thousands: empty where they are not named, and then what can be
    read in two ways is refused. yes and no: words besides those that people write anyway. header_row counts from 1.
    """

    delimiter: str = ","
    decimal: str = ""
    thousands: str = ""
    dates: str = "YYYY-MM-DD"
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    encoding: str = "utf-8"
    sheet: str = ""
    header_row: int = 1
    locale: str = field(default="", compare=False)

    def with_named(self, given: Mapping[str, Any]) -> Self:
        """The same with what is given in its place.

        Raises:
            InputError: for a name or value that does not exist.
        """
        known = {item.name for item in fields(self)}
        for name in given:
            if name not in known:
                raise InputError(
                    f"unknown form {shown(name)}", hint=suggest(str(name)[:40], known) or f"one of {', '.join(known)}"
                )
        form = self
        if locale := given.get("locale"):
            if locale not in LOCALES:
                raise InputError(f"unknown locale {shown(locale)}", hint=f"one of {', '.join(LOCALES)}")
            form = replace(form, **LOCALES[locale], locale=locale)
        rest: dict[str, Any] = {key: tuple(item) if isinstance(item, list) else item for key, item in given.items()}
        rest.pop("locale", None)
        form = replace(form, **rest)
        form.check()
        return form

    def check(self) -> None:
        if self.dates not in DATE_FORMS:
            raise InputError(f"unknown form of days {shown(self.dates)}", hint=f"one of {', '.join(DATE_FORMS)}")
        if len(self.delimiter) != 1 or any(len(sign) > 1 for sign in (self.decimal, self.thousands)):
            raise InputError("a delimiter, decimal or thousands sign is one character", hint="such as `;`, `,` or `.`")
        if self.decimal and self.decimal == self.thousands:
            raise InputError("decimal and thousands sign are the same", hint="name two")

    def told(self) -> str:
        """What is taken for what, in words."""
        numbers = f"decimal {self.decimal}" if self.decimal else "decimal point, nothing else that has two readings"
        numbers += f", thousands {self.thousands}" if self.thousands else ""
        words = f", {'/'.join(self.yes)} and {'/'.join(self.no)}" if self.yes or self.no else ""
        return f"cells apart by {self.delimiter!r}, {numbers}, days as {self.dates}{words}"

    def number(self, text: str) -> int | float | None:
        """The number that a cell says; None where it says none.

        Raises:
            InputError: where it has two readings and no decimal sign is named.
        """
        if not self.decimal:
            return plain_number(text)
        bare = text.strip().replace("−", "-")
        group = re.escape(self.thousands) if self.thousands else ""
        whole = rf"[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+" if group else "[0-9]+"
        if not re.fullmatch(rf"[-+]?(?:{whole})(?:{re.escape(self.decimal)}[0-9]+)?", bare):
            return None
        plain = (bare.replace(self.thousands, "") if self.thousands else bare).replace(self.decimal, ".")
        return float(plain) if "." in plain else int(plain)

    def day(self, text: str) -> dt.date | None:
        """The day that a cell says in the form named; None where it is no day in it."""
        try:
            return dt.datetime.strptime(text.strip(), DATE_FORMS[self.dates]).date()
        except ValueError:
            return None


_CONTINENTAL = {"delimiter": ";", "decimal": ",", "dates": "DD.MM.YYYY"}
LOCALES: Mapping[str, Mapping[str, Any]] = {
    "de": {**_CONTINENTAL, "thousands": ".", "yes": ("WAHR", "ja"), "no": ("FALSCH", "nein")},
    "nl": {**_CONTINENTAL, "thousands": ".", "dates": "DD-MM-YYYY", "yes": ("WAAR", "ja"), "no": ("ONWAAR", "nee")},
    "fr": {**_CONTINENTAL, "thousands": "\u202f", "dates": "DD/MM/YYYY", "yes": ("VRAI", "oui"), "no": ("FAUX", "non")},
    "es": {**_CONTINENTAL, "thousands": ".", "dates": "DD/MM/YYYY", "yes": ("VERDADERO", "sí"), "no": ("FALSO", "no")},
    "it": {**_CONTINENTAL, "thousands": ".", "dates": "DD/MM/YYYY", "yes": ("VERO", "sì"), "no": ("FALSO", "no")},
    "pl": {**_CONTINENTAL, "thousands": "\u00a0", "yes": ("PRAWDA", "tak"), "no": ("FAŁSZ", "nie")},
    "us": {
        "delimiter": ",",
        "decimal": ".",
        "thousands": ",",
        "dates": "MM/DD/YYYY",
        "yes": ("TRUE",),
        "no": ("FALSE",),
    },
    "cn": {"delimiter": ",", "decimal": ".", "thousands": ",", "dates": "YYYY/MM/DD", "yes": ("是",), "no": ("否",)},
}
"""How spreadsheets of a country write, by the name to be given."""
