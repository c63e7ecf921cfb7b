# SPDX-License-Identifier: Apache-2.0
"""Who waits for whom when a team does only so much at once: the order of a schedule as an order of tasks."""

from __future__ import annotations

from collections.abc import Mapping

from carnet.plan.order import Edge, Span
from carnet.plan.tasks import Task


def taking_turns(tasks: Mapping[str, Task], spans: Mapping[str, Span], parallel: int | None) -> list[Edge]:
    """Tasks laid out for `parallel` pairs of hands as scheduled: each waits for the one before it in its hands."""
    if parallel is None:
        return []
    hands: list[tuple[int, str]] = [(0, "")] * parallel
    edges = []
    busy = [name for name, span in spans.items() if name in tasks and span.end > span.start and not tasks[name].fixed]
    for name in sorted(busy, key=lambda name: (spans[name], name)):
        at = min(range(parallel), key=lambda at: (hands[at][0] > spans[name].start, -hands[at][0], at))
        if hands[at][1]:
            edges.append((hands[at][1], name))
        hands[at] = (spans[name].end, name)
    return edges
