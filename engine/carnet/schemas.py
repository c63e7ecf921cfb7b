# SPDX-License-Identifier: Apache-2.0
"""The JSON Schemas that Carnet offers, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from carnet.law.law import Law

KINDS = ("profile", "pack", "report", "approvals", "dossier", "impact", "plan")


def schema_of(kind: str, law: Callable[[], Law]) -> dict[str, Any]:
    """The schema of a profile, of a pack of law, or of a JSON output; the law is opened for the first two only."""
    if kind == "report":
        from carnet.report.json import schema

        return schema()
    if kind == "approvals":
        from carnet.report.approvals.json import schema as register_schema

        return register_schema()
    if kind == "dossier":
        from carnet.report.dossier.json import schema as dossier_schema

        return dossier_schema()
    if kind == "impact":
        from carnet.report.impact.json import schema as impact_schema

        return impact_schema()
    if kind == "plan":
        from carnet.report.plan.json import schema as plan_schema

        return plan_schema()
    if kind == "pack":
        from carnet.law.pack_schema import pack_schema

        return pack_schema(law())
    return _profile(law())


def _profile(law: Law) -> dict[str, Any]:
    from carnet.declare.schema import profile_schema

    approvals = {approval.id: approval.title for approval in law.approvals.values()}
    jurisdictions = {code: law.head(code).name for code in law.codes}
    return dict(profile_schema(law.vocabulary, approvals, jurisdictions))
