# SPDX-License-Identifier: Apache-2.0
"""The register of approvals, for people, calendars and programs."""

FORMATS = {
    "terminal": (".txt",),
    "json": (".json",),
    "html": (".html", ".htm"),
    "xlsx": (".xlsx",),
    "ical": (".ics",),
}
