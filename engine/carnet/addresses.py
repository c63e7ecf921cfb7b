# SPDX-License-Identifier: Apache-2.0
"""Addresses that packs may name and reports may link to: those of the web, and nothing that runs."""

from __future__ import annotations

from urllib.parse import urlsplit

_NEVER = set(' "<>\\^`{|}')


def web_address(url: str) -> str:
    """The address when it is one of the web, else nothing: `javascript:` and `data:` would run."""
    if not url.isprintable() or set(url) & _NEVER:
        return ""
    try:
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""
