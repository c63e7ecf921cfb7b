# SPDX-License-Identifier: Apache-2.0
"""How far a market opens for an operation when a company does everything that the law asks, and what then stands.

Rules have cases of their own; only all rules of a market together show two that cannot both be obeyed. `law.reach`
finds what to declare for an operation that stays what it is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import yaml

import carnet
from carnet.assess.model import MarketAssessment, Outcome
from carnet.logic.condition import Compare, leaves
from carnet.source import read_source
from carnet.verdict.plan import plan_of

BASES: Mapping[str, Mapping[str, Any]] = read_source(Path(__file__).parent / "operations.yaml").data
RESULTS = Path(__file__).parent / "openable.yaml"
HEAD = """# How far each market opens for each operation of operations.yaml, and why no further; from `make openable`.
# blocked_by: the rules that no declaration meets, or whose approval is for another operation. why: told, not tested.
"""
OPERATIONS = tuple(name for name in BASES if name != "all")
Facts = dict[str, Any]


class Opened(NamedTuple):
    """The best that was reached: the facts declared for it, the assessment, and what keeps it from being open."""

    facts: Facts
    found: MarketAssessment
    reach: carnet.MarketReach

    @property
    def blocked_by(self) -> list[str]:
        """The rules that keep it from being open, on the route taken or another way to deploy."""
        return sorted({one.rule for one in self.reach.obstacles if one.rule})

    @property
    def why(self) -> str:
        """What the layers that are not open say of themselves."""
        return " ".join(dict.fromkeys(one.text for one in self.reach.obstacles if one.text and not one.rule))


def profile_of(law: carnet.Law, facts: Mapping[str, Any]) -> carnet.Profile:
    plain = {path: list(value) if isinstance(value, tuple) else value for path, value in facts.items()}
    known = {"approvals": law.approvals, "jurisdictions": law.codes}
    return carnet.Profile.from_dict(plain, law.vocabulary, name="opening", **known)


def assess(law: carnet.Law, market: str, facts: Mapping[str, Any]) -> MarketAssessment:
    """The market's assessment."""
    return law.check(profile_of(law, facts), market, law.as_of, "native").market(market)


def open_up(law: carnet.Law, market: str, operation: str) -> Opened:
    """Declare the least that the market asks for, keeping what the operation is."""
    base = {"odd.places": [market]} | {
        path: value for part in ("all", operation) for path, value in BASES[part].items()
    }
    found = law.reach(profile_of(law, base), market, keep=base, as_of=law.as_of).market(market)
    facts = base | {path: value for (_, path), value in found.settings.items()}
    facts = {path: value for path, value in facts.items() if value is not None}
    after = assess(law, market, facts)
    assert after.outcome is found.outcome, f"{operation} in {market}: promised {found.outcome}, is {after.outcome}"
    return Opened(facts, after, found)


def losses(law: carnet.Law, market: str, opened: Opened) -> Iterator[tuple[str, Outcome]]:
    """Facts whose being undeclared changes the outcome to anything but undetermined: silence decides nothing.

    A fact that some rule wants declared whatever its value is left out. Two changes are meant to be: an undecided
    lesser gap no longer makes a market conditional, and where only a testing route is left, an undecided one does not
    keep the market from being closed.
    """
    before = opened.found.outcome
    meant = {Outcome.CONDITIONAL: {Outcome.OPEN}}.get(before, {Outcome.CLOSED} if before is not Outcome.OPEN else set())
    for path in opened.facts.keys() - _wanted_declared(law, market):
        after = assess(law, market, {p: v for p, v in opened.facts.items() if p != path}).outcome
        if after not in {before, Outcome.UNDETERMINED} | meant:
            yield path, after


def _wanted_declared(law: carnet.Law, market: str) -> set[str]:
    conditions = plan_of([law.rulebook(market, law.as_of)]).program.conditions
    return {
        leaf.path for item in conditions for leaf in leaves(item) if isinstance(leaf, Compare) and leaf.op == "declared"
    }


def expected(opened: Opened) -> dict[str, Any]:
    """What the data file keeps of a result."""
    found: dict[str, Any] = {"outcome": opened.found.outcome.value}
    if opened.found.outcome is not Outcome.OPEN:
        found |= {key: value for key in ("blocked_by", "why") if (value := getattr(opened, key))}
    return found


def result(job: tuple[str, str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """What the data file keeps of an operation in a market, and where silence decides; each process has its law."""
    operation, market = job
    law = _law()
    opened = open_up(law, market, operation)
    return expected(opened), [(path, str(after)) for path, after in losses(law, market, opened)]


@cache
def _law() -> carnet.Law:
    return carnet.load_law()


def main() -> None:
    """Write down how far each market opens, or those that are named, and tell where silence decides."""
    markets = sys.argv[1:] or list(_law().markets())
    kept = read_source(RESULTS).data if sys.argv[1:] else {}
    jobs = [(operation, market) for operation in OPERATIONS for market in markets]
    results = {operation: dict(kept.get(operation, {})) for operation in OPERATIONS}
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for (operation, market), (found, lost) in zip(jobs, pool.map(result, jobs), strict=True):
            results[operation][market] = found
            for path, after in lost:
                print(f"{operation} in {market}: {found['outcome']}, but {after} without {path}", flush=True)
    ordered = {operation: {market: of[market] for market in _law().markets()} for operation, of in results.items()}
    text = yaml.safe_dump(ordered, sort_keys=False, allow_unicode=True, width=120)
    RESULTS.write_text(f"{HEAD}{text}", encoding="utf-8")


if __name__ == "__main__":
    main()
