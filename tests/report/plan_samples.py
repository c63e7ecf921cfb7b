# SPDX-License-Identifier: Apache-2.0
"""A register and a dossier of the bundled law, for pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import carnet
from carnet.plan.dossier import Dossier
from carnet.plan.impact import Impact
from carnet.plan.register import Register

DAY = dt.date(2026, 11, 30)
CAR: dict[str, Any] = {
    "name": "Pearl",
    "automation.sae_level": 2,
    "vehicle.category": "M1",
    "operation.service": "private_car",
    "operation.driver_on_board": True,
    "operation.phase": "commercial",
    "cyber.risk_assessment": True,
    "complete": ["approvals"],
    "approvals": {
        "UN-CSMS": {"state": "held", "granted_on": dt.date(2024, 2, 29), "owner": "Security office"},
        "UN-R79": {"state": "applied", "expected_on": dt.date(2027, 3, 1)},
        "UN-R155": "held",
        "UN-R156": {"state": "held", "valid_until": dt.date(2026, 1, 1)},
    },
}


def profile(law: carnet.Law) -> carnet.Profile:
    return carnet.Profile.from_dict(CAR, law.vocabulary, approvals=law.approvals, jurisdictions=law.codes)


def register() -> Register:
    law = carnet.load_law()
    return law.register(profile(law), ("DE", "FR"), DAY)


def dossier() -> Dossier:
    law = carnet.load_law()
    return law.dossier(profile(law), "UN-R155", "DE", DAY)


def impact() -> Impact:
    law = carnet.load_law()
    old = profile(law)
    return law.impact(
        old, old.with_set({"automation.max_speed_kmh": 110, "insurance.third_party": False}), ("DE", "BN"), DAY
    )
