# SPDX-License-Identifier: Apache-2.0
"""Progress as plain data."""

from __future__ import annotations

from carnet.report.inert import to_json
from carnet.report.progress import Progress


def render(progress: Progress) -> str:
    markets = [
        {
            "market": line.market,
            "name": line.name,
            "reports": [point._asdict() if point else None for point in line.points],
            "still": [{"id": id_, "title": title} for id_, title in line.still.items()],
        }
        for line in progress.lines
    ]
    totals = [progress.total(at) for at in range(len(progress.labels))]
    return to_json({"profile": progress.profile, "reports": progress.labels, "in_the_way": totals, "markets": markets})
