# SPDX-License-Identifier: Apache-2.0
"""The results of a run as a page and a plot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from plot import plot

Result = Mapping[str, Any]


def write_report(results: Mapping[str, Any], folder: Path) -> str:
    text = "\n".join(_lines(results)) + "\n"
    (folder / "results.md").write_text(text)
    plot(results, folder / "results.svg")
    return text


def _lines(results: Mapping[str, Any]) -> Iterator[str]:
    yield "# Measurements"
    yield "\nMade by `python benchmarks/run.py`. Compare within a table only; the machine was not otherwise idle.\n"
    for title in ("one profile, one market", "one profile, all markets"):
        yield from _section(f"gaps: {title}", _rows_of(results[title], "carnet_native"))
    for title in ("status of each rule, one market", "status of each rule, all markets"):
        yield from _section(title, _rows_of(results[title], "closures"))
    yield from _section("durable-rules by its manual: the first rules of one market", _manual(results))
    yield from _section("rete beside durable-rules firing as many rules", _floor(results["rete floor"]))
    yield from _section("a session after one changed fact", _sessions(results["sessions"]))
    yield from _section("growth with rules", _growth(results["growth with rules"]))
    yield from _section("tables (one market)", _tables(results["tables"]))
    yield from _section("fleets (all markets, Parquet to Parquet)", _fleets(results["fleets"], results["row by row"]))
    yield from _section("cold start", _cold(results["cold start"]))


def _section(title: str, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"## {title[:1].upper()}{title[1:]}\n"
    head, *body = rows
    yield f"| {' | '.join(head)} |"
    yield f"| --- |{' ---: |' * (len(head) - 1)}"
    yield from (f"| {' | '.join(row)} |" for row in body)
    yield ""


def _rows_of(results: Sequence[Result], base: str) -> list[list[str]]:
    rows = [["system", "rules", "µs per profile", f"times {_words(base)}", "answers"]]
    for result in results:
        rows.append([_name(result), *_row(result, _named(results, base))])
    return rows


def _manual(results: Mapping[str, Any]) -> list[list[str]]:
    rows = [["system", "rules", "µs per profile", "times native", "answers"]]
    pairs = iter(results["durable-rules by its manual"])
    for theirs, native in zip(pairs, pairs, strict=True):
        rows.append([f"durable-rules, {theirs['arguments'][3]} rules", *_row(theirs, native)])
    return rows


def _floor(results: Sequence[Result]) -> list[list[str]]:
    rows = [["markets", "decided", "rete ms", "fired by the agenda ms", "times", "fired by actions ms", "times"]]
    for result in results:
        if "error" in result:
            rows.append([result["error"], *[""] * 6])
            continue
        ours = result["rete_s"]
        floors = [f for key in ("agenda_s", "action_s") for f in (_ms(result[key]), f"{ours / result[key]:.2f}")]
        rows.append([result["markets"], str(result["decided"]), _ms(ours), *floors])
    return rows


def _sessions(results: Sequence[Result]) -> list[list[str]]:
    rows = [["evaluator", "markets", "facts changed", "what", "again ms", "whole ms", "share"]]
    for result in results:
        if "error" in result:
            rows.append([result["error"], *[""] * 6])
            continue
        for what, (again, whole) in result["measured"].items():
            head = [result["evaluator"], result["markets"], str(result["facts"]), what]
            rows.append([*head, _ms(again), _ms(whole), f"{again / whole:.3f}"])
    return rows


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:,.3f}"


def _row(result: Result, base: Result) -> list[str]:
    if "error" in result:
        return ["", "", "", result["error"]]
    same = "same" if result["gaps"] == base["gaps"] else "differ"
    ratio = result["seconds"] / base["seconds"]
    return [str(result["rules"]), f"{result['seconds'] * 1e6:,.0f}", f"{ratio:,.2f}", same]


def _growth(results: Sequence[Result]) -> list[list[str]]:
    rows = [["system", "rules", "µs per profile", "ns per rule"]]
    for result in results:
        if "error" not in result:
            per_rule = result["seconds"] / result["rules"] * 1e9
            rows.append([_name(result), str(result["rules"]), f"{result['seconds'] * 1e6:,.0f}", f"{per_rule:,.0f}"])
    return rows


def _tables(results: Sequence[Result]) -> list[list[str]]:
    rows = [
        [
            "system",
            "profiles",
            "ns per rule and profile",
            "times columnar",
            "times ready",
            "s to prepare",
            "peak MB",
            "answers",
        ]
    ]
    for result in results:
        height = result["arguments"][-1]
        if "error" in result:
            rows.append([_name(result), height, "", "", "", "", "", result["error"]])
            continue
        peers = [other for other in results if other["arguments"][-1] == height]
        plain, ready = _named(peers, "carnet_columnar"), _named(peers, "carnet_columnar_ready")
        each = result["seconds"] / result["rules"] / result["profiles"] * 1e9
        compared = [f"{result['seconds'] / other['seconds']:,.1f}" for other in (plain, ready)]
        same = "same" if result["gaps"] == plain["gaps"] else "differ"
        cost = [f"{result['prepare_s']:.1f}", str(result["peak_mb"])]
        rows.append([_name(result), height, f"{each:,.3f}", *compared, *cost, same])
    return rows


def _fleets(results: Sequence[Result], native: Result) -> list[list[str]]:
    steps = ("read", "check", "judge", "shape", "write")
    rows = [["profiles", *(f"{step} s" for step in steps), "times read + write", "ns per verdict", "peak MB", "native"]]
    for result in results:
        if "error" in result:
            rows.append([result["error"], *[""] * 9])
            continue
        whole = sum(result[step] for step in steps)
        verdict = whole / result["rows"] / result["verdicts_per_row"]
        truths, check = (native[key] / native["verdicts"] / verdict for key in ("truths_s", "check_s"))
        rows.append(
            [
                f"{result['rows']:,}",
                *(f"{result[step]:,.1f}" for step in steps),
                f"{whole / (result['read'] + result['write']):.2f}",
                f"{verdict * 1e9:.2f}",
                str(result["peak_mb"]),
                f"{check:,.0f} times (`check`), {truths:,.0f} (truths alone)",
            ]
        )
    return rows


def _cold(results: Mapping[str, float]) -> list[list[str]]:
    base = next(iter(results.values()))
    return [["command", "ms", "times"], *([n, f"{s * 1e3:,.0f}", f"{s / base:.2f}"] for n, s in results.items())]


def _name(result: Result) -> str:
    return _words(str(result["arguments"][0]))


def _words(name: str) -> str:
    return name.replace("_", " ")


def _named(results: Sequence[Result], name: str) -> Result:
    return next(result for result in results if result["arguments"][0] == name)
