# SPDX-License-Identifier: Apache-2.0
"""What the hunts need: the law, random profiles over the values it compares with, and commands run in this process."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import random
import sys
import tempfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import carnet
from carnet.cli.main import run
from carnet.errors import CarnetError
from carnet.source import read_source

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))


class Broken(AssertionError):
    """A promise that does not hold; the text says which and on what."""


class Ran(NamedTuple):
    code: int
    out: bytes
    err: str


class World:
    """One of them serves all hunts of a run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.law = carnet.load_law()
        self.markets = self.law.markets()
        self._days: dict[dt.date, Any] = {}
        self._opened: dict[tuple[str, str], dict[str, Any]] = {}

    @cached_property
    def values(self) -> dict[str, list[Any]]:
        """For each fact that some rule reads, values on either side of what it is compared with."""
        sys.path.append(str(ROOT / "benchmarks"))
        from random_profiles import allowed_values, fact_values

        day = dt.date(2027, 1, 1)
        books = [self.law.rulebook(market, day) for market in self.markets]
        found = fact_values(self.law, books)
        facts = self.law.vocabulary.facts
        return {
            path: [False, True]
            if facts[path].type == "bool"
            else sorted(allowed_values(self.law, facts[path], values), key=repr)
            for path, values in sorted(found.items())
            if path in facts
        }

    @cached_property
    def declared(self) -> list[dict[str, Any]]:
        """The bases of the examples: profiles that stand before real outcomes."""
        profiles = (self.law.profile(file).to_dict() for file in EXAMPLES)
        keys = ("features", "in", "waivers", "operation.start_date", "description")
        return [{key: value for key, value in data.items() if key not in keys} for data in profiles]

    def markets_on(self, day: dt.date) -> Any:
        from forgetting import Markets

        if day not in self._days:
            self._days[day] = Markets(self, day)
        return self._days[day]

    @cached_property
    def places(self) -> list[str]:
        """Countries and parts of them that are markets, towns that the law knows, and names of nothing known."""
        towns = read_source(ROOT / "rules" / "places.yaml").data["places"]
        return [*(code for code in self.markets if code[:1].isupper()), *sorted(towns), "Old Harbour", "Ring 3"]

    @cached_property
    def operations(self) -> tuple[str, ...]:
        """Ordinary operations, for which `opened` says what a market asks."""
        sys.path.append(str(ROOT / "tests" / "law"))
        from opening import OPERATIONS

        return OPERATIONS

    def opened(self, market: str, operation: str) -> dict[str, Any]:
        """Facts by path with which a market is as open as it gets."""
        from opening import open_up

        if (market, operation) not in self._opened:
            found = open_up(self.law, market, operation).facts
            self._opened[market, operation] = {p: value for p, value in found.items() if not p.startswith("context.")}
        return self._opened[market, operation]

    def data(self, rng: random.Random, share: float | None = None) -> dict[str, Any]:
        """A profile in flat form: facts at random, or an example with some of them changed; and some approvals."""
        data: dict[str, Any] = {"name": "hunted"}
        if share is None and rng.random() < 0.6:
            data, share = dict(rng.choice(self.declared)), rng.choice([0, 0.005, 0.02])
        share = rng.choice([0.02, 0.1, 0.3, 0.9]) if share is None else share
        for path, values in self.values.items():
            if values and rng.random() < share:
                data[path] = self.value(rng, path, values)
        data.pop("operation.start_date", None)
        names = sorted(self.law.approvals)
        held = rng.sample(names, rng.randrange(8))
        if held:
            for path in [path for path in data if path.startswith("approvals.") and path.split(".")[1] in held]:
                del data[path]
            data["approvals"] = {name: rng.choice(["held", "none", {"held": True}, "applied"]) for name in held}
        if rng.random() < 0.2:
            data["complete"] = [rng.choice(["approvals", "behaviour", "odd", "sensing"])]
        return data

    def value(self, rng: random.Random, path: str, values: list[Any]) -> Any:
        fact = self.law.vocabulary.facts[path]
        if fact.type == "set":
            return rng.sample(values, rng.randrange(min(len(values), 5) + 1))
        return rng.choice(values)

    def profile(self, data: dict[str, Any]) -> carnet.Profile | None:
        """The profile, or None where the vocabulary refuses the chosen values."""
        try:
            return carnet.Profile.from_dict(
                data, self.law.vocabulary, approvals=self.law.approvals, jurisdictions=self.law.codes
            )
        except CarnetError:
            return None

    def run(self, *args: object) -> Ran:
        """A command line; an internal error or a traceback breaks a promise whatever was asked."""
        words = [str(arg) for arg in args]
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        err = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(words)
            out.flush()
        ran = Ran(code, out.buffer.getvalue(), err.getvalue())  # type: ignore[attr-defined]
        if "internal error" in ran.err or "Traceback" in ran.err or code not in (0, 1, 2):
            raise Broken(f"carnet {' '.join(words)}: exit {code}, {ran.err[:300]}")
        if code == 2 and not ran.err.strip():
            raise Broken(f"carnet {' '.join(words)}: exit 2 without a word")
        return ran

    @contextlib.contextmanager
    def room(self) -> Iterator[Path]:
        """An empty folder for one attempt."""
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            yield Path(name)
