# SPDX-License-Identifier: Apache-2.0
"""A road map, rendered: for people, for programs, for tools that plan projects and for calendars."""

FORMATS = {
    "terminal": (".txt",),
    "json": (".json",),
    "markdown": (".md",),
    "html": (".html", ".htm"),
    "xlsx": (".xlsx",),
    "csv": (".csv",),
    "jira": (),
    "ical": (".ics",),
}
