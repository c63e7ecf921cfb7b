# SPDX-License-Identifier: Apache-2.0
"""Office files without the moment at which they were made: equal reports are equal files."""

from __future__ import annotations

import io
import re
import zipfile

_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def undated(made: io.BytesIO) -> bytes:
    """The same file with every time in it set to one."""
    out = io.BytesIO()
    with zipfile.ZipFile(made) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for entry in archive.infolist():
            raw = archive.read(entry)
            if entry.filename == "docProps/core.xml":
                raw = _MODIFIED.sub(b"\\g<1>2000-01-01T00:00:00Z\\g<2>", raw)
            fixed = zipfile.ZipInfo(entry.filename, (2000, 1, 1, 0, 0, 0))
            fixed.compress_type = zipfile.ZIP_DEFLATED
            copy.writestr(fixed, raw)
    return out.getvalue()
