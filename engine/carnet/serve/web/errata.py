# SPDX-License-Identifier: Apache-2.0
"""What somebody found wrong with a rule, as a file for the keeper of its pack."""

from __future__ import annotations

import datetime as dt
import json

from carnet import __version__
from carnet.api import Law
from carnet.law.model import Rule


def erratum(law: Law, rule: Rule, place: str, what: str, provision: str, at: str, by: str) -> str:
    """The file: who says what of which rule, in which release of the law, and what its reader had read.

    Every value is written as a JSON string, which YAML reads as it stands whatever was typed.
    """
    read = rule.read
    lines = [
        "# What is wrong with a rule; send this file to the keeper of the pack.",
        *_entry("rule", rule.id),
        *_entry("title", rule.title),
        *_entry("written_in", place),
        *_entry("law_version", law.version),
        *_entry("law_sha256", law.sha256),
        *_entry("carnet", __version__),
        "cites:",
        *(f"  - {{instrument: {_text(cite.instrument)}, provision: {_text(cite.provision)}}}" for cite in rule.cites),
        *_entry("confidence", rule.confidence.value),
        *_entry("basis", rule.basis.value),
        *_entry("read_on", read.on.isoformat() if read else ""),
        *_entry("read_what", read.what if read else ""),
        *_entry("read_at", read.at if read else ""),
        *_entry("wrong", what.replace("\r\n", "\n").strip()),
        *_entry("right_provision", provision.strip()),
        *_entry("right_text_at", at.strip()),
        *_entry("said_by", by.strip()),
        *_entry("said_on", dt.date.today().isoformat()),
    ]
    return "\n".join(lines) + "\n"


def _entry(name: str, value: str) -> list[str]:
    return [f"{name}: {_text(value)}"] if value else []


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
