# SPDX-License-Identifier: Apache-2.0
"""Packed files from outside: broken inside, or larger than their directory says."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

import pytest

pytest.importorskip("openpyxl")
pytest.importorskip("reqif")

from openpyxl import Workbook

from carnet.errors import InputError
from carnet.intake.packed import unpacks_within
from carnet.intake.reqif import read_requirements
from carnet.intake.workbook import open_book


def packed(content: bytes, said: int | None = None, name: str = "x.reqif") -> bytes:
    """A ZIP file with one member; its directory says another size, with the checksum that fits it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
        if said is not None:
            entry = archive.infolist()[0]
            entry.file_size, entry.CRC = said, zlib.crc32(content[:said])
    return target.getvalue()


def broken_inside() -> bytes:
    target = io.BytesIO()
    Workbook().save(target)
    raw = bytearray(target.getvalue())
    entry = zipfile.ZipFile(target).getinfo("xl/workbook.xml")
    start = entry.header_offset + 30 + len(entry.filename)
    raw[start : start + entry.compress_size] = b"\xff" * entry.compress_size
    return bytes(raw)


def test_what_is_counted_is_what_it_unpacks_to() -> None:
    assert unpacks_within(packed(b"0" * 1000), 1000)
    assert not unpacks_within(packed(b"0" * 1000), 999)
    with pytest.raises(zipfile.BadZipFile):
        unpacks_within(packed(b"0" * 5_000_000, said=10), 4_000_000)


@pytest.mark.parametrize(("name", "read"), [("x.xlsx", open_book), ("x.reqifz", read_requirements)])
def test_a_file_that_hides_its_size_or_is_broken_inside(name: str, read, tmp_path: Path, monkeypatch) -> None:
    for module in ("workbook", "reqif"):
        monkeypatch.setattr(f"carnet.intake.{module}.MAX_BYTES", 1_000_000)
    file = tmp_path / name
    file.write_bytes(packed(b"0" * 5_000_000))
    with pytest.raises(InputError, match=r"unpacks to more than 50 MiB|holds no single ReqIF file"):
        read(file)
    for raw in (broken_inside(), packed(b"0" * 5_000_000, said=10)):
        file.write_bytes(raw)
        with pytest.raises(InputError, match=r"is no XLSX workbook; save it|is no ReqIF in UTF-8; export it"):
            read(file)
