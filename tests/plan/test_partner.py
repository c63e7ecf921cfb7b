# SPDX-License-Identifier: Apache-2.0
"""What a profile marks as confidential is in no file that is made for a partner, in any format."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import carnet as package
from carnet.declare.profile import Profile
from carnet.errors import InputError
from carnet.plan.part import dossier_for, report_for
from carnet.plan.partner import plan_for
from carnet.report import dossier as dossiers, formats, plan as plans
from carnet.report.formats import render_with

pytest.importorskip("ortools")

LAW = package.load_law()
ROBOTAXI = Path(__file__).resolve().parents[2] / "examples" / "robotaxi-munich.yaml"
PROFILE = LAW.profile(ROBOTAXI)
DAY = dt.date(2026, 12, 1)
ROLE = "operator"
PLAN = LAW.plan(PROFILE, ["DE-BY", "AE-DU"], DAY)
REPORT = LAW.check(PROFILE, ["DE-BY"], DAY)
DOSSIER = LAW.dossier(PROFILE, "DE-OPERATING-AREA", "DE-BY", DAY)
PATHS = sorted(
    {one.path for step in PLAN.steps for one in step.settings}
    | {one.path for opening in PLAN.openings for one in opening.assumptions}
    | {each.fact for market in REPORT for finding in market.gaps for each in finding.because}
    | {path for market in REPORT for finding in market.undetermined for path in finding.unknown}
)
PATHS = [path for path in PATHS if not path.startswith(("context.", "derived."))]
MARKS = sorted({*PATHS, *(path.rpartition(".")[0] for path in PATHS), "operation", "approvals"})


def marking(*marks: str) -> Profile:
    return Profile.from_dict(
        PROFILE.to_dict() | {"confidential": list(marks)},
        LAW.vocabulary,
        approvals=LAW.approvals,
        jurisdictions=LAW.codes,
    )


def files(profile: Profile) -> Iterator[tuple[str, str]]:
    """Everything that can be handed to the partner, as text."""
    plan, report = plan_for(LAW, PLAN, ROLE, profile), report_for(LAW, REPORT, ROLE, profile)
    for name in plans.FORMATS:
        yield f"plan {name}", text(import_module(f"carnet.report.plan.{name}"), plan)
    for name, form in formats.FORMATS.items():
        yield f"check {name}", text(form.load(), report)
    try:
        dossier = dossier_for(LAW, DOSSIER, ROLE, profile)
    except InputError:
        return
    for name in dossiers.FORMATS:
        yield f"dossier {name}", text(import_module(f"carnet.report.dossier.{name}"), dossier)


def text(module: Any, subject: Any) -> str:
    made = render_with(module, subject, verbose=True, width=4000)
    if isinstance(made, str):
        return re.sub(r"(\r\n|\n) |<wbr>|\\", "", made) if "BEGIN:VCALENDAR" in made or "<wbr>" in made else made
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


def names(path: str) -> re.Pattern[str]:
    """The path, and for a grant that is not held its approval, as a word of its own."""
    return re.compile(rf"(?<![\w.-]){re.escape(path)}(?![\w-])")


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(MARKS), min_size=1, max_size=4, unique=True))
def test_what_is_confidential_is_named_in_no_file_for_a_partner(marks: list[str]) -> None:
    hidden = [path for path in PATHS if any(f"{path}.".startswith(f"{mark}.") for mark in marks)]
    for name, told in files(marking(*marks)):
        for path in hidden:
            assert not names(path).search(told), f"{path} in {name}"


def test_paths_are_found_where_nothing_is_confidential() -> None:
    told = dict(files(marking()))
    for name in ("plan terminal", "plan csv", "plan xlsx", "check json", "check html", "dossier json"):
        assert names("operation.change_report_days").search(told[name]) or "dossier" in name, name
    assert all(told.values())


def test_neither_a_value_nor_the_limit_that_is_held_against_it_is_told() -> None:
    """The grant of a speed tells the speed that is to be kept."""
    secret = PROFILE.with_set({"odd.max_speed_kmh": 61.375, "approvals.DE-OPERATING-AREA.certificate": "GEHEIM-77"})
    plan = LAW.plan(secret, ["DE-BY"], DAY)
    report = LAW.check(secret, ["DE-BY"], DAY)
    marked = marking("odd.max_speed_kmh", "approvals.DE-OPERATING-AREA.certificate")
    part = plan_for(LAW, plan, ROLE, marked)
    for name in plans.FORMATS:
        assert "61.375" not in text(import_module(f"carnet.report.plan.{name}"), part), name
    shown = report_for(LAW, report, ROLE, marked)
    for name, form in formats.FORMATS.items():
        told = text(form.load(), shown)
        assert "61.375" not in told, name
        assert "GEHEIM" not in told, name


def test_a_part_holds_the_duties_of_its_role_alone() -> None:
    part = report_for(LAW, REPORT, ROLE, PROFILE)
    for market, whole in zip(part, REPORT, strict=True):
        assert market.outcome is whole.outcome
        assert {finding.duty_holder for finding in market.findings} == {ROLE}
        assert sum(market.counts.values()) == len(market.findings)
    with pytest.raises(InputError, match="`DE-OPERATING-AREA` is confidential"):
        dossier_for(LAW, DOSSIER, ROLE, marking("approvals.DE-OPERATING-AREA"))


@pytest.mark.parametrize(
    ("args", "there"),
    [
        (["check", ROBOTAXI, "-m", "DE-BY", "--for", "Isar Fahrdienst", "--fail-on", "never"], "Only the part of the"),
        (["dossier", ROBOTAXI, "DE-OPERATING-AREA", "--for", "operator"], "Only duties of: Operator"),
    ],
)
def test_commands_make_the_part_of_a_partner(args: list[Any], there: str, carnet: Callable[..., Any]) -> None:
    told = carnet(*args)
    assert (told.code, told.err) == (0, "")
    assert there in told.out
    assert "operation.remote.qualification" not in told.out
    wrong = carnet(*args[:-1], "drivr") if "--fail-on" not in args else carnet(*args[:4], "--for", "drivr")
    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.err.startswith("unknown role `drivr`; did you mean `driver`?")
