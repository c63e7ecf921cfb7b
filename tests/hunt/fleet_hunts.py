# SPDX-License-Identifier: Apache-2.0
"""Hunts for tables that mean another thing than their rows, and for runs that do not survive being killed."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import random
import subprocess
import sys
import time

from hunt_world import ROOT, Broken, World

DAY = dt.date(2027, 1, 1)


def fleet(rng: random.Random, world: World) -> None:
    """A row of a table gets the outcome that the same profile gets from a check, however its columns are written."""
    rows = [world.data(rng, 0.1) for _ in range(rng.randrange(1, 8))]
    for number, row in enumerate(rows):
        row["name"] = f"v{number}"
        row.pop("complete", None)
        row["approvals"] = dict.fromkeys(row.get("approvals", {}), "held")
    profiles = [world.profile(row) for row in rows]
    if None in profiles:
        return
    flat = [
        {path: value for path, value in row.items() if "." in path}
        | {"profile": row["name"]}
        | {column: value for name in row["approvals"] for column, value in [rng.choice(HELD)(name)]}
        for row in rows
    ]
    columns = sorted({column for row in flat for column in row})
    rng.shuffle(columns)
    markets = rng.sample(world.markets, 3)
    with world.room() as room:
        table = room / "t.jsonl"
        ordered = [{name: row[name] for name in columns if name in row} for row in flat]
        lines = [json.dumps(nested(rng, row), default=str) for row in ordered]
        table.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        ran = world.run("fleet", table, "-m", ",".join(markets), "--as-of", DAY, "-o", room / "o.csv")
        if ran.code == 2:
            raise Broken(f"the fleet refuses rows that are profiles: {ran.err[:300]}; {lines}")
        with (room / "o.csv").open(encoding="utf-8", newline="") as stream:
            found = {(row["profile"], row["market"]): row["outcome"] for row in csv.DictReader(stream)}
    for row, profile in zip(rows, profiles, strict=True):
        assert profile is not None
        for market in world.law.check(profile, markets, DAY):
            if found.get((row["name"], market.market)) != market.outcome.value:
                told = found.get((row["name"], market.market))
                raise Broken(f"{market.market}: {told} by the fleet, {market.outcome} by a check: {row}")


HELD = (
    lambda name: (f"approvals.{name}", "held"),
    lambda name: (f"approvals.{name}", True),
    lambda name: (f"approvals.{name}.held", True),
    lambda name: (f"approvals.{name}.state", "held"),
)


def nested(rng: random.Random, row: dict[str, object]) -> dict[str, object]:
    """The same row with some of its sections written as objects."""
    sections = {name.partition(".")[0] for name in row if "." in name}
    inside = {name for name in sorted(sections) if rng.random() < 0.3}
    found: dict[str, object] = {}
    for name, value in row.items():
        section, _, rest = name.partition(".")
        if section in inside and rest:
            found.setdefault(section, {})[rest] = value  # type: ignore[index]
        else:
            found[name] = value
    return found


def killed(rng: random.Random, world: World) -> None:
    """A run into a folder that is killed and run again gives what an undisturbed one gives."""
    with world.room() as room:
        table = room / "t.csv"
        rows = rng.randrange(2000, 20000)
        table.write_text(
            "profile,automation.sae_level,vehicle.category\n"
            + "".join(f"v{n},{n % 6},{('M1', 'N1', 'M3')[n % 3]}\n" for n in range(rows)),
            encoding="utf-8",
        )
        command = [
            sys.executable,
            "-m",
            "carnet",
            "fleet",
            str(table),
            "-m",
            "DE,SG",
            "--as-of",
            str(DAY),
            "--block",
            "1024",
            "-o",
        ]
        env = {**os.environ, "PYTHONPATH": str(ROOT / "engine")}
        whole = subprocess.run([*command, str(room / "whole")], env=env, capture_output=True, check=False)
        if whole.returncode not in (0, 1):
            raise Broken(f"the undisturbed run failed: {whole.stderr[:300]!r}")
        for _ in range(rng.randrange(1, 4)):
            process = subprocess.Popen([*command, str(room / "cut")], env=env, stdout=-3, stderr=-3)
            time.sleep(rng.random() * 3)
            process.kill()
            process.wait()
        again = subprocess.run([*command, str(room / "cut")], env=env, capture_output=True, check=False)
        if again.returncode != whole.returncode:
            raise Broken(f"after a kill the run ends with {again.returncode}: {again.stderr[:300]!r}")
        parts = {}
        for name in ("whole", "cut"):
            folder = room / name
            files = sorted(path for path in folder.rglob("*.parquet"))
            parts[name] = {path.relative_to(folder): path.read_bytes() for path in files}
        if parts["whole"] != parts["cut"]:
            raise Broken(f"a killed and resumed run of {rows} rows differs: {sorted(map(str, parts['cut']))}")


HUNTS = {hunt.__name__: hunt for hunt in (fleet, killed)}
