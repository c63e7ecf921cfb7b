# SPDX-License-Identifier: Apache-2.0
"""Market access for intelligent vehicles: declared facts in, findings with their provision out.

    import carnet

    law = carnet.load_law()
    profile = carnet.Profile.from_file("profile.yaml")
    report = law.check(profile, ["DE-BY"])
    for gap in report.market("DE-BY").gaps:
        print(gap.title, gap.cites[0])

Names are loaded when they are first used: importing the package does nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from carnet.api import Law, Profile, load_law
    from carnet.assess.changes import Changes
    from carnet.assess.model import Finding, MarketAssessment, Outcome, Report, RouteResult, Status
    from carnet.assess.session import LawSession
    from carnet.declare.vocabulary import Fact, Vocabulary
    from carnet.errors import CarnetError, InputError
    from carnet.law.model import Confidence, LegalStatus, Rule, Severity
    from carnet.law.planning import Planning
    from carnet.plan.dossier import Dossier
    from carnet.plan.impact import Impact
    from carnet.plan.model import Opening, Plan, Step
    from carnet.plan.questions import Question
    from carnet.plan.reach import MarketReach, Reach
    from carnet.plan.register import Register
    from carnet.plan.supposing import Supposed
    from carnet.plan.sweep import Sweep
    from carnet.report.compare import Matrix
    from carnet.report.diff import Difference
    from carnet.report.timeline import Timeline

__version__ = "0.1.0"

_HOME = {
    "CarnetError": "carnet.errors",
    "Changes": "carnet.assess.changes",
    "Confidence": "carnet.law.model",
    "Difference": "carnet.report.diff",
    "Dossier": "carnet.plan.dossier",
    "Fact": "carnet.declare.vocabulary",
    "Finding": "carnet.assess.model",
    "Impact": "carnet.plan.impact",
    "InputError": "carnet.errors",
    "Law": "carnet.api",
    "LawSession": "carnet.assess.session",
    "LegalStatus": "carnet.law.model",
    "load_law": "carnet.api",
    "MarketAssessment": "carnet.assess.model",
    "MarketReach": "carnet.plan.reach",
    "Matrix": "carnet.report.compare",
    "Opening": "carnet.plan.model",
    "Outcome": "carnet.assess.model",
    "Plan": "carnet.plan.model",
    "Planning": "carnet.law.planning",
    "Profile": "carnet.api",
    "Question": "carnet.plan.questions",
    "Reach": "carnet.plan.reach",
    "Register": "carnet.plan.register",
    "Report": "carnet.assess.model",
    "RouteResult": "carnet.assess.model",
    "Rule": "carnet.law.model",
    "Severity": "carnet.law.model",
    "Status": "carnet.assess.model",
    "Step": "carnet.plan.model",
    "Supposed": "carnet.plan.supposing",
    "Sweep": "carnet.plan.sweep",
    "Timeline": "carnet.report.timeline",
    "Vocabulary": "carnet.declare.vocabulary",
}

__all__ = [
    "CarnetError",
    "Changes",
    "Confidence",
    "Difference",
    "Dossier",
    "Fact",
    "Finding",
    "Impact",
    "InputError",
    "Law",
    "LawSession",
    "LegalStatus",
    "MarketAssessment",
    "MarketReach",
    "Matrix",
    "Opening",
    "Outcome",
    "Plan",
    "Planning",
    "Profile",
    "Question",
    "Reach",
    "Register",
    "Report",
    "RouteResult",
    "Rule",
    "Severity",
    "Status",
    "Step",
    "Supposed",
    "Sweep",
    "Timeline",
    "Vocabulary",
    "load_law",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'carnet' has no attribute '{name}'")
    value = globals()[name] = getattr(import_module(_HOME[name]), name)
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
