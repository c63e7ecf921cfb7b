# SPDX-License-Identifier: Apache-2.0
"""Kinds of files: media types, and names when they are kept. What is not JSON is a download, never a page."""

from __future__ import annotations

from typing import Any

from carnet.serve.answer import Answer

TYPES: dict[str, tuple[str, str]] = {
    "json": ("application/json", ".json"),
    "terminal": ("text/plain; charset=utf-8", ".txt"),
    "markdown": ("text/markdown; charset=utf-8", ".md"),
    "html": ("text/html; charset=utf-8", ".html"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    "csv": ("text/csv; charset=utf-8", ".csv"),
    "sarif": ("application/sarif+json", ".sarif"),
    "junit": ("application/xml", ".xml"),
    "oscal": ("application/json", ".oscal.json"),
    "oscal-poam": ("application/json", ".poam.json"),
    "jira": ("text/csv; charset=utf-8", ".csv"),
    "ical": ("text/calendar; charset=utf-8", ".ics"),
}
OTHER = ("application/octet-stream", "")


def answer(content: str | bytes, format_name: str, name: str) -> Answer:
    """A file of a format; anything but JSON is to be kept and not shown, so that it runs nowhere."""
    media_type, suffix = TYPES.get(format_name, OTHER)
    raw = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    headers = {} if format_name == "json" else {"content-disposition": f'attachment; filename="{name}{suffix}"'}
    return Answer(raw, media_type, headers)


def documented(model: str, *formats: str) -> dict[str, Any]:
    """How an answer of several formats stands in the API's document."""
    content: dict[str, Any] = {"application/json": {"schema": {"$ref": f"#/components/schemas/{model}"}}}
    for each in formats:
        kind = TYPES.get(each, OTHER)[0].partition(";")[0]
        content.setdefault(kind, {"schema": {"type": "string", "format": "binary"}})
    return {"description": "The answer, in the format asked for", "content": content}


REPORT = documented("Report", "terminal", "markdown", "html", "xlsx", "csv", "sarif", "junit")
