# SPDX-License-Identifier: Apache-2.0
"""Seconds and size of a report over every market, in every format."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

import carnet
from carnet.plan.questions import ask
from carnet.report.formats import FORMATS

PROFILE = Path(__file__).resolve().parents[1] / "examples" / "robotaxi-munich.yaml"


def main() -> None:
    law = carnet.load_law()
    report = law.check(law.profile(PROFILE), law.markets())
    print(f"{len(report.markets)} markets, {sum(len(market.findings) for market in report):,} findings")
    for chosen in FORMATS.values():
        module = chosen.load()
        wishes = {"ask": partial(ask, law)} if chosen.name in ("terminal", "markdown") else {}
        start = time.perf_counter()
        made = module.render(report, **wishes)
        took = time.perf_counter() - start
        size = len(made.encode() if isinstance(made, str) else made)
        print(f"{chosen.name:<12} {took:>7.2f} s  {size / 1e6:>6.2f} MB")


if __name__ == "__main__":
    main()
