# SPDX-License-Identifier: Apache-2.0
"""ZIP files from outside: what their directory says of sizes may be a lie, and what they hold may be broken."""

from __future__ import annotations

import io
import zipfile
import zlib

BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError)
"""What Python says of a ZIP file that is damaged, packed in a way it does not know, or locked."""
CHUNK = 1 << 20


def unpacks_within(raw: bytes, limit: int) -> bool:
    """Whether all members of a ZIP file together hold at most so many bytes, whatever its directory says.

    Raises:
        one of BROKEN: when a member cannot be unpacked.
    """
    left = limit
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for entry in archive.infolist():
            if entry.file_size > left:
                return False
            entry.file_size = left + 1  # else no more is unpacked at a time than is said, and the rest is not seen
            with archive.open(entry) as stream:
                while chunk := stream.read(CHUNK):
                    left -= len(chunk)
            if left < 0:
                return False
    return True
