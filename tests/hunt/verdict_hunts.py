# SPDX-License-Identifier: Apache-2.0
"""Hunts for verdicts that contradict each other."""

from __future__ import annotations

import datetime as dt
import random

from forgetting import forgetting
from hunt_world import Broken, World

from carnet.assess.model import BEST_FIRST, Status
from carnet.report.timeline import timeline

DAY = dt.date(2027, 1, 1)


def remedies(rng: random.Random, world: World) -> None:
    """What a remedy says to declare closes its gap."""
    profile = world.profile(world.data(rng))
    if profile is None:
        return
    market = rng.choice(world.markets)
    gaps = [gap for gap in world.law.check(profile, market, DAY).market(market).gaps if gap.remedy and gap.remedy.set]
    for gap in rng.sample(gaps, min(3, len(gaps))):
        assert gap.remedy
        after = world.law.check(profile.with_set(gap.remedy.set), market, DAY).market(market)
        for finding in after.findings:
            if finding.rule == gap.rule and finding.layer == gap.layer and finding.status is Status.GAP:
                raise Broken(f"{market}: {dict(gap.remedy.set)} does not close {gap.rule}: {profile.to_dict()}")


def waivers(rng: random.Random, world: World) -> None:
    """A waiver changes no verdict; it marks its finding while it lasts."""
    data = world.data(rng)
    profile, market = world.profile(data), rng.choice(world.markets)
    if profile is None:
        return
    before = world.law.check(profile, market, DAY).market(market)
    gaps = [gap for gap in before.gaps if gap.kind != "closure"]
    if not gaps:
        return
    gap = rng.choice(gaps)
    until = rng.choice([DAY - dt.timedelta(days=1), DAY, DAY + dt.timedelta(days=1)])
    waived = world.profile(data | {"waivers": [{"rule": gap.rule, "reason": "r", "by": "b", "until": until}]})
    assert waived is not None
    after = world.law.check(waived, market, DAY).market(market)
    if after.outcome is not before.outcome or [f.status for f in after.findings] != [f.status for f in before.findings]:
        raise Broken(f"{market}: waiving {gap.rule} changes the verdict: {data}")
    found = [finding for finding in after.findings if finding.rule == gap.rule and finding.status is Status.GAP]
    if not all(finding.waived and finding.waived.expired is (until < DAY) for finding in found):
        raise Broken(f"{market}: the waiver of {gap.rule} until {until} is not shown on {DAY}: {data}")


def worst_of_features(rng: random.Random, world: World) -> None:
    """A market with several features is as open as its worst feature alone."""
    data = world.data(rng)
    features = {name: world.data(rng, 0.02) for name in ("a", "b", "c")[: rng.randrange(2, 4)]}
    for overlay in features.values():
        for key in ("name", "complete"):
            overlay.pop(key, None)
    markets = rng.sample(world.markets, 4)
    together = world.profile(data | {"features": features})
    apart = [world.profile(data | {"features": {name: overlay}}) for name, overlay in features.items()]
    if together is None:
        return
    reports = [world.law.check(profile, markets, DAY) for profile in apart if profile is not None]
    for market in world.law.check(together, markets, DAY):
        outcomes = [report.market(market.market).outcome for report in reports]
        if market.outcome is not max(outcomes, key=BEST_FIRST.index):
            alone = ", ".join(outcomes)
            raise Broken(f"{market.market}: {market.outcome} of features that are {alone}: {together.to_dict()}")


def time_line(rng: random.Random, world: World) -> None:
    """The time line says of each day what a check of that day says."""
    data = world.data(rng)
    held = data.get("approvals") or {}
    for name in held:
        day = dt.date(2027, 1, 1) + dt.timedelta(days=rng.randrange(1500))
        dated = [{"held": True, "granted_on": day}, {"held": True, "valid_until": day}]
        held[name] = rng.choice([held[name], *dated, {"state": "applied", "expected_on": day}])
    profile, market = world.profile(data), rng.choice(world.markets)
    if profile is None:
        return
    if rng.random() < 0.5:
        profile = profile.with_expected()
    until = DAY + dt.timedelta(days=rng.randrange(1, 2000))
    (band,) = timeline(world.law, profile, [market], DAY, until).bands
    spans = band.spans()
    edges = [start for start, _, _ in spans] + [end - dt.timedelta(days=1) for _, end, _ in spans]
    for day in {*rng.sample(edges, min(4, len(edges))), DAY + dt.timedelta(days=rng.randrange((until - DAY).days + 1))}:
        (told,) = (outcome for start, end, outcome in spans if start <= day < end)
        checked = world.law.check(profile, market, day).market(market).outcome
        if told is not checked:
            raise Broken(f"{market}: {told} on {day} by the time line, {checked} by a check: {data}")


HUNTS = {hunt.__name__: hunt for hunt in (forgetting, remedies, waivers, worst_of_features, time_line)}
