# SPDX-License-Identifier: Apache-2.0
"""How far a market opens for an operation when a company does everything that the law asks, and what then stands.

Rules have cases of their own; only all rules of a market together show two that cannot both be obeyed. From what an
operation is, each round declares what the open findings of the last one wait for, keeping the rules met that are met.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

import carnet
from carnet.assess.check import assess as assess_scopes
from carnet.assess.market import Assessed, market_assessment
from carnet.assess.model import BEST_FIRST, MarketAssessment, Outcome, Status
from carnet.assess.scopes import scopes_of
from carnet.assess.several import OnceForAll
from carnet.law.model import Kind, Severity
from carnet.law.rulebook import BoundRule
from carnet.logic.condition import AllOf, Compare, Condition, Constant, facts_read, leaves
from carnet.logic.evaluators import evaluator
from carnet.logic.explain import truth_of
from carnet.logic.solve import repairs
from carnet.source import read_source
from carnet.verdict.plan import need_condition, plan_of

BASES: Mapping[str, Mapping[str, Any]] = read_source(Path(__file__).parent / "operations.yaml").data
RESULTS = Path(__file__).parent / "openable.yaml"
HEAD = """# How far each market opens for each operation of operations.yaml, and why no further; from `make openable`.
# blocked_by: the rules that no declaration meets, or whose approval is for another operation. why: told, not tested.
"""
OPERATIONS = tuple(name for name in BASES if name != "all")
ROUNDS = 30
PATIENCE = 6
Facts = dict[str, Any]
PHASE = "operation.phase"


class Opened(NamedTuple):
    """The best that was reached: the facts declared for it, and the assessment."""

    facts: Facts
    found: MarketAssessment

    @property
    def blocked_by(self) -> list[str]:
        """The rules that keep it from being open, on the route taken or another way to deploy."""
        outcome = self.found.outcome
        layers = {layer.jurisdiction for layer in self.found.layers if layer.outcome is outcome}
        lesser = outcome is Outcome.CONDITIONAL
        tests = {route.id for route in self.found.routes if route.kind == Kind.TESTING}
        return sorted(
            finding.rule
            for finding in self.found.findings
            if finding.jurisdiction in layers and not finding.superseded_by and finding.kind != "closure"
            if finding.on_route or not tests.issuperset(finding.routes)
            if finding.status is Status.GAP or (finding.status is Status.UNDETERMINED and finding.on_route)
            if finding.severity is Severity.BLOCKING or (lesser and finding.status is Status.GAP)
        )

    @property
    def why(self) -> str:
        """What the layers that are not open say of themselves."""
        closed = (layer for layer in self.found.layers if layer.outcome is self.found.outcome)
        return " ".join(dict.fromkeys(layer.why for layer in closed if layer.why))


def profile_of(law: carnet.Law, facts: Mapping[str, Any]) -> carnet.Profile:
    plain = {path: list(value) if isinstance(value, tuple) else value for path, value in facts.items()}
    known = {"approvals": law.approvals, "jurisdictions": law.codes}
    return carnet.Profile.from_dict(plain, law.vocabulary, name="opening", **known)


def assess(law: carnet.Law, market: str, facts: Mapping[str, Any]) -> tuple[MarketAssessment, Assessed]:
    """The market's assessment, with what its own rulebook (not the home layer's) was judged by."""
    profile = profile_of(law, facts)
    found = list(assess_scopes(law, profile, scopes_of(law, profile, market, law.as_of), evaluator("native")).values())
    own = next(one for one in found if not one.scope.home)
    return market_assessment(found, OnceForAll(), OnceForAll()), own


def open_up(law: carnet.Law, market: str, operation: str) -> Opened:
    """Declare what the market asks for, round by round, until it stops getting better; where it stays closed, what it
    asks of the same operation as a test."""
    base = {path: value for part in ("all", operation) for path, value in BASES[part].items()}
    best = _rounds(law, market, base)
    if best.found.outcome is not Outcome.CLOSED or base[PHASE] == "testing":
        return best
    tested = _rounds(law, market, {**base, PHASE: "testing"}).facts | {PHASE: base[PHASE]}
    again = Opened(tested, assess(law, market, tested)[0])
    return again if _rank(again) < _rank(best) else best


def _rounds(law: carnet.Law, market: str, base: Facts) -> Opened:
    facts: Facts = dict(base)
    best: Opened | None = None
    tried: Counter[str] = Counter()
    since = 0
    for _ in range(ROUNDS):
        found, own = assess(law, market, facts)
        now = Opened(dict(facts), found)
        better = best is None or _rank(now) < _rank(best)
        best, since = (now, 0) if better else (best, since + 1)
        changes = Round(law, own, found, frozenset(base), tried).changes()
        if not changes or since > PATIENCE:
            break
        facts.update(changes)
        facts = {path: value for path, value in facts.items() if value is not None}
    assert best is not None
    return best


def _rank(opened: Opened) -> tuple[int, int, int, int]:
    blocking = [f for f in opened.found.gaps if f.severity is Severity.BLOCKING]
    waits = len(opened.found.undetermined)
    return BEST_FIRST.index(opened.found.outcome), len(blocking), len(opened.found.gaps), waits


class Round:
    """One round's changes: for each condition that does not hold, the least change that breaks none that does."""

    def __init__(
        self,
        law: carnet.Law,
        own: Assessed,
        found: MarketAssessment,
        fixed: frozenset[str],
        tried: Counter[str],
    ) -> None:
        self._law, self._book, self._found = law, own.scope.rulebook, found
        self._fixed, self._tried = fixed, tried
        self._facts: Facts = dict(own.assessor.evidence.values)
        self._start: Facts = dict(self._facts)
        self._changes: Facts = {}
        self._bound = {bound.rule.id: bound for bound in self._book.rules()}
        closed = {layer.jurisdiction for layer in found.layers if layer.outcome in (Outcome.CLOSED, Outcome.PROHIBITED)}
        counts = [f for f in found.findings if not f.superseded_by and (f.on_route or f.jurisdiction in closed)]
        on_route = {f.rule: f for f in counts}
        self._open = [f for f in counts if f.status in (Status.GAP, Status.UNDETERMINED)]
        self._met = [self._bound[f.rule].requires for f in on_route.values() if self._binds(f.rule, f.status)]

    def _binds(self, rule: str, status: Status) -> bool:
        return rule in self._bound and status is Status.COMPLIANT

    def changes(self) -> Facts:
        for condition, want in self._routes():
            if truth_of(condition, self._facts) is None:
                self._settle("route", condition, want)
        for finding in sorted(self._open, key=lambda f: tuple(Severity).index(f.severity)):
            if finding.kind == "need":
                self._settle(finding.rule, need_condition(self._law.clause(finding.rule).group))
            elif finding.rule in self._bound:  # a way in that is shut mends itself with what shuts it
                self._mend(self._bound[finding.rule], finding.unknown)
        return self._changes

    def _routes(self) -> Iterator[tuple[Condition, bool]]:
        """Take the route each layer is judged by; leave the others of its track and other tracks alone."""
        taken = {layer.route for layer in self._found.layers}
        for layer in self._book.layers:
            for route in layer.routes:
                if truth_of(route.available, self._start) is None:
                    if route.route.id in taken and route.route.track == "driving":
                        yield route.available, True
                    yield route.available, False

    def _mend(self, bound: BoundRule, unknown: tuple[str, ...]) -> None:
        """Do what the rule asks; failing that, be what it does not apply to, or say what it waits for."""
        if truth_of(bound.applies, self._facts) is False or self._settle(bound.rule.id, bound.requires):
            return
        if not self._settle(f"{bound.rule.id} applies", bound.applies, False):
            for path in unknown:
                self._settle(path, Compare(path, "declared", Constant(True)))

    def _settle(self, name: str, condition: Condition, want: bool = True) -> bool:
        if truth_of(condition, self._facts) is want:
            return True
        ways = [way for way in repairs(condition, self._facts, self._law.vocabulary, want, most=24) if self._may(way)]
        if not ways:
            return False
        self._tried[name] += 1
        kept = [way for way in ways if not self._broken(way)] or ways
        way = kept[0] if self._tried[name] < 3 else kept[self._tried[name] % len(kept)]
        for met in () if want is not True else self._broken(way):
            joint = [w for w in repairs(AllOf((met, condition)), self._facts, self._law.vocabulary) if self._may(w)]
            way = next((w for w in joint if len(self._broken(w)) < len(self._broken(way))), way)
        self._facts.update(way)
        self._changes.update(way)
        if want:
            self._met.append(condition)
        return True

    def _may(self, way: Mapping[str, Any]) -> bool:
        return bool(way) and not any(path in self._fixed or path.startswith(("derived.", "context.")) for path in way)

    def _broken(self, way: Mapping[str, Any]) -> list[Condition]:
        after = {**self._facts, **way}
        touched = (met for met in self._met if not facts_read(met).isdisjoint(way))
        return [met for met in touched if truth_of(met, self._facts) is True and truth_of(met, after) is not True]


