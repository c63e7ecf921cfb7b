# SPDX-License-Identifier: Apache-2.0
"""Put what the engine says into the catalogues of report/locale: new messages without a translation, gone ones removed.

Prints, per language, what waits for a translator. Messages stand in order below the head of their file, so that several
people's changes seldom meet.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parents[1] / "engine" / "carnet"
METHODS = [("**.py", "python"), ("report/html/templates/**", "jinja2"), ("serve/web/templates/**", "jinja2")]
OPTIONS = {pattern: {"trim_blocks": "true", "lstrip_blocks": "true"} for pattern, kind in METHODS if kind == "jinja2"}
KEYWORDS = {"N_": None, "_": None, "gettext": None, "ngettext": (1, 2)}


def template() -> Catalog:
    """Every message of the package."""
    catalogue = Catalog()
    for _file, _line, message, _comments, _context in extract_from_dir(PACKAGE, METHODS, OPTIONS, KEYWORDS):
        catalogue.add(message)
    return catalogue


def update(path: Path, messages: Catalog) -> list[str]:
    """Bring one catalogue up to date; the messages that have no translation."""
    text = path.read_text(encoding="utf-8")
    head = text[: text.index("\n\n") + 2]
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    catalogue.update(messages, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    for message in catalogue:
        message.flags.clear()
    body = io.BytesIO()
    write_po(body, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    path.write_text(head + body.getvalue().decode().lstrip("\n"), encoding="utf-8")
    return [str(message.id) for message in catalogue if message.id and not _done(message.string)]


def _done(string: object) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


if __name__ == "__main__":
    found = template()
    for path in sorted((PACKAGE / "report" / "locale").glob("*.po")):
        missing = update(path, found)
        print(f"{path.stem}: {len(missing)} to translate", *missing, sep="\n  ")
