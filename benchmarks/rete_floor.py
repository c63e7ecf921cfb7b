# SPDX-License-Identifier: Apache-2.0
"""Our rete beside what durable-rules needs to fire as many rules: `rete_floor.py MARKETS PROFILES`.

As many rules as our rete decides conditions for the median profile, each in a ruleset of its own, the smallest there
is, with one comparison: a fact asserted, the rule fired, the fact retracted. Once through the core's agenda, as our
rete drains it, and once through `durable.engine.Ruleset` with an action per rule, as the library itself does.
"""

from __future__ import annotations

import importlib
import json
import statistics
import sys
import time
from collections.abc import Callable

from one import SEED, own_facts
from random_profiles import random_table, rows_of
from rules import gap_rules

from carnet.api import load_law
from carnet.logic.program import Program
from carnet.logic.rete import ReteEvaluator

core = importlib.import_module("durable_rules_engine")
engine = importlib.import_module("durable.engine")
FACT = {"a": 1}
RULE = {"r": {"all": [{"m": {"a": 1}}]}}


def fire_by_agenda(rules: int) -> Callable[[], int]:
    handles = [core.create_ruleset(f"agenda-{at}", json.dumps(RULE)) for at in range(rules)]
    text = json.dumps(FACT)

    def run() -> int:
        fired = 0
        for handle in handles:
            _, state = core.assert_fact(handle, text)
            started = core.start_action_for_state(handle, state)
            name = started[1] if started else None
            while name:
                fired += 1
                name = core.complete_and_start_action(handle, state)
            core.retract_fact(handle, text)
        return fired

    return run


def fire_by_action(rules: int) -> Callable[[], int]:
    fired: list[int] = []
    rulesets = [
        engine.Ruleset(f"action-{at}", None, {"r": {**RULE["r"], "run": lambda c: fired.append(1)}})
        for at in range(rules)
    ]

    def run() -> int:
        fired.clear()
        for ruleset in rulesets:
            state = ruleset.assert_fact(FACT)
            ruleset.do_actions(state, lambda error, state: None)
            ruleset.retract_fact(FACT)
        return len(fired)

    return run


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def main(markets: str, profiles: int) -> None:
    law = load_law()
    codes = law.markets() if markets == "all" else tuple(markets.split(","))
    rules = gap_rules(law, codes, law.as_of)
    distinct = dict.fromkeys(condition for rule in rules for condition in (rule.applies, rule.requires))
    prepared = ReteEvaluator().prepare(Program((), tuple(distinct)))
    table = random_table(law, [law.rulebook(code, law.as_of) for code in codes], profiles, SEED)
    given = [own_facts(row) for row in rows_of(table)]
    decided = int(statistics.median(sum(truth is not None for truth in prepared.run(row)[0]) for row in given))
    ways = {"agenda_s": fire_by_agenda(decided), "action_s": fire_by_action(decided)}
    assert {fire() for fire in ways.values()} == {decided}
    times: dict[str, list[float]] = {"rete_s": [], **{name: [] for name in ways}}
    for row in given:  # in turns, since the machine is not always as fast
        times["rete_s"].append(seconds(lambda row=row: prepared.run(row)))  # type: ignore[misc]
        for name, fire in ways.items():
            times[name].append(seconds(fire))
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    print(json.dumps({**medians, "decided": decided, "markets": markets}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
