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
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from random_profiles import allowed_values, fact_values

from carnet.api import Law, load_law
from carnet.assess.check import check
from carnet.assess.ready import ready_law
from carnet.assess.scopes import scopes_of
from carnet.declare.profile import Profile
from carnet.logic.evaluators import evaluator

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "robotaxi-munich.yaml"
ROUNDS = 2  # of which the best counts
REPORT_STEP = 7  # on many markets, of so many facts one


def seconds(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


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


class Measured(NamedTuple):
    """Mean seconds of a re-run and of a full one; the share of the one in the other, fact by fact, and the worst."""

    again: float
    whole: float
    median: float
    nine_of_ten: float
    most: float
    worst: str


def measured(pairs: Mapping[str, tuple[float, float]]) -> Measured:
    shares = {path: again / whole for path, (again, whole) in pairs.items()}
    in_order = sorted(shares.values())
    again, whole = (statistics.mean(column) for column in zip(*pairs.values(), strict=True))
    nine = in_order[int(len(in_order) * 0.9)]
    return Measured(again, whole, statistics.median(in_order), nine, in_order[-1], max(shares, key=shares.__getitem__))


def of_evaluator(law: Law, profile: Profile, markets: tuple[str, ...], name: str) -> Measured:
    """The evaluator alone, on the program of all these markets."""
    scopes = [scope for code in markets for scope in scopes_of(law, profile, code, law.as_of)]
    ready = ready_law(law, [scope.rulebook for scope in scopes], evaluator(name)).prepared
    facts = scopes[0].facts.values
    session = ready.session(facts)
    pairs = {}
    for path, (value, other) in changes(law, profile, markets).items():
        changed = {**facts, path: other}
        whole = min(seconds(lambda: list(ready.run(changed)[0])) for _ in range(ROUNDS))  # noqa: B023
        again = []
        for _ in range(ROUNDS):
            again.append(
                seconds(lambda: session.retract([path]) if other is None else session.declare({path: other}))  # noqa: B023
            )
            session.declare({path: value})
        pairs[path] = min(again), whole
    return measured(pairs)


def of_report(law: Law, profile: Profile, markets: tuple[str, ...], name: str) -> Measured:
    """`session.declare` and `session.report` against `check` of a profile that was not looked at before."""
    pairs = {}
    check(law, profile, markets, law.as_of, name)
    step = 1 if len(markets) == 1 else REPORT_STEP
    with law.session(profile, markets, law.as_of, name) as session:
        for path, (value, other) in list(changes(law, profile, markets).items())[::step]:
            value, other = (list(v) if isinstance(v, tuple) else v for v in (value, other))
            again, whole = [], []
            for _ in range(ROUNDS):
                again.append(seconds(lambda: (session.declare(path, other), session.report())))  # noqa: B023
                fresh = replace(session.profile)
                whole.append(seconds(lambda: check(law, fresh, markets, law.as_of, name)))  # noqa: B023
                session.declare(path, value)
            pairs[path] = min(again), min(whole)
    return measured(pairs)


def main(name: str, markets: str) -> None:
    law = load_law()
    profile = law.profile(EXAMPLE)
    codes = law.markets() if markets == "all" else tuple(markets.split(","))
    found = {"evaluator": of_evaluator(law, profile, codes, name), "report": of_report(law, profile, codes, name)}
    facts = len(changes(law, profile, codes))
    print(json.dumps({"measured": found, "facts": facts, "evaluator": name, "markets": markets}))


if __name__ == "__main__":
    main(*sys.argv[1:])
