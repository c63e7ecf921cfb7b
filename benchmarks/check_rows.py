# SPDX-License-Identifier: Apache-2.0
"""The native evaluator row by row on every market: `check_rows.py PROFILES`.

Twice: the whole assessment as `carnet check` makes it, and only the truths of all conditions.
"""

from __future__ import annotations

import json
import statistics
import sys
import time

from native_results import read_rows
from random_profiles import random_table

from carnet.api import load_law
from carnet.assess.check import check, program_of
from carnet.declare.profile import Profile
from carnet.logic.native_program import NativeEvaluator


def main(profiles: int) -> None:
    law = load_law()
    markets, day = law.markets(), law.as_of
    books = [law.rulebook(code, day) for code in markets]
    verdicts = sum(len(list(book.rules())) for book in books)
    prepared = NativeEvaluator().prepare(program_of(books))
    known = {"approvals": frozenset(law.approvals), "jurisdictions": frozenset(law.codes)}
    whole, truths = [], []
    for data in read_rows(law, random_table(law, books, profiles, 5)).values():
        profile = Profile.from_dict(data, law.vocabulary, **known)
        start = time.perf_counter()
        check(law, profile, markets, day, "native")
        middle = time.perf_counter()
        list(prepared.run(profile.facts((), as_of=day).values)[0])
        truths.append(time.perf_counter() - middle)
        whole.append(middle - start)
    medians = {"check_s": statistics.median(whole), "truths_s": statistics.median(truths)}
    print(json.dumps(medians | {"verdicts": verdicts}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
