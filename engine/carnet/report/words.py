# SPDX-License-Identifier: Apache-2.0
"""The fixed names that reports show for the engine's values, marked for translation.

`N_` only marks: a renderer asks for the words with `label`, then translates them. Each name is unique across the kinds
of values, so that one catalogue entry never serves two meanings.
"""

from __future__ import annotations

from collections.abc import Mapping

from carnet.spoken import ENGLISH, N_ as N_, _, language

LABELS: Mapping[str, Mapping[str, str]] = {
    "outcome": {
        "open": N_("Open"),
        "conditional": N_("Conditional"),
        "test_only": N_("Testing only"),
        "undetermined": N_("Undetermined"),
        "closed": N_("Closed"),
        "prohibited": N_("Prohibited"),
    },
    "meaning": {
        "open": N_("nothing found that stands in the way"),
        "conditional": N_("may be entered, with gaps left to close"),
        "test_only": N_("testing is possible, deployment is not"),
        "undetermined": N_("not enough is declared, or the law is silent"),
        "closed": N_("blocking gaps stand in the way"),
        "prohibited": N_("forbidden by law; no action changes that"),
    },
    "basis": {
        "text": N_("Text"),
        "derived": N_("Derived"),
        "practice": N_("Practice"),
        "inference": N_("Inference"),
        "unreviewed": N_("Unreviewed"),
    },
    "support": {
        "rule": N_("rule"),
        "route": N_("route"),
        "approval": N_("approval"),
        "adoption": N_("adoption"),
        "parameter": N_("value"),
        "explanation": N_("explanation"),
    },
    "known": {"well": N_("Well"), "fairly": N_("Fairly"), "thinly": N_("Thinly")},
    "status": {
        "compliant": N_("Compliant"),
        "gap": N_("Gap"),
        "undetermined": N_("Undetermined"),
        "not_applicable": N_("Not applicable"),
    },
    "severity": {"blocking": N_("Blocking"), "major": N_("Major"), "advisory": N_("Advisory")},
    "topic": {
        "market_access": N_("Market access"),
        "ads_approval": N_("Approval of automated driving"),
        "traffic_law": N_("Traffic law"),
        "operations": N_("Operation"),
        "driver_hmi": N_("Driver and interface"),
        "environment": N_("Environment"),
        "cyber_data": N_("Cyber security and data"),
        "liability_insurance": N_("Liability and insurance"),
        "commercial": N_("Commercial"),
    },
    "duty_holder": {
        "manufacturer": N_("Manufacturer"),
        "ads_developer": N_("ADS developer"),
        "operator": N_("Operator"),
        "owner": N_("Owner"),
        "importer": N_("Importer"),
        "platform": N_("Platform"),
        "technical_supervisor": N_("Technical supervisor"),
        "driver": N_("Driver"),
        "company": N_("The company itself"),
    },
    "ours": {"True": N_("ours"), "False": N_("our partner's"), "None": N_("role not declared")},
    "confidence": {
        "primary": N_("legal text read"),
        "official": N_("official summary read"),
        "secondary": N_("secondary source read"),
        "memory": N_("from general knowledge, not checked"),
    },
    "legal_status": {
        "in_force": N_("in force"),
        "adopted": N_("adopted"),
        "proposed": N_("proposed"),
        "guidance": N_("guidance"),
    },
    "choice": {
        "either": N_("either"),
        "or": N_("or"),
        "and either": N_("and either"),
        "and": N_("and"),
        "... or": N_("... or"),
    },
    "route_kind": {"deployment": N_("Deployment"), "testing": N_("Testing")},
    "change": {
        "starts": N_("starts"),
        "ends": N_("ends"),
        "changes": N_("changes"),
        "all vehicles": N_("binds all vehicles"),
        "adopted": N_("adopted"),
        "approval_begins": N_("approval begins"),
        "approval_expected": N_("approval is expected"),
        "approval_expires": N_("approval expires"),
        "waiver_expires": N_("waiver expires"),
    },
}


def said(kind: str, value: str) -> str:
    """A value within a sentence: in English as it is written, else its name in the language spoken."""
    if language() == ENGLISH:
        return value.replace("_", " ")
    name = _(label(kind, value))
    return name[:1].lower() + name[1:] if kind == "outcome" else name  # adjectives, small in German too


def label(kind: str, value: object) -> str:
    """The English name of a value; the value itself, readable, when it has none."""
    return LABELS[kind].get(str(value)) or str(value).replace("_", " ")
