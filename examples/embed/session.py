# SPDX-License-Identifier: Apache-2.0
"""How fast may it be? A live session tries speeds and says which markets turn; run it with a profile's file."""

from __future__ import annotations

import sys

import carnet

MARKETS = ["DE-BY", "AE-DU", "FR", "GB", "SG"]


def main(file: str) -> None:
    law = carnet.load_law()
    profile = law.profile(file)
    with law.session(profile, MARKETS) as session:
        for speed in (30, 60, 90, 130):
            changes = session.declare("odd.max_speed_kmh", speed)
            turned = [f"{one.market} {one.before.value} -> {one.after.value}" for one in changes.outcomes]
            found = f"{len(changes.findings)} findings turn"
            print(f"{speed:>4} km/h: {', '.join(turned) or 'no outcome turns'} ({found})")


if __name__ == "__main__":
    main(sys.argv[1])
