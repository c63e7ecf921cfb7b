# SPDX-License-Identifier: Apache-2.0
"""The first files of a market and the first lines of a rule: they lint, and say of themselves what is not known yet.

A new market is never open by silence: until its ways in are written down, its only route is one on which the law is
not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, get_args

from carnet.characters import decoded
from carnet.errors import InputError, LawError, Place, shown
from carnet.law.words import Area, Topic
from carnet.source import read_file

FILES: Mapping[str, str] = {
    "market_access": "access",
    "ads_approval": "ads",
    "traffic_law": "traffic",
    "operations": "operations",
    "driver_hmi": "hmi",
    "environment": "environment",
    "cyber_data": "data",
    "liability_insurance": "liability",
    "commercial": "commercial",
}
"""The file in which a new rule of a topic stands; a market with one `law.yaml` keeps all topics there."""
assert set(FILES) == set(get_args(Topic))

HEAD = """\
# {name}: who makes the rules, values, instruments

jurisdiction:
  id: {code}
  name: {name}
  parent: {parent}
  kind: {kind}
  drives_on: {drives_on}
  currency: {currency}
  languages: [{languages}]
  authorities: []
  summary: Not researched yet.
  # Each area is encoded, searched (say when and where) or not_researched; how well the market is known follows from it.
  coverage:
{coverage}

parameters: {{}}

instruments:
  - id: {prefix}.road-act
    title: The road traffic act of {name} (name it as it names itself)
    kind: statute
    url: null
"""
ROUTES = """\
# {name}: lawful ways in

routes:
  # Until its ways in are written down the market is undetermined, never open by silence. Put in its place a route for
  # every lawful profile, the plain car with driver assistance included.
  - id: {prefix}.not-researched
    title: Ways in that nobody has researched yet
    kind: deployment
    certainty: silent
    available_when: {{}}
    needs: []
    basis: inference
    confidence: memory
    cites: [{{instrument: {prefix}.road-act}}]
"""
APPROVALS = """\
# {name}: what its authorities grant and receive
#
# approvals:
#   {code}-TYPE-APPROVAL:
#     title: Type approval
#     granted_by: the authority
#     kind: type_approval
#     cites: [{{instrument: {prefix}.road-act, provision: Art. 1}}]

approvals: {{}}
"""
RULE = """\
  - id: {id}
    title: Say in one line what the law asks
    text: Say in words of your own what the provision asks, of whom, and what follows from a breach.
    topic: {topic}
    cites: [{{instrument: {instrument}, provision: Art. 1}}]
    in_force: {{from: unknown}}
    basis: unreviewed
    confidence: memory
    read: unrecorded
    duty_holder: ads_developer
    severity: major
    applies_when: {{automation.sae_level: {{gte: 3}}}}
    requires: {{behaviour.traffic_rule_sets: {{contains: {code}}}}}
    remedy: {{text: Say what closes the gap}}
    evidence: Say what shows that it is met
    tests:
      - given: {{automation.sae_level: 4, behaviour.traffic_rule_sets: []}}
        expect: gap
        says: "Art. 1: say what the law says of this case"
      - given: {{automation.sae_level: 4, behaviour.traffic_rule_sets: [{code}]}}
        expect: compliant
        says: "Art. 1: say what the law says of this case"
"""


class NewMarket(NamedTuple):
    """What has to be known of a market before a line of its law is written."""

    code: str
    name: str
    drives_on: str
    parent: str = ""
    currency: str = ""
    languages: tuple[str, ...] = ()
    kind: str = "state"


def market_files(market: NewMarket) -> dict[str, str]:
    """The first files of a market, by their names in its folder."""
    values = {
        **market._asdict(),
        "prefix": market.code.lower(),
        "parent": market.parent or "null",
        "currency": market.currency or '""',
        "languages": ", ".join(market.languages),
        "coverage": "\n".join(f"    {area}: {{state: not_researched}}" for area in get_args(Area)),
    }
    texts = {"jurisdiction.yaml": HEAD, "routes.yaml": ROUTES, "approvals.yaml": APPROVALS}
    return {name: text.format(**values) for name, text in texts.items()}


def with_rule(folder: Path, id_: str, topic: str, instrument: str) -> tuple[Path, str]:
    """The file of a market's folder that a new rule belongs to, and its text with the rule at the end.

    Raises:
        InputError: when the folder is no market's, or the id does not begin with its code.
        LawError: when a file there has this id already.
    """
    try:
        known = (folder / "jurisdiction.yaml").is_file()
    except (OSError, ValueError):
        known = False
    if not known:
        raise InputError("is no jurisdiction's folder", Place(str(folder)), "make one with `carnet new market`")
    code = folder.name
    if not id_.startswith(f"{code.lower()}."):
        raise InputError(f"the id {shown(id_)} does not begin with `{code.lower()}.`", hint="an id names its market")
    for file in sorted(folder.glob("*.yaml")):
        if f"id: {id_}\n" in _text(file):
            raise LawError(f"`{id_}` stands there already", Place(str(file)), "choose another id")
    whole = folder / "law.yaml"
    path = whole if whole.is_file() else folder / f"{FILES[topic]}.yaml"
    rule = RULE.format(id=id_, topic=topic, instrument=instrument, code=code)
    if not path.is_file():
        return path, f"# {code}: {topic.replace('_', ' ')}\n\nrules:\n{rule}"
    text = _text(path)
    if "\nrules:\n" not in f"\n{text}":
        return path, f"{text.rstrip()}\n\nrules:\n{rule}"
    if not _ends_in_rules(text):
        raise LawError("has other lists after its rules", Place(str(path)), "move `rules:` to its end, or add by hand")
    return path, f"{text.rstrip()}\n\n{rule}"


def _text(path: Path) -> str:
    """What stands in a pack, read as packs are read."""
    return decoded(read_file(path), str(path))


def _ends_in_rules(text: str) -> bool:
    """Whether the last key at the margin is `rules:`."""
    keys = [line for line in text.splitlines() if line[:1].isalpha()]
    return bool(keys) and keys[-1].startswith("rules:")
