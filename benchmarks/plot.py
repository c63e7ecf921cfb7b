# SPDX-License-Identifier: Apache-2.0
"""The results of a run as a picture; nothing where matplotlib is not installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

COLOURS = {True: "#1b6", False: "#567"}  # ours and the peers


def plot(results: Mapping[str, Any], path: Path) -> None:
    try:
        import matplotlib
    except ModuleNotFoundError:
        return
    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 2, figsize=(12, 8), layout="constrained")
    (gaps, statuses), (tables, growth) = axes
    _bars(gaps, results["one profile, one market"], 1e6, "µs per profile: gaps, one market")
    _bars(statuses, results["status of each rule, one market"], 1e6, "µs per profile: status of each rule, one market")
    heights = [row["profiles"] for row in results["tables"] if "error" not in row]
    tallest = [row for row in results["tables"] if row.get("profiles") == max(heights, default=0)]
    _bars(tables, tallest, 1e9, "ns per rule and profile: a table on one market", per=("rules", "profiles"))
    for peer in dict.fromkeys(row["arguments"][0] for row in results["growth with rules"]):
        rows = [row for row in results["growth with rules"] if row["arguments"][0] == peer and "error" not in row]
        label = peer.replace("_", " ")
        growth.plot([row["rules"] for row in rows], [row["seconds"] * 1e6 for row in rows], marker="o", label=label)
    growth.set(xscale="log", yscale="log", xlabel="rules", ylabel="µs per profile")
    growth.legend()
    figure.savefig(path)


def _bars(axis: Any, results: Sequence[Mapping[str, Any]], scale: float, label: str, per: Sequence[str] = ()) -> None:
    costs = {}
    for row in results:
        if "error" not in row:
            cost = row["seconds"] * scale
            for name in per:
                cost /= row[name]
            costs[row["arguments"][0]] = cost
    names = sorted(costs, key=lambda name: -costs[name])
    colours = [COLOURS[name.startswith("carnet")] for name in names]
    axis.barh([name.replace("_", " ") for name in names], [costs[name] for name in names], color=colours)
    axis.set(xscale="log", xlabel=label)
