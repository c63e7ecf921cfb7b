# SPDX-License-Identifier: Apache-2.0
"""Reports made from the dataclasses alone, so that the renderers are tested without law or profile files."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from carnet.assess.model import (
    Because,
    Finding,
    LayerResult,
    MarketAssessment,
    Outcome,
    Receipt,
    RemedyPlan,
    Report,
    RouteResult,
    Status,
    Upcoming,
    Waived,
)
from carnet.law.known import Known, Level
from carnet.law.model import Cite, Confidence, InForce, LegalStatus, NotCovered, Note, Severity

DAY = dt.date(2027, 1, 1)
STVG = "https://www.gesetze-im-internet.de/stvg/"
WHY = "No law lets a vehicle drive itself"
NASTY = '=HYPERLINK("http://evil.example","click")'

REMEDY = RemedyPlan(
    action="appoint-technical-supervisor",
    title="Appoint a technical supervisor",
    text="Appoint a natural person as technical supervisor and give that person the required links",
    set={"operation.remote.supervisor_appointed": True},
    who="operator",
    with_=("Federal Motor Transport Authority",),
    weeks=(8, 16),
)


def replace(item, **changes):
    """A copy with some fields changed, of a named tuple or a dataclass."""
    return item._replace(**changes) if hasattr(item, "_replace") else dataclasses.replace(item, **changes)


def finding(rule: str, status: Status = Status.COMPLIANT, **changes: Any) -> Finding:
    """A finding with sensible values; what a test is about goes into `changes`."""
    values: dict[str, Any] = {
        "rule": rule,
        "title": f"Title of {rule}",
        "text": f"What {rule} asks, in a sentence of ours.",
        "jurisdiction": rule.split(".")[0].upper(),
        "topic": "operations",
        "status": status,
        "severity": Severity.BLOCKING,
        "duty_holder": "operator",
        "ours": True,
        "legal_status": LegalStatus.IN_FORCE,
        "confidence": Confidence.PRIMARY,
        "cites": (Cite("de.stvg", "§ 1d(3)", STVG + "__1d.html", "StVG"),),
        "in_force": InForce(start=dt.date(2021, 7, 28)),
        "because": (),
        "unknown": (),
        "remedy": None,
        "evidence": "",
        "note": "",
    }
    return Finding(**(values | changes))


def gap(rule: str, **changes: Any) -> Finding:
    because = (Because("operation.remote.supervisor_appointed", False, "= true", 41),)
    values: dict[str, Any] = {"because": because, "remedy": REMEDY, "evidence": "Letter of appointment"}
    return finding(rule, Status.GAP, **(values | changes))


def bavaria() -> MarketAssessment:
    """Closed: one blocking gap, a waived one, a major one on dates and sets, a need and three unknowns."""
    findings = (
        gap("de.l4.technical-supervision", title="A technical supervisor watches the vehicle while it drives itself"),
        gap(
            "de.afgbv.annual-check",
            title="The owner checks safety functions at the intervals of the ordinance",
            severity=Severity.MAJOR,
            duty_holder="owner",
            ours=False,
            because=(Because("operation.inspection_interval_days", 120, "<= 90", 44, "120 days declared"),),
            remedy=replace(
                REMEDY,
                action="shorten-inspection-interval",
                title="Shorten the inspection interval",
                text="",
                set={"operation.inspection_interval_days": 90},
            ),
            confidence=Confidence.OFFICIAL,
        ),
        gap(
            "de.l4.milestone-report",
            title="Report data to the authority on request",
            severity=Severity.ADVISORY,
            topic="cyber_data",
            waived=Waived("Reporting starts with the pilot", "compliance board", dt.date(2027, 6, 30), False),
        ),
        gap(
            "eu.route-need.type-approval",
            title="One of: EU-WVTA, EU-2022-1426",
            kind="need",
            jurisdiction="EU",
            topic="market_access",
            duty_holder="manufacturer",
            because=(Because("approvals.EU-2022-1426.held", None, "held", 0),),
            routes=("eu.ads-small-series",),
            cites=(
                Cite("eu.2022-1426", "Art. 3", "https://eur-lex.europa.eu/eli/reg_impl/2022/1426/oj", "(EU) 2022/1426"),
            ),
        ),
        finding(
            "de.l4.deactivation",
            Status.UNDETERMINED,
            title="The supervisor can switch the function off at any time",
            unknown=("operation.remote.can_deactivate", "operation.remote.latency_ms"),
        ),
        finding(
            "de.insurance.cover",
            Status.UNDETERMINED,
            title="Liability insurance with the doubled minimum cover",
            topic="liability_insurance",
            duty_holder="owner",
            unknown=("insurance.liability_cover_amount",),
        ),
        finding("de.stvo.convoys", title="Let official convoys pass", topic="traffic_law", duty_holder="ads_developer"),
        finding("de.stvo.lane", title=NASTY, topic="traffic_law", confidence=Confidence.MEMORY),
        finding("de.l3.handover", Status.NOT_APPLICABLE, title="Hand over to the driver", topic="driver_hmi"),
    )
    routes = (
        RouteResult(
            "de.l4-national", "Operating permit for autonomous driving", "DE", "deployment", "driving", Outcome.CLOSED,
            True, 3, 2, False, authority="KBA", cites=(Cite("de.stvg", "§ 1e", STVG, "StVG"),),
        ),
        RouteResult("de.test-permit", "Test permit", "DE", "testing", "driving", Outcome.UNDETERMINED, None, 0, 1,
                    False, unknown=("operation.phase",)),
    )  # fmt: skip
    layers = (
        LayerResult("EU", "European Union", Outcome.CLOSED, "eu.ads-small-series"),
        LayerResult("DE", "Germany", Outcome.CLOSED, "de.l4-national", why="a blocking gap on every route"),
        LayerResult("DE-BY", "Bavaria", Outcome.UNDETERMINED, ""),
    )
    return MarketAssessment(
        market="DE-BY", name="Bavaria", as_of=DAY, outcome=Outcome.CLOSED, route="de.l4-national", layers=layers,
        routes=routes, findings=findings,
        counts={"compliant": 2, "gap": 4, "undetermined": 2, "not_applicable": 1},
        severities={"blocking": 2, "major": 1, "advisory": 1},
        upcoming=(
            Upcoming("eu.2027-reporting", "In-service reporting for every fleet", "EU", dt.date(2027, 7, 1), "starts",
                     Status.GAP, Severity.MAJOR, (Cite("eu.x", "Art. 9", "", "(EU) 2027/1"),), LegalStatus.ADOPTED),
            Upcoming("de.new-law", "New approval law", "DE", None, "starts", Status.UNDETERMINED, Severity.BLOCKING,
                     (), LegalStatus.ADOPTED),
        ),
        notes=(Note("de.penalty", "DE", "Penalty", "Driving without a permit is an offence.", "commercial", (), None),),
        not_covered=(NotCovered("de.data-export", "DE", "Export of map data", "Cannot be read off a declaration", ()),),
        home="", home_outcome=None, home_findings=(), guidance=(),
        known=Known(Level.WELL, {"data": "encoded"}),
        confidence_share={"primary": 70, "official": 20, "secondary": 5, "memory": 5},
        chain=("DE-BY", "DE", "EU", "UNECE"),
    )  # fmt: skip


def dubai() -> MarketAssessment:
    """Conditional: one major gap left, Arabic to set."""
    base = bavaria()
    findings = (
        gap(
            "ae-du.hmi.arabic",
            title="Passenger screens in Arabic",
            severity=Severity.MAJOR,
            topic="driver_hmi",
            duty_holder="manufacturer",
            because=(Because("hmi.languages", ("en", "zh"), "contains all of ar, en", 12),),
            remedy=replace(
                REMEDY,
                action="add-language",
                title="Add a language",
                set={"hmi.languages": ("en", "zh", "ar")},
                weeks=None,
            ),
            cites=(Cite("ae-du.law9-2023", "Art. 12", "https://dlp.dubai.gov.ae/", "Law 9/2023"),),
            confidence=Confidence.SECONDARY,
        ),
        finding(
            "ae-du.permit", title="Licence of the transport authority", jurisdiction="AE-DU", topic="market_access"
        ),
    )
    return replace(
        base, market="AE-DU", name="Dubai", outcome=Outcome.CONDITIONAL, route="ae-du.licence",
        layers=(LayerResult("AE-DU", "Dubai", Outcome.CONDITIONAL, "ae-du.licence"),), routes=(), findings=findings,
        counts={"compliant": 1, "gap": 1, "undetermined": 0, "not_applicable": 0},
        severities={"blocking": 0, "major": 1, "advisory": 0}, upcoming=(), not_covered=(), notes=(),
        chain=("AE-DU", "AE", "GCC"),
    )  # fmt: skip


def japan() -> MarketAssessment:
    """Open without a single gap."""
    base = dubai()
    return replace(
        base, market="JP", name="Japan", outcome=Outcome.OPEN, route="jp.level4-permit", layers=(),
        findings=(finding("jp.rta.permit", title="Specified automated operation permit"),),
        counts={"compliant": 1, "gap": 0, "undetermined": 0, "not_applicable": 0},
        severities={"blocking": 0, "major": 0, "advisory": 0}, chain=("JP",),
    )  # fmt: skip


def kazakhstan() -> MarketAssessment:
    """Closed without a gap: none of its ways in is on offer."""
    base = dubai()
    return replace(
        base, market="KZ", name="Kazakhstan", outcome=Outcome.CLOSED, route="",
        layers=(LayerResult("KZ", "Kazakhstan", Outcome.CLOSED, "", why=WHY),),
        routes=(
            RouteResult("kz.assist", "Assistance", "KZ", "deployment", "driving", Outcome.CLOSED, False, 0, 0, False),
        ),
        findings=(finding("kz.vehicle.rhd", title="The wheel is on the left"), closure("KZ", "Kazakhstan", WHY)),
        counts={"compliant": 1, "gap": 1, "undetermined": 0, "not_applicable": 0},
        severities={"blocking": 1, "major": 0, "advisory": 0}, chain=("KZ",),
    )  # fmt: skip


def closure(code: str, name: str, why: str) -> Finding:
    """That a layer has no way in for the product."""
    title = f"No way into {name} is on offer for this product"
    return finding(
        f"{code.lower()}.way-in", Status.GAP, title=title, text=why, kind="closure", topic="market_access", cites=(),
        duty_holder="manufacturer", ours=None, in_force=InForce(),
    )  # fmt: skip


def report(*markets: MarketAssessment) -> Report:
    receipt = Receipt("0.1.0", "2026.11", "a" * 64, "b" * 64, "native", DAY.isoformat())
    profile = {"name": "Astra robotaxi", "file": "examples/astra.yaml"}
    return Report(receipt, profile, markets or (bavaria(), dubai(), japan()))


def large(markets: int = 60, findings: int = 160) -> Report:
    """As many markets and findings as the whole law gives, for size and time."""
    topics = ["market_access", "traffic_law", "operations", "cyber_data", "liability_insurance", "driver_hmi"]
    statuses = [Status.GAP] * 3 + [Status.UNDETERMINED] * 4 + [Status.COMPLIANT] * 7 + [Status.NOT_APPLICABLE] * 6
    outcomes = list(Outcome)

    def one(market: int) -> MarketAssessment:
        code = f"X{market:02d}"
        made = tuple(
            (gap if statuses[n % 20] is Status.GAP else finding)(
                f"{code.lower()}.topic.rule-number-{n}",
                **({} if statuses[n % 20] is Status.GAP else {"status": statuses[n % 20]}),
                title=f"Requirement number {n} with a title of the usual length in this place",
                topic=topics[n % 6],
                severity=list(Severity)[n % 3],
                unknown=(f"odd.fact_{n % 40}",) if statuses[n % 20] is Status.UNDETERMINED else (),
            )
            for n in range(findings)
        )
        counts = {s.value: sum(f.status is s for f in made) for s in Status}
        severe = {s.value: sum(f.status is Status.GAP and f.severity is s for f in made) for s in Severity}
        return replace(
            bavaria(), market=code, name=f"Market {market}", outcome=outcomes[market % 6], findings=made,
            layers=(LayerResult(code, f"Market {market}", outcomes[market % 6], "de.l4-national"),),
            counts=counts, severities=severe,
        )  # fmt: skip

    return report(*(one(number) for number in range(markets)))