def losses(law: carnet.Law, market: str, opened: Opened) -> Iterator[tuple[str, Outcome]]:
    """Facts whose being undeclared changes the outcome to anything but undetermined: silence decides nothing.

    A fact that some rule wants declared whatever its value is left out. Two changes are meant to be: an undecided
    lesser gap no longer makes a market conditional, and where only a testing route is left, an undecided one does not
    keep the market from being closed.
    """
    before = opened.found.outcome
    meant = {Outcome.CONDITIONAL: {Outcome.OPEN}}.get(before, {Outcome.CLOSED} if before is not Outcome.OPEN else set())
    for path in opened.facts.keys() - _wanted_declared(law, market):
        after = assess(law, market, {p: v for p, v in opened.facts.items() if p != path})[0].outcome
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


def main() -> None:
    """Write down how far each market opens, and tell where silence decides."""
    law = carnet.load_law()
    results: dict[str, dict[str, Any]] = {operation: {} for operation in OPERATIONS}
    for operation in OPERATIONS:
        for market in law.markets():
            opened = open_up(law, market, operation)
            results[operation][market] = expected(opened)
            for path, after in losses(law, market, opened):
                print(f"{operation} in {market}: {opened.found.outcome}, but {after} without {path}")
    text = yaml.safe_dump(results, sort_keys=False, allow_unicode=True, width=120)
    RESULTS.write_text(f"{HEAD}{text}", encoding="utf-8")


if __name__ == "__main__":
    main()
