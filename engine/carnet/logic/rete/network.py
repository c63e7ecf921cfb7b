# SPDX-License-Identifier: Apache-2.0
"""Small durable-rules rulesets, and what keeps them inside the limits that were measured.

The core of durable-rules is used directly: its `Host` starts threads, and its `Ruleset` adds only actions, which are
not wanted. Rules that fire are taken from the engine's agenda one by one, so nothing runs inside it that could fail
unseen, and every fact is retracted once it is decided.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import weakref
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from carnet.errors import CarnetError, InputError, LimitError
from carnet.logic.rete.patterns import NEVER, Pair, properties, written

MAX_LEAVES = 60
MAX_PROPERTIES = 200
MAX_JUNCTIONS = 15


class Rule:
    """A condition to decide: its index in the program's list, its patterns, and what these ask of the engine."""

    __slots__ = ("index", "junctions", "leaves", "pair", "properties")

    def __init__(self, index: int, pair: Pair) -> None:
        self.index = index
        self.pair = pair
        self.leaves = pair.true.size.leaves + pair.false.size.leaves
        self.junctions = max(pair.true.size.junctions, pair.false.size.junctions)
        self.properties = properties(pair.true) | properties(pair.false)


@cache
def engine() -> Any:
    """The core of durable-rules, imported when the first ruleset is built.

    Raises:
        InputError: where it cannot be imported (Python 3.13 removed what its C part needs).
    """
    try:
        return importlib.import_module("durable_rules_engine")
    except (ImportError, AttributeError) as error:
        hint = "use the evaluator `native`, which gives the same verdicts"
        raise InputError(
            f"evaluator `rete` needs durable-rules, which cannot be imported ({error})", hint=hint
        ) from None


class Network:
    """One ruleset of at most 60 leaf comparisons over one flat fact."""

    def __init__(self, rules: Sequence[Rule], place: Callable[[int, Any], int]) -> None:
        """Build the ruleset.

        Raises:
            LimitError: when it would be larger than what durable-rules was seen to hold.
        """
        properties = tuple(sorted(frozenset[int]().union(*(rule.properties for rule in rules))))
        _refuse_too_large(rules, len(properties))
        definition, verdicts = _definition(rules, place)
        self.rules = tuple(rules)
        self._open(json.dumps(definition), verdicts, tuple(rule.index for rule in rules), properties)

    def _open(
        self, text: str, verdicts: Mapping[str, tuple[int, bool]], indexes: Sequence[int], properties: Sequence[int]
    ) -> None:
        self._kept = (text, verdicts, indexes, properties)
        self.indexes, self.properties = indexes, properties
        self._verdicts = verdicts
        self._core = engine()
        self._handle = self._core.create_ruleset(f"carnet-{hashlib.sha256(text.encode()).hexdigest()[:16]}", text)
        self._fired: list[bool] = []
        weakref.finalize(self, _release, self._core, self._handle, self._fired).atexit = False

    def __reduce__(self) -> tuple[Any, ...]:
        """Kept as the definition; the ruleset itself is built again."""
        return _reopened, self._kept

    def decide(self, fact: str) -> Mapping[int, bool]:
        """The truths that are known for one fact (the text of a JSON object), by the rules' indexes.

        Raises:
            LimitError: when the engine refuses the fact.
        """
        core, handle, verdicts = self._core, self._handle, self._verdicts
        decided: dict[int, bool] = {}
        try:
            _, state = core.assert_fact(handle, fact)
            started = core.start_action_for_state(handle, state)
            fired = started[1] if started else None
            while fired:
                index, truth = verdicts[fired[2 : fired.index('"', 2)]]
                if decided.setdefault(index, truth) is not truth:
                    raise CarnetError(f"durable-rules finds condition {index} both true and false for {fact}")
                fired = core.complete_and_start_action(handle, state)
        except core.error as error:
            raise LimitError(f"durable-rules refuses a fact of {len(self.properties)} properties: {error}") from None
        finally:
            core.retract_fact(handle, fact)
        if decided and not self._fired:
            self._fired.append(True)
        return decided


def _reopened(*kept: Any) -> Network:
    network = Network.__new__(Network)
    network.rules = ()
    network._open(*kept)
    return network


def _release(core: Any, handle: int, fired: list[bool]) -> None:
    """Free a ruleset; its state only once a rule fired, because until then part of it is not initialised."""
    if fired:
        core.delete_state(handle, None)
    core.delete_ruleset(handle)


def _refuse_too_large(rules: Sequence[Rule], facts: int) -> None:
    leaves = sum(rule.leaves for rule in rules)
    junctions = max((rule.junctions for rule in rules), default=0)
    for what, found, limit in (
        ("leaf comparisons", leaves, MAX_LEAVES),
        ("properties", facts, MAX_PROPERTIES),
        ("connectives in a pattern", junctions, MAX_JUNCTIONS),
    ):
        if found > limit:
            raise LimitError(f"a ruleset of durable-rules with {found} {what} is refused", hint=f"at most {limit}")


def _definition(
    rules: Sequence[Rule], place: Callable[[int, Any], int]
) -> tuple[dict[str, Any], dict[str, tuple[int, bool]]]:
    definition: dict[str, Any] = {}
    verdicts: dict[str, tuple[int, bool]] = {}
    for number, rule in enumerate(rules):
        for truth, pattern in ((True, rule.pair.true), (False, rule.pair.false)):
            if pattern != NEVER:
                name = f"{number}{'t' if truth else 'f'}"
                definition[name] = {"all": [{"m": written(pattern, place)}]}
                verdicts[name] = (rule.index, truth)
    return definition, verdicts
