# SPDX-License-Identifier: Apache-2.0
"""The results of a run as a picture; nothing where matplotlib is not installed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

Result = Mapping[str, Any]
OURS, PEERS, PALE = "#1a9e5c", "#5b6b7b", 0.45
LINES = {"numpy": "#d98324", "lambdas": "#d98324", "zen": "#5a6fb0", "openfisca": "#5a6fb0"}


def plot(results: Mapping[str, Any], path: Path) -> None:
    try:
        import matplotlib
    except ModuleNotFoundError:
        return
    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    plt.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False, "axes.titlesize": 10})
    figure, axes = plt.subplots(2, 3, figsize=(16, 9), layout="constrained")
    (gaps, statuses, rules), (tables, profiles, memory) = axes
    _bars(gaps, _measured(results["one profile, all markets"]), "Gaps of one profile, all markets")
    _bars(statuses, _measured(results["status of each rule, all markets"]), "Status of each rule, all markets")
    _lines(rules, results["growth with rules"], "rules", lambda row: row["seconds"] * 1e6, "µs per profile")
    rules.set_title("Gaps of one profile, growing with rules")
    _tables(tables, _measured(results["tables, all markets"]))
    _lines(profiles, results["tables, all markets"], "profiles", _whole, "seconds, conversion included")
    profiles.set_title("A table on all markets, growing with profiles")
    _fleets(memory, _measured(results["growth with profiles"]))
    figure.savefig(path)


def _measured(results: Sequence[Result]) -> list[Result]:
    return [row for row in results if "error" not in row]


def _whole(row: Result) -> float:
    return float(row["seconds"] + row["convert_s"])


def _label(row: Result) -> str:
    return str(row["arguments"][0]).replace("_", " ")


def _colour(label: str) -> str:
    return OURS if label.startswith("carnet") else PEERS


def _bars(axis: Any, rows: Sequence[Result], title: str) -> None:
    rows = sorted(rows, key=lambda row: -row["seconds"])
    labels = [_label(row) for row in rows]
    bars = axis.barh(labels, [row["seconds"] * 1e6 for row in rows], color=[_colour(label) for label in labels])
    axis.bar_label(bars, fmt=_amount, padding=3)
    axis.set(xscale="log", xlabel="µs per profile", title=title)
    _numbered(axis.xaxis)
    axis.margins(x=0.15)


def _tables(axis: Any, rows: Sequence[Result]) -> None:
    """Each system on the highest table that it was given: once converted, and paler behind it from Arrow."""
    highest: dict[str, Result] = {}
    for row in sorted(rows, key=lambda row: row["profiles"]):
        highest[f"{_label(row)}"] = row
    ordered = sorted(highest.items(), key=lambda item: -_whole(item[1]))
    labels = [f"{label}, {row['profiles']:,}" for label, row in ordered]
    colours = [_colour(label) for label in labels]
    each = [1e9 / row["rules"] / row["profiles"] for _, row in ordered]
    whole = [_whole(row) * per for (_, row), per in zip(ordered, each, strict=True)]
    ready = [row["seconds"] * per for (_, row), per in zip(ordered, each, strict=True)]
    axis.bar_label(axis.barh(labels, whole, color=colours, alpha=PALE), fmt=_amount, padding=3)
    axis.barh(labels, ready, color=colours)
    title = "A table on all markets: solid once converted, pale from Arrow"
    axis.set(xscale="log", xlabel="ns per rule and profile", title=title)
    _numbered(axis.xaxis)
    axis.margins(x=0.15)


def _lines(axis: Any, results: Sequence[Result], along: str, cost: Callable[[Result], float], label: str) -> None:
    rows = _measured(results)
    for name in dict.fromkeys(map(_label, rows)):
        own = [row for row in rows if _label(row) == name]
        colour = LINES.get(name, _colour(name))
        axis.plot([row[along] for row in own], [cost(row) for row in own], marker="o", label=name, color=colour)
    axis.set(xscale="log", yscale="log", xlabel=along, ylabel=label)
    _numbered(axis.xaxis, {row[along] for row in rows})
    _numbered(axis.yaxis)
    axis.legend(frameon=False)


def _numbered(axis: Any, ticks: Iterable[int] = ()) -> None:
    """Numbers written out, at these places where any are given."""
    from matplotlib.ticker import NullFormatter

    if ticks:
        axis.set_ticks(sorted(ticks))
    axis.set_major_formatter(lambda value, _: _amount(value))
    axis.set_minor_formatter(NullFormatter())


def _amount(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def _fleets(axis: Any, rows: Sequence[Result]) -> None:
    if not rows:
        return
    profiles = [row["rows"] for row in rows]
    axis.plot(profiles, [row["seconds"] for row in rows], marker="o", color=OURS, label="seconds")
    axis.set(xscale="log", xlabel="profiles", ylabel="seconds", title="carnet fleet --all: time and memory")
    axis.set(yscale="log")
    _numbered(axis.xaxis, profiles)
    _numbered(axis.yaxis)
    peak = axis.twinx()
    peak.plot(profiles, [row["peak_mb"] for row in rows], marker="s", linestyle="--", color=PEERS, label="peak MB")
    peak.set(ylabel="peak MB", ylim=(0, 1.5 * max(row["peak_mb"] for row in rows)))
    peak.spines["right"].set_visible(True)
    handles = [*axis.get_legend_handles_labels()[0], *peak.get_legend_handles_labels()[0]]
    axis.legend(handles=handles, frameon=False, loc="upper left")
