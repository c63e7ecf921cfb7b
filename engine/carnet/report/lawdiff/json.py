# SPDX-License-Identifier: Apache-2.0
"""The difference between two laws as JSON."""

from __future__ import annotations

from dataclasses import asdict

from carnet.report.inert import to_json
from carnet.report.lawdiff import LawDiff


def render(difference: LawDiff) -> str:
    return to_json(asdict(difference), default=str)
