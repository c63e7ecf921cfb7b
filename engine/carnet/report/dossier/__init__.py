# SPDX-License-Identifier: Apache-2.0
"""The content of one application, to work through and to hand over."""

FORMATS = {
    "terminal": (".txt",),
    "json": (".json",),
    "html": (".html", ".htm"),
    "xlsx": (".xlsx",),
    "docx": (".docx",),
}
