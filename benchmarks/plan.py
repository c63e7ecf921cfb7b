# SPDX-License-Identifier: Apache-2.0
"""How long a road map takes over more and more markets: every lack of an L4 robotaxi, proven optimal or with its bound.

Run on a quiet machine: `python benchmarks/plan.py [PROFILE]`. The promise is 60 markets in under 30 s on two cores.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from pathlib import Path

import carnet

ROOT = Path(__file__).resolve().parents[1]
SIZES = (10, 20, 40, 60)
START = dt.date(2026, 12, 1)
PROMISE_S = 30.0


def main() -> int:
    law = carnet.load_law()
    profile = law.profile(sys.argv[1] if sys.argv[1:] else ROOT / "examples" / "robotaxi-munich.yaml")
    markets = law.markets()
    late = 0.0
    print(f"{'markets':>8} {'seconds':>8} {'cpu':>8} {'open':>5} {'steps':>6}  quality")
    for size in (*SIZES, len(markets)):
        wall, cpu = time.perf_counter(), time.process_time()
        plan = law.plan(profile, markets[:: max(len(markets) // size, 1)][:size], START)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        quality = "optimal" if plan.optimal else plan.gap
        print(f"{size:>8} {wall:>8.1f} {cpu:>8.1f} {len(plan.openings):>5} {len(plan.steps):>6}  {quality}")
        late = wall if size == SIZES[-1] else late
        law.forget()
    return int(late > PROMISE_S)


if __name__ == "__main__":
    sys.exit(main())
