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
    yield from _section(
        "a session after one changed fact (its share in a whole run, fact by fact)", _sessions(results["sessions"])
    )
    yield from _section("growth with rules", _growth(results["growth with rules"]))
    for markets in ("one market", "all markets"):
        native = _named(results[f"one profile, {markets}"], "carnet_native")
        yield from _section(f"tables: gaps, {markets}", _tables(results[f"tables, {markets}"], native))
    verdicts = results["verdicts"][0]
    yield from _section("verdicts: every condition of every market", _verdicts(verdicts))
    yield from _section("fleets (all markets, Parquet to Parquet, one thread)", _fleets(results["fleets"], verdicts))
    yield from _section("growth with markets (the same, on some of them)", _fleets(results["growth with markets"], {}))
    yield from _section("growth with profiles (`carnet fleet --all`)", _commands(results["growth with profiles"]))
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
    rows = [
        ["evaluator", "markets", "facts", "what", "again ms", "whole ms", "share: median", "9 of 10", "most", "for"]
    ]
    for result in results:
        if "error" in result:
            rows.append([result["error"], *[""] * 9])
            continue
        for what, (again, whole, *shares, worst) in result["measured"].items():
            head = [result["evaluator"], result["markets"], str(result["facts"]), what]
            rows.append([*head, _ms(again), _ms(whole), *(f"{share:.3f}" for share in shares), worst])
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


def _tables(results: Sequence[Result], native: Result) -> list[list[str]]:
    """Beside columnar on as many profiles: both once converted, both from Arrow, and only ours from Arrow."""
    head = ["system", "profiles", "ns per rule and profile: ready", "ns: from Arrow", "times: both ready"]
    rows = [[*head, "times: both from Arrow", "times: only ours from Arrow", "peak MB", "answers"]]
    for result in results:
        height = result["arguments"][-1]
        if "error" in result:
            rows.append([_name(result), height, *[""] * 6, result["error"]])
            continue
        ours = _named([other for other in results if other["arguments"][-1] == height], "carnet_columnar")
        ready, whole = _costs(result)
        our_ready, our_whole = _costs(ours)
        ratios = [f"{ratio:,.1f}" for ratio in (ready / our_ready, whole / our_whole, ready / our_whole)]
        same = "same" if result["gaps"] == ours["gaps"] else "differ"
        measured = [f"{int(height):,}", f"{ready:,.3f}", f"{whole:,.3f}"]
        rows.append([_name(result), *measured, *ratios, str(result["peak_mb"]), same])
    if "error" not in native:
        each = native["seconds"] / native["rules"] * 1e9
        highest = max((r for r in results if r["arguments"][0] == "carnet_columnar" and "error" not in r), key=_height)
        our_ready, our_whole = _costs(highest)
        ratios = [f"{each / our_ready:,.0f}", "", f"{each / our_whole:,.0f}"]
        rows.append(["carnet native, row by row", "", f"{each:,.0f}", "", *ratios, "", ""])
    return rows


def _height(result: Result) -> int:
    return int(result["profiles"])


def _costs(result: Result) -> tuple[float, float]:
    """Nanoseconds for a rule and profile: once the columns are ready, and with making them so."""
    each = result["rules"] * result["profiles"] / 1e9
    return result["seconds"] / each, (result["seconds"] + result["convert_s"]) / each


def _verdicts(result: Result) -> list[list[str]]:
    if "error" in result:
        return [["verdicts"], [result["error"]]]
    threads = sorted({key for key in result if key.startswith("columnar_")})
    names = {"check_s": "`carnet check`, native: findings too", "truths_s": "native, truths alone"}
    names |= {
        key: f"columnar from Arrow, {key.split('_')[1]} thread(s), {result['rows']:,} profiles" for key in threads
    }
    rows = [
        ["system", "µs per profile", *(f"times columnar, {key.split('_')[1]} thread(s)" for key in threads), "answers"]
    ]
    for key, name in names.items():
        ratios = [f"{result[key] / result[other]:,.0f}" if key not in threads else "" for other in threads]
        same = "" if key not in threads else "same" if result["same"] else "differ"
        rows.append([name, f"{result[key] * 1e6:,.1f}", *ratios, same])
    return rows


def _fleets(results: Sequence[Result], native: Result) -> list[list[str]]:
    steps = ("read", "check", "judge", "shape", "write")
    head = ["profiles", "markets", *(f"{step} s" for step in steps), "times read + write", "ns per verdict", "peak MB"]
    rows = [[*head, *(["native"] if native else [])]]
    for result in results:
        if "error" in result:
            rows.append([result["error"], *[""] * (len(rows[0]) - 1)])
            continue
        whole = sum(result[step] for step in steps)
        verdict = whole / result["rows"] / result["verdicts_per_row"]
        measured = [f"{result['rows']:,}", str(result["markets"]), *(f"{result[step]:,.1f}" for step in steps)]
        measured += [
            f"{whole / (result['read'] + result['write']):.2f}",
            f"{verdict * 1e9:.2f}",
            str(result["peak_mb"]),
        ]
        if "truths_s" in native:
            truths, check = (native[key] / native["verdicts"] / verdict for key in ("truths_s", "check_s"))
            measured.append(f"{check:,.0f} times (`check`), {truths:,.0f} (truths alone)")
        rows.append(measured)
    return rows


def _commands(results: Sequence[Result]) -> list[list[str]]:
    rows = [["profiles", "s", "µs per profile", "peak MB"]]
    for result in results:
        if "error" in result:
            rows.append([result["error"], "", "", ""])
            continue
        each = result["seconds"] / result["rows"] * 1e6
        rows.append([f"{result['rows']:,}", f"{result['seconds']:,.1f}", f"{each:,.0f}", str(result["peak_mb"])])
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
