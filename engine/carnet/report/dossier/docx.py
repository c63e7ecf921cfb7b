# SPDX-License-Identifier: Apache-2.0
"""The dossier as a text document, to work through and to hand over."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

from carnet.errors import MissingExtra
from carnet.plan.dossier import Done, Dossier, Line, Why
from carnet.report import digest
from carnet.report.dossier import words
from carnet.report.inert import clean_text
from carnet.report.zipped import undated
from carnet.spoken import N_, _

try:
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor
except ImportError as error:
    raise MissingExtra("dossier -f docx", "reports") from error

INK, SOFT = RGBColor(0x1B, 0x24, 0x30), RGBColor(0x56, 0x61, 0x6F)
SHADE = {"gap": "FAE7E0", "undetermined": "E9ECEF", "conditional": "F8EFD9", "compliant": "E3F1EA"}
WIDTHS = (8, 76, 30, 96, 42)
HEADS = ("", N_("What is asked"), N_("State"), N_("What is there, and what is left"), N_("Who owes it"))


def render(dossier: Dossier) -> bytes:
    """The document; equal dossiers are equal files."""
    document = docx.Document()
    _page(document)
    document.core_properties.title = clean_text(_("Dossier: {approval}").format(approval=dossier.approval.id))
    document.core_properties.author = "Carnet"
    document.core_properties.created = document.core_properties.modified = dt.datetime(2000, 1, 1)
    document.add_heading(clean_text(dossier.approval.title), 0)
    _facts(document, [(_("Profile"), dossier.profile), *words.about(dossier), (_("Day"), str(dossier.day))])
    document.add_paragraph(clean_text(words.progress(dossier)))
    for why in Why:
        if lines := dossier.part(why):
            document.add_heading(clean_text(_(words.PARTS[why])), 1)
            _lines(document, lines)
    for text in (_(words.NOTE), digest.receipt(dossier.receipt), _(digest.DISCLAIMER)):
        document.add_paragraph(clean_text(text)).style = document.styles["Caption"]
    out = io.BytesIO()
    document.save(out)
    return undated(out)


def _page(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(16)
    for name, size in (("Normal", 9.5), ("Title", 20), ("Heading 1", 13), ("Caption", 8)):
        font = document.styles[name].font
        font.name, font.size, font.color.rgb = "Calibri", Pt(size), SOFT if name == "Caption" else INK


def _facts(document: Any, pairs: Iterable[tuple[str, str]]) -> None:
    table = document.add_table(rows=0, cols=2)
    for name, text in pairs:
        cells = table.add_row().cells
        _write(cells[0], name, bold=True)
        _write(cells[1], text)
    _widths(table, (40, 212))


def _lines(document: Any, lines: Iterable[Line]) -> None:
    table = document.add_table(rows=1, cols=len(HEADS))
    table.style = "Table Grid"
    for cell, head in zip(table.rows[0].cells, HEADS, strict=True):
        _write(cell, _(head) if head else "", bold=True)
    _repeat(table.rows[0])
    for line in lines:
        cells = table.add_row().cells
        _write(cells[0], "☒" if line.state is Done.DONE else "☐")
        what = [line.title, line.wanted if line.wanted != line.title else "", words.law(line)]
        _write(cells[1], *filter(None, what), feature=line.feature)
        _write(cells[2], words.state(line), bold=True)
        _shade(cells[2], SHADE[words.TONES[line.state]])
        said = words.declared(line)
        files = words.attached(line)
        _write(cells[3], *filter(None, (words.todo(line), said, files)))
        _write(cells[4], words.who(line))
    _widths(table, WIDTHS)


def _write(cell: Any, *texts: str, bold: bool = False, feature: str = "") -> None:
    """The first text as it is, each further one below it in a softer ink."""
    for number, text in enumerate((*texts, *([feature] if feature else []))):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(1)
        run = paragraph.add_run(clean_text(text))
        run.bold = bold
        if number:
            run.font.size, run.font.color.rgb = Pt(8.5), SOFT


def _widths(table: Any, widths: Sequence[int]) -> None:
    table.autofit = False
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def _repeat(row: Any) -> None:
    """Say the header again on every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _shade(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", colour)):
        shade.set(qn(name), value)
    cell._tc.get_or_add_tcPr().append(shade)
