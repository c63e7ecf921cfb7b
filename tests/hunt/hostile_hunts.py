# SPDX-License-Identifier: Apache-2.0
"""Hunts for input that breaks a reader or a renderer, or comes out of it alive."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hunt_world import EXAMPLES, ROOT, Broken, World

UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff\ufffe]")
SNIPPETS = [
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n\n", b"\t", b": ", b"- ", b"{", b"}", b"[", b"]", b"&a ", b"*a",
    b"!!x ", b"---\n", b"...", b"#", b'"', b"'", b"|", b">", b"? ", b"<<: ", b"null", b"true", b"9" * 400, b"1e999",
    b"-0", b"0x1F", b"2026-02-30", b"9999-12-31", b"0227-01-01", b"\\ud83d", b"\\u202e", b"\xe2\x80\xae", b"=cmd()",
    b"approvals", b"features", b"in", b"waivers", b"complete", b"<script>", b"[" * 60, b"{a: " * 60, b"%s", b"../",
    b"$schema", b",,,", b"sep=;\n", b"\x1b[31m",
]  # fmt: skip
HOSTILE = [
    "\x1b[31mred",
    "\u202eRTL",
    "<script>alert(1)</script>",
    "=cmd()",
    "a\nb",
    "\x00",
    "\U0001f600",
    "'\"",
    "x" * 300,
]
FORMATS = ("json", "markdown", "html", "csv", "sarif", "junit", "oscal", "terminal")


def mutated(rng: random.Random, raw: bytes) -> bytes:
    """A few cuts, doublings and insertions."""
    for _ in range(rng.choice([1, 1, 2, 4, 10])):
        at, to = sorted(rng.randrange(len(raw) + 1) for _ in range(2))
        to = min(to, at + rng.choice([1, 3, 20, 200]))
        what = rng.randrange(4)
        if what == 0:
            raw = raw[:at] + rng.choice(SNIPPETS) + raw[at:]
        elif what == 1:
            raw = raw[:at] + raw[to:]
        elif what == 2:
            raw = raw[:to] + raw[at:to] + raw[to:]
        else:
            raw = raw[:at] + rng.choice(SNIPPETS) + raw[to:]
    return raw


def profile_bytes(rng: random.Random, world: World) -> None:
    """A damaged profile is read or refused in whole sentences."""
    raw = rng.choice(EXAMPLES).read_bytes()
    start = rng.randrange(max(1, len(raw) - 3000))
    start = raw.rfind(b"\n", 0, start) + 1
    with world.room() as room:
        file = room / rng.choice(["p.yaml", "p.json"])
        file.write_bytes(mutated(rng, raw if rng.random() < 0.3 else b"name: x\n" + raw[start : start + 3000]))
        ran = world.run("check", file, "-m", rng.choice(world.markets), "--fail-on", "never")
        if ran.code == 2 and not all(line.startswith(str(file)) for line in ran.err.splitlines()):
            raise Broken(f"a message without its place: {ran.err[:300]}")


def texts(rng: random.Random, world: World) -> None:
    """Hostile texts come out of no renderer alive."""
    text = "".join(rng.choice(HOSTILE) for _ in range(rng.randrange(1, 4)))
    data = world.data(rng, 0.1) | {"name": text, "description": text}
    data["approvals"] = {"UN-R155": {"held": True, "granted_by": text, "certificate": text, "area": [text]}}
    form = rng.choice(FORMATS)
    with world.room() as room:
        (room / "p.json").write_text(json.dumps(data, default=str), encoding="utf-8")
        market = rng.choice(world.markets)
        ran = world.run("check", room / "p.json", "-m", market, "-f", form, "--fail-on", "never")
        if ran.code == 2:
            return
        out = ran.out.decode("utf-8")
        if UNSAFE.search(out) or (form == "html" and "<script>alert" in out):
            raise Broken(f"{form} of {market} lets {text!r} through")
        if form in ("json", "sarif", "oscal") and any(UNSAFE.search(part) for part in strings(json.loads(out))):
            raise Broken(f"{form} of {market} lets {text!r} through")


def strings(data: Any) -> list[str]:
    if isinstance(data, dict):
        return [*data, *(part for value in data.values() for part in strings(value))]
    if isinstance(data, list):
        return [part for item in data for part in strings(item)]
    return [data] if isinstance(data, str) else []


def pack_bytes(rng: random.Random, world: World) -> None:
    """A damaged pack is read or refused with its place, and what is read can be checked."""
    files = sorted((ROOT / "tests" / "assess" / "law").rglob("*.yaml"))
    with world.room() as room:
        law = room / "law"
        damaged = rng.choice(files)
        for file in files:
            target = law / file.relative_to(ROOT / "tests" / "assess" / "law")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(mutated(rng, file.read_bytes()) if file == damaged else file.read_bytes())
        (room / "p.yaml").write_text("name: x\nautomation: {sae_level: 4, max_speed_kmh: 60}\n", encoding="utf-8")
        with _bundled(law):
            world.run("check", room / "p.yaml", "--all", "--fail-on", "never")


class _bundled:
    """A small law in place of the bundled one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> None:
        from carnet.law import installed

        self.kept: Callable[[], Path] = installed.bundled_law
        installed.bundled_law = lambda: self.folder  # type: ignore[assignment]

    def __exit__(self, *error: object) -> None:
        from carnet.law import installed

        installed.bundled_law = self.kept  # type: ignore[assignment]


