# SPDX-License-Identifier: Apache-2.0
"""A session after one changed fact against a full run: `session_rerun.py EVALUATOR MARKETS`.

Each fact that an example profile declares and the law of the markets reads is changed to another value that the law
asks about, and changed back. Twice: the evaluator alone, and `Law.session` with the whole report against `check`.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from random_profiles import allowed_values, fact_values

from carnet.api import Law, load_law
from carnet.assess.check import check, prepared
from carnet.assess.jobs import jobs_of
from carnet.declare.profile import Profile
from carnet.logic.evaluators import evaluator

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "robotaxi-munich.yaml"
REPORT_STEP = 7


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def another(law: Law, path: str, now: Any, asked: set[object]) -> Any:
    """Another value for a fact, one that the law compares it with if there is one; None takes the fact back."""
    if isinstance(now, bool):
        return not now
    if isinstance(now, tuple):
        return now[1:] or None
    fact = law.vocabulary.fact(path)
    others = allowed_values(law, fact, {*asked, *fact.values})
    return next((value for value in sorted(others, key=str) if value != now), None)


def changes(law: Law, profile: Profile, markets: tuple[str, ...]) -> dict[str, tuple[Any, Any]]:
    """The declared facts that the law reads, with their value and another one."""
    books = [law.rulebook(code, law.as_of) for code in markets]
    declared = profile.facts(law.chain(markets[0]), next(iter(profile.features), None), as_of=law.as_of).values
    asked = fact_values(law, books)
    return {
        path: (value, another(law, path, value, asked[path]))
        for path, value in declared.items()
        if path in asked and not path.startswith("approvals.")
    }


def of_evaluator(law: Law, profile: Profile, markets: tuple[str, ...], name: str) -> tuple[float, float]:
    """Means of a re-run and of a full run, both of the program of all these markets."""
    jobs = [job for code in markets for job in jobs_of(law, profile, code, law.as_of)]
    _, ready = prepared(law, [job.rulebook for job in jobs], evaluator(name))
    facts = jobs[0].facts.values
    session = ready.session(facts)
    again, full = [], []
    for path, (value, other) in changes(law, profile, markets).items():
        changed = {**facts, path: other}
        again.append(seconds(lambda: session.retract([path]) if other is None else session.declare({path: other})))  # noqa: B023
        full.append(seconds(lambda: list(ready.run(changed)[0])))  # noqa: B023
        session.declare({path: value})
    return statistics.mean(again), statistics.mean(full)


def of_report(law: Law, profile: Profile, markets: tuple[str, ...], name: str) -> tuple[float, float]:
    """Means of `session.declare` and of `check`, reports included, over some of the facts."""
    again, full = [], []
    check(law, profile, markets, law.as_of, name)
    with law.session(profile, markets, law.as_of, name) as session:
        for path, (value, other) in list(changes(law, profile, markets).items())[::REPORT_STEP]:
            value, other = (list(v) if isinstance(v, tuple) else v for v in (value, other))
            again.append(seconds(lambda: session.declare(path, other)))  # noqa: B023
            full.append(seconds(lambda: check(law, session.profile, markets, law.as_of, name)))
            session.declare(path, value)
    return statistics.mean(again), statistics.mean(full)


def main(name: str, markets: str) -> None:
    law = load_law()
    profile = law.profile(EXAMPLE)
    codes = law.markets() if markets == "all" else tuple(markets.split(","))
    measured = {"evaluator": of_evaluator(law, profile, codes, name)}
    if len(codes) == 1:
        measured["report"] = of_report(law, profile, codes, name)
    facts = len(changes(law, profile, codes))
    print(json.dumps({"measured": measured, "facts": facts, "evaluator": name, "markets": markets}))


if __name__ == "__main__":
    main(*sys.argv[1:])
