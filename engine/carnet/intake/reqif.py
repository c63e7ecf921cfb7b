# SPDX-License-Identifier: Apache-2.0
"""Reads requirements back from ReqIF: what a supplier wrote beside each, as answers and as notes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from carnet.errors import InputError, MissingExtra, Place, os_reason
from carnet.intake.packed import BROKEN, unpacks_within
from carnet.source import read_file

try:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring
    from reqif.models.error_handling import ReqIFXMLParsingError
    from reqif.parser import ReqIFParser
except ImportError as error:
    raise MissingExtra("fill", "intake") from error

REQUIREMENT, HEADING = "carnet-requirement", "carnet-heading"
SUPPLIER = ("Supplier status", "Supplier answer", "Supplier comment")
"""Columns that are the supplier's; an answer is one for the only fact of `Facts`, or `fact: value; fact: value`."""
SUFFIXES = (".reqif", ".reqifz")
MAX_BYTES = 50 * 1024 * 1024


class Requirement(NamedTuple):
    """A requirement by the identifier of its rule: its columns by name and the day of its last change."""

    id: str
    values: Mapping[str, str]
    changed: str


class Note(NamedTuple):
    """What a supplier says of a requirement without answering for a fact."""

    rule: str
    status: str
    comment: str


def read_requirements(file: Path) -> dict[str, Requirement]:
    """The requirements that Carnet wrote, by identifier, whoever saved the file since.

    Raises:
        InputError: when the file is no ReqIF, or none that Carnet wrote.
    """
    text = _text(file)
    try:
        fromstring(text.encode(), forbid_dtd=True)
        bundle = ReqIFParser.parse_from_string(text)
    except ParseError as error:
        line, column = error.position
        raise InputError("is not well-formed XML", Place(str(file), line, column + 1)) from None
    except DefusedXmlException:
        raise InputError("defines entities or a document type", Place(str(file)), "ReqIF needs neither") from None
    except (ReqIFXMLParsingError, AttributeError, KeyError, ValueError, AssertionError, NotImplementedError):
        raise InputError("is no ReqIF that can be read", Place(str(file)), "export it as ReqIF 1.0 to 1.2") from None
    content = bundle.core_content.req_if_content if bundle.core_content else None
    names = {
        definition.identifier: definition.long_name or ""
        for kind in (content.spec_types if content else None) or []
        for definition in getattr(kind, "attribute_definitions", None) or []
    }
    found = {}
    for entry in (content.spec_objects if content else None) or []:
        if entry.identifier.startswith("carnet-") and entry.spec_object_type == REQUIREMENT:
            values = {names.get(value.definition_ref, ""): str(value.value).strip() for value in entry.attributes}
            found[entry.identifier] = Requirement(entry.identifier, values, entry.last_change or "")
    if not found:
        raise InputError("holds no requirement that Carnet wrote", Place(str(file)), "`carnet export reqif` writes one")
    return found


def _text(file: Path) -> str:
    try:
        raw = read_file(file, MAX_BYTES)
        if raw[:2] == b"PK":
            small = unpacks_within(raw, MAX_BYTES)
            with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                inside = [entry for entry in archive.infolist() if entry.filename.lower().endswith(".reqif")]
                if len(inside) != 1 or not small:
                    raise InputError(
                        "holds no single ReqIF file", Place(str(file)), "pack one `.reqif` of up to 50 MiB"
                    )
                raw = archive.read(inside[0])
        return raw.decode("utf-8-sig")
    except OSError as error:
        reason = os_reason(error)
        raise InputError(f"cannot be read ({reason})", Place(str(file)), "check the path") from None
    except (*BROKEN, UnicodeDecodeError):
        raise InputError("is no ReqIF in UTF-8", Place(str(file)), "export it anew") from None


class Said(NamedTuple):
    """An answer of a supplier: a fact, the text, and where it stands."""

    path: str
    text: str
    note: str
    place: str


def answers_and_notes(file: Path, found: Mapping[str, Requirement]) -> tuple[list[Said], list[Note]]:
    """What a supplier wrote: answers for facts, and notes to requirements.

    Raises:
        InputError: for an answer of which it is not said to which fact it belongs.
    """
    said: list[Said] = []
    notes: list[Note] = []
    for item in found.values():
        status, answer, comment = (item.values.get(name, "") for name in SUPPLIER)
        rule = item.values.get("ReqIF.ForeignID") or item.id.removeprefix("carnet-")
        if answer:
            note = ": ".join(filter(None, (", ".join(filter(None, ("supplier", status))), comment)))
            said += [Said(path, text, note, f"{file}: {rule}") for path, text in _parts(file, rule, item, answer)]
        elif status or comment:
            notes.append(Note(rule, status, comment))
    return said, notes


def _parts(file: Path, rule: str, item: Requirement, answer: str) -> Iterator[tuple[str, str]]:
    facts = [path.strip() for path in item.values.get("Facts", "").split(";") if path.strip()]
    for part in filter(None, (part.strip() for part in answer.split(";"))):
        head, colon, text = part.partition(":")
        if colon and "." in head and " " not in head.strip():
            yield head.strip(), text.strip()
        elif len(facts) == 1:
            yield facts[0], part
        else:
            hint = f"write `fact: value`, one of {', '.join(facts[:6])}" if facts else "write `fact: value`"
            raise InputError(f"`{part[:60]}` answers for no fact", Place(f"{file}: {rule}"), hint)