def reports(rng: random.Random, world: World) -> None:
    """A report edited by hand is compared or refused."""
    with world.room() as room:
        (room / "p.yaml").write_text("name: x\nautomation: {sae_level: 3}\n", encoding="utf-8")
        whole = room / "a.json"
        world.run("check", room / "p.yaml", "-m", "SG", "--fail-on", "never", "-o", whole)
        data = json.loads(whole.read_text(encoding="utf-8"))
        for _ in range(rng.choice([1, 1, 3])):
            _edit(rng, data)
        (room / "b.json").write_text(json.dumps(data), encoding="utf-8")
        pair = [whole, room / "b.json"]
        rng.shuffle(pair)
        world.run("diff", *pair, "-f", rng.choice(["terminal", "markdown", "json"]))


def _edit(rng: random.Random, data: Any) -> None:
    """Change, remove or add one thing somewhere."""
    while True:
        keys = list(data) if isinstance(data, dict) else range(len(data))
        if not keys:
            return
        key = rng.choice(list(keys))
        if isinstance(data[key], (dict, list)) and data[key] and rng.random() < 0.85:
            data = data[key]
            continue
        if rng.random() < 0.3:
            del data[key]
        else:
            data[key] = rng.choice([None, 5, "x", "gap", "\x1b", [], {}, [None], [{}], {"x": 1}, True, "2027-13-01"])
        return


def tables(rng: random.Random, world: World) -> None:
    """A damaged table is judged or refused; no row is lost without a word."""
    raw = b"profile,automation.sae_level,vehicle.category,odd.max_speed_kmh,approvals.UN-R155\n"
    raw += b"".join(b"v%d,%d,M1,%d mph,held\n" % (n, n % 6, 20 + n) for n in range(rng.randrange(1, 30)))
    with world.room() as room:
        name = rng.choice(["t.csv", "t.csv", "t.jsonl", "t.parquet"])
        (room / name).write_bytes(mutated(rng, raw))
        world.run("fleet", room / name, "-m", rng.choice(world.markets), "--as-of", "2027-01-01", "-o", room / "o.csv")


ODD = (
    *("", " ", "-", "--", "\x1b[2J", "x" * 3000, "DE,,", "\ud83d", "/dev/null", ".", "/", "null", "2027-02-30"),
    *(
        "a=b",
        "=",
        "*",
        "nan",
        "-1",
        "9" * 30,
        "UN-R157",
        "UNKNOWN-X",
        "\u00e9",
        "a\nb",
        "market",
        "rule",
        "status",
        "odd",
    ),
)
GOOD = ("SG", "SG,ZA", "json", "2027-01-01", "o.json", "o.xlsx", "o.html", "odd.max_speed_kmh=80")
COMMANDS = {
    "approvals": ("-m", "--as-of", "-f", "-o"),
    "check": ("-m", "--as-of", "-f", "-o", "--law", "--in", "--feature", "--evaluator"),
    "compare": ("-m", "--sort", "-f", "-o"),
    "diff": ("-f", "-o"),
    "dossier": ("-m", "--as-of", "-f", "-o"),
    "export": ("-o", "-m"),
    "fact": (),
    "fill": ("-m",),
    "impact": ("-m", "--as-of", "-f"),
    "import": ("-o",),
    "init": ("--template", "-o"),
    "instrument": (),
    "law": ("-f", "-o"),
    "law-diff": ("-f",),
    "market": ("-f",),
    "new": ("-o",),
    "plan": ("-m", "--as-of", "-f", "-o"),
    "questionnaire": ("-m", "-o"),
    "questions": ("-m", "-f"),
    "reach": ("-m", "--as-of", "-f"),
    "rule": ("-f",),
    "timeline": ("-m", "--until", "-f"),
    "whatif": ("-m", "--set", "-f"),
}


def options(rng: random.Random, world: World) -> None:
    """Odd command lines end in a sentence."""
    command = rng.choice(sorted(COMMANDS))
    words = [rng.choice(["p.yaml", "p.yaml", rng.choice(ODD)]) for _ in range(rng.randrange(3))]
    names = COMMANDS[command]
    for name in rng.sample(names, min(len(names), rng.randrange(3))):
        words += [name, rng.choice([*ODD, *GOOD])]
    with world.room() as room, contextlib.chdir(room), open(os.devnull, encoding="utf-8") as nothing:
        Path("p.yaml").write_text("name: x\nautomation: {sae_level: 4, max_speed_kmh: 60}\n", encoding="utf-8")
        kept, sys.stdin = sys.stdin, nothing
        try:
            world.run(command, *words)
        except Broken as error:
            if "exit 2 without a word" not in str(error):
                raise
        finally:
            sys.stdin = kept


HUNTS = {hunt.__name__: hunt for hunt in (profile_bytes, texts, pack_bytes, reports, tables, options)}
