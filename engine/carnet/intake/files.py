# SPDX-License-Identifier: Apache-2.0
"""What a file says, in whichever of the formats that Carnet reads: one place for commands and for uploads."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carnet.declare.profile import Profile
from carnet.errors import InputError, Place, os_reason
from carnet.intake.answers import answers_of
from carnet.intake.forms import Form
from carnet.intake.harvest import Harvest, Left, sift

if TYPE_CHECKING:
    from carnet.api import Law

TABLES = (".csv", ".tsv", ".txt", ".xlsx")
_NO_FORM: Mapping[str, Any] = {}


def harvest_of(
    law: Law, file: Path, row: str = "", mapped: str | None = None, form: Mapping[str, Any] = _NO_FORM
) -> Harvest:
    """What a file in any of the formats says, without what the vocabulary refuses.

    row: of a table, by its number or a cell. mapped: a column map. form: how a table writes its values.

    Raises:
        InputError: when the file cannot be read, is in none of the formats, or which row is meant is not said.
    """
    is_table = file.suffix.lower() in TABLES
    found = _read_row(law, file, row, mapped, form) if is_table else _read_file(law, file)
    return sift(found, partial(_from_facts, law))


def _read_row(law: Law, file: Path, row: str, mapped: str | None, named: Mapping[str, Any]) -> Harvest:
    from carnet.intake import columns, tables

    answers = answers_of(law)
    form = Form().with_named(named)
    found = columns.read_map(mapped, answers, form) if mapped else None
    if found:
        form = found.form.with_named(named)
        found = found._replace(form=form)
    table = tables.open_rows(file, form)
    found = found or columns.map_of_header(table.header, answers, form)
    absent: list[str] = []
    if mapped in columns.maps():  # a register's download holds the columns that were asked for
        found, absent = columns.within(found, table.header)
    tables.check_columns(file, table.header, found)
    harvest = tables.harvest_row(file, table.header, tables.chosen(file, table, row), found, answers)
    return harvest._replace(left=(*harvest.left, *(Left(name, "", "the table has no such column") for name in absent)))


def _read_file(law: Law, file: Path) -> Harvest:
    from carnet.intake import autoware, odd
    from carnet.source import read_source

    if _begins_as_xml(file) or file.suffix.lower() == ".xml":
        from carnet.intake.ivi import read_ivi

        return read_ivi(law, file)
    data = read_source(file).data
    if odd.is_odd(data):
        return odd.read_odd(file)
    if autoware.is_autoware(data):
        return autoware.read_autoware(file)
    raise InputError("is in no format that can be imported", Place(str(file)), "`carnet import --help` names them")


def is_profile(file: Path) -> bool:
    """Whether a file is to be read as a profile, and not as another format from which one can be made.

    Raises:
        InputError: when it cannot be read.
    """
    from carnet.intake import autoware, odd
    from carnet.source import read_source

    if file.suffix.lower() in (*TABLES, ".xml") or _begins_as_xml(file):
        return False
    data = read_source(file).data
    return not odd.is_odd(data) and not autoware.is_autoware(data)


def _begins_as_xml(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            return stream.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
    except OSError as error:
        reason = os_reason(error)
        raise InputError(f"cannot be read ({reason})", Place(str(file)), "check the path") from None


def _from_facts(law: Law, facts: Mapping[str, Any]) -> Profile:
    return Profile.from_dict(facts, law.vocabulary, approvals=law.approvals, jurisdictions=law.codes)
