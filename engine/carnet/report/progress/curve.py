# SPDX-License-Identifier: Apache-2.0
"""A falling curve as inline SVG; the same numbers stand in the table below it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

WIDTH, HEIGHT, MARGIN = 720, 180, 28


def curve(totals: Sequence[int], labels: Sequence[str]) -> Markup:
    """A line through the totals, each with its number and the label of its report."""
    most, steps = max([*totals, 1]), max(len(totals) - 1, 1)
    across = [MARGIN + (WIDTH - 2 * MARGIN) * at / steps for at in range(len(totals))]
    down = [HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * total / most for total in totals]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
    marks = Markup("").join(
        Markup(
            '<circle cx="{:.1f}" cy="{:.1f}" r="4"/><text x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>'
        ).format(x, y, x, y - 9, total)
        for x, y, total in zip(across, down, totals, strict=True)
    )
    names = Markup("").join(
        Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>').format(x, HEIGHT - 6, label)
        for x, label in zip(across, labels, strict=True)
        if len(labels) <= 9 or label in (labels[0], labels[-1])
    )
    return Markup(
        '<svg class="curve" viewBox="0 0 {} {}" role="img" aria-label="{}"><polyline points="{}" fill="none"'
        ' stroke="currentColor" stroke-width="2"/><g fill="currentColor" font-size="12">{}{}</g></svg>'
    ).format(WIDTH, HEIGHT, ", ".join(map(str, totals)), points, marks, names)
