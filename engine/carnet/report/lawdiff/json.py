# SPDX-License-Identifier: Apache-2.0
"""The difference between two laws as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict

from carnet.report.lawdiff import LawDiff


def render(difference: LawDiff) -> str:
    return json.dumps(asdict(difference), indent=2, ensure_ascii=False, default=str) + "\n"
