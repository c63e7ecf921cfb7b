# SPDX-License-Identifier: Apache-2.0
"""Programs on durable-rules: run whole, or live with re-runs of only the rulesets that read a changed property."""

from __future__ import annotations

import hashlib
import pickle
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from carnet.errors import InputError
from carnet.logic.condition import Truth
from carnet.logic.formula import evaluate
from carnet.logic.program import Program
from carnet.logic.rete.compiler import Formula, Plan, compile_program
from carnet.logic.rete.network import Network, engine
from carnet.pickles import Pickles, engine_stamp

WORTH_KEEPING = 100  # conditions; fewer are compiled faster than they are read


def available() -> bool:
    """Whether durable-rules can be imported here."""
    try:
        engine()
    except InputError:
        return False
    return True


class ReteEvaluator:
    """The evaluator on durable-rules.

    Raises:
        InputError: where durable-rules cannot be imported.
    """

    name = "rete"

    def __init__(self) -> None:
        engine()

    def prepare(self, program: Program) -> ReteProgram:
        return ReteProgram(program)


class ReteProgram:
    """A compiled program; runs from several threads wait for each other, because durable-rules is not thread-safe."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._plan = _kept_plan(program)
        self._lock = threading.Lock()

    def run(self, facts: Mapping[str, Any]) -> tuple[Sequence[Truth], Mapping[str, Any]]:
        run = self.session(facts)
        return run.truths(), run.derived()

    def session(self, facts: Mapping[str, Any]) -> ReteSession:
        return ReteSession(self.program, self._plan, self._lock, facts)


def _kept_plan(program: Program) -> Plan:
    """The program compiled, or as it was compiled before: lowering the law of a market costs more than running it."""
    if len(program.conditions) < WORTH_KEEPING:
        return compile_program(program)
    store = Pickles("rete")
    key = hashlib.sha256(engine_stamp().encode() + pickle.dumps(program, 5)).hexdigest()[:32]
    plan = store.read(key)
    if not isinstance(plan, Plan):
        plan = compile_program(program)
        store.write(key, plan)
    return plan


class ReteSession:
    """Keeps the facts, the properties and the truths; a ruleset runs again when one of its properties changed."""

    def __init__(self, program: Program, plan: Plan, lock: threading.Lock, facts: Mapping[str, Any]) -> None:
        self._program = program
        self._plan = plan
        self._lock = lock
        self._values = {**facts, **plan.fixed_facts()}
        self._texts: list[str | None] = [None] * len(plan.properties)
        self._truths: list[Truth] = [plan.fixed.get(index) for index in range(plan.truths)]
        with lock:
            for stage in plan.stages:
                self._compute(stage.formulas, None)
                self._encode(stage.properties)
                for network in stage.networks:
                    self._decide(network)

    def truths(self) -> Sequence[Truth]:
        return tuple(self._truths[: len(self._program.conditions)])

    def derived(self) -> Mapping[str, Any]:
        values = self._values
        return {derived.path: values[derived.path] for derived in self._program.derived if derived.path in values}

    def declare(self, facts: Mapping[str, Any]) -> frozenset[int]:
        changed = {path for path, value in facts.items() if self._values.get(path) != value}
        self._values.update(facts)
        return self._update(changed)

    def retract(self, paths: Iterable[str]) -> frozenset[int]:
        changed = {path for path in paths if self._values.pop(path, None) is not None}
        return self._update(changed)

    def close(self) -> None:
        self._values.clear()
        self._texts.clear()
        self._truths.clear()

    def _update(self, changed: set[str]) -> frozenset[int]:
        """Follow the changed facts through the stages; a truth that feeds a later stage is a changed fact there."""
        moved: set[int] = set()
        rewritten: set[int] = set()
        with self._lock:
            for stage in self._plan.stages:
                self._compute(stage.formulas, changed)
                touched = {i for path in changed for i in self._plan.readers.get(path, ())} & stage.properties
                rewritten |= self._encode(touched)
                again = {position for i in rewritten for position in stage.readers.get(i, ())}
                for position in sorted(again):
                    truths = self._decide(stage.networks[position])
                    moved |= truths
                    changed.update(self._plan.feeds[index] for index in truths if index in self._plan.feeds)
        return frozenset(index for index in moved if index < len(self._program.conditions))

    def _compute(self, formulas: Iterable[Formula], changed: set[str] | None) -> None:
        """Compute the formulas that read a changed fact, all of them at first, and note whose value changed."""
        for path, expr, reads in formulas:
            if changed is not None and reads.isdisjoint(changed):
                continue
            value = evaluate(expr, self._values)
            if changed is not None and value != self._values.get(path):
                changed.add(path)
            self._put(path, value)

    def _put(self, path: str, value: Any) -> None:
        if value is None:
            self._values.pop(path, None)
        else:
            self._values[path] = value

    def _encode(self, properties: Iterable[int]) -> set[int]:
        """Write properties as the engine reads them; returns those whose text changed."""
        changed = set()
        for index in properties:
            place = self._plan.properties[index].encode(self._values)
            text = None if place is None else f'"p{index}":{place}'
            if text != self._texts[index]:
                self._texts[index] = text
                changed.add(index)
        return changed

    def _decide(self, network: Network) -> set[int]:
        """Run one ruleset; returns the indexes of the truths that changed."""
        known = [text for index in network.properties if (text := self._texts[index])]
        decided = network.decide(f"{{{','.join(known)}}}") if known else {}
        changed = set()
        for index in network.indexes:
            truth = decided.get(index)
            if truth is not self._truths[index]:
                self._truths[index] = truth
                changed.add(index)
                if index in self._plan.feeds:
                    self._put(self._plan.feeds[index], truth)
        return changed
