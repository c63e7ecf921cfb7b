# SPDX-License-Identifier: Apache-2.0
"""A law of two jurisdictions in a folder of its own: QQ and its part QQ-A, with what a test adds to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from carnet.law.link import LinkedLaw, link_law

BEARERS = Path(__file__).parents[2] / "assess" / "law" / "rules" / "bearers.yaml"
SHARED = {
    "bearers.yaml": BEARERS.read_text(encoding="utf-8"),
    "law.yaml": "law: {version: '1.0', as_of: 2026-06-01}\n",
    "vocabulary/automation.yaml": """\
section: automation
title: Automation
facts:
  automation.sae_level: {type: int, range: [0, 5], question: Which SAE level?}
  automation.max_speed_kmh: {type: number, unit: km/h, range: [0, 400], question: How fast?}
""",
    "vocabulary/vehicle.yaml": """\
section: vehicle
title: Vehicle
facts:
  vehicle.category: {type: choice, question: Which category?, values: {M1: car, M2: bus, N1: van}}
  vehicle.type_approved_on: {type: date, question: Since when?}
  vehicle.registered_in: {type: text, items: country, question: Where is it registered?}
""",
    "vocabulary/behaviour.yaml": """\
section: behaviour
title: Behaviour
facts:
  behaviour.yields_to: {type: set, question: To whom?, values: {convoy: convoys, ambulance: rescue, police: police}}
  behaviour.turns_on_red: {type: bool, question: Does it?}
  behaviour.rear_range_m: {type: number, unit: m, range: [0, 500], question: How far back does it see?}
""",
    "vocabulary/operation.yaml": """\
section: operation
title: Operation
facts:
  operation.driver_on_board: {type: bool, question: Is a driver on board?}
  operation.entities: {type: set, items: country, question: Where has it entities?}
  operation.revoked_on: {type: date, question: When was a permit revoked?}
""",
    "vocabulary/approvals.yaml": """\
fields:
  held: {type: bool, question: Is it held?}
  granted_on: {type: date, question: Since when?}
  valid_until: {type: date, question: Until when?}
  max_speed_kmh: {type: number, unit: km/h, range: [0, 400], question: Up to which speed?}
""",
    "derivations/all.yaml": """\
derivations:
  - fact: derived.driverless
    type: bool
    title: Nobody drives
    when: {automation.sae_level: {gte: 4}, operation.driver_on_board: false}
  - fact: derived.range_needed_m
    type: number
    unit: m
    title: How far back it must see
    formula: "automation.max_speed_kmh * look_back_s / 3.6"
  - fact: derived.years_since_revoked
    type: number
    unit: years
    title: Years since a permit was revoked
    formula: "years(operation.revoked_on, context.as_of)"
""",
    "groups.yaml": "groups: {CLUB: {title: Club, members: [DE, FR, QQ]}}\n",
    "actions/all.yaml": """\
actions:
  - {id: retrain, title: Train the system again, who: ads_developer, weeks: [4, 8]}
""",
}
HEADS = {
    "QQ": """\
jurisdiction: {id: QQ, name: Quuland, kind: state, drives_on: right, currency: QQD, languages: [qq]}
parameters:
  look_back_s: {unit: s, values: [{value: 4.5}]}
instruments:
  - {id: qq.act, title: Traffic Act, short: TA, kind: statute, url: https://law.example/act}
""",
    "QQ-A": "jurisdiction: {id: QQ-A, name: Quu City, kind: city, parent: QQ}\n",
}
RULE = """\
  - id: {id}
    title: A title
    topic: traffic_law
    cites: [{{instrument: qq.act, provision: Art. 1}}]
    confidence: official
    duty_holder: ads_developer
    severity: blocking
    remedy: {{action: retrain}}
"""


def rule(id_: str, body: str) -> str:
    """A rule of the pack under test; `body` is indented as it stands in the pack, from its own first line on."""
    return RULE.format(id=id_) + "".join(f"    {line}\n" if line else "\n" for line in body.strip("\n").splitlines())


def chosen(pack: Path, id_: str) -> str:
    """The cases of a rule in the file of cases beside its pack, as they stand there."""
    text = pack.with_name(f"{pack.stem}.cases.yaml").read_bytes().decode()
    _, _, rest = text.partition(f"\n  {id_}:\n")
    return rest.partition("\n\n")[0].rstrip("\n") + "\n"


@dataclass
class LawFolder:
    """A folder of law on disk."""

    root: Path
    files: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def rules(self, *texts: str, code: str = "QQ") -> Path:
        """Replace the rules under test."""
        return self.write(f"jurisdictions/{code}/rules.yaml", "rules:\n" + "\n".join(texts))

    def link(self) -> LinkedLaw:
        return link_law([self.root])
