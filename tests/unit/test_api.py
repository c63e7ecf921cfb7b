# SPDX-License-Identifier: Apache-2.0
"""The public surface is pinned, and importing it does nothing."""

from __future__ import annotations

import datetime as dt
import pickle
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

import carnet

PUBLIC = [
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


def test_the_public_names_are_exact() -> None:
    assert carnet.__all__ == PUBLIC
    assert all(getattr(carnet, name).__name__ == name for name in PUBLIC)
    assert set(PUBLIC) <= set(dir(carnet))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        carnet.nothing  # noqa: B018


HEAVY = (
    "pydantic",
    "yaml",
    "numpy",
    "pyarrow",
    "duckdb",
    "durable",
    "openpyxl",
    "fastapi",
    "jinja2",
    "ortools",
    "pyspark",
)


@pytest.mark.parametrize(
    ("code", "unwanted"),
    [
        ("import carnet", HEAVY),
        ("import carnet; carnet.load_law()", HEAVY[2:]),
        ("import carnet; carnet.load_law(); carnet.Profile", HEAVY[2:]),
    ],
)
def test_nothing_heavy_is_imported(code: str, unwanted: tuple[str, ...]) -> None:
    script = f"import sys; {code}; print(*(set(sys.modules) & set({unwanted!r})))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_law_serves_threads_and_processes() -> None:
    """Shared by threads it says what it says alone, also while it is first read; pickled it checks the same."""
    law, alone = carnet.load_law(), carnet.load_law()
    profile = carnet.Profile.from_dict({"automation": {"sae_level": 3}, "vehicle": {"category": "M1"}})
    markets, day = law.markets()[:24], dt.date(2027, 1, 1)
    with ThreadPoolExecutor(8) as pool:
        reports = pool.map(lambda market: law.check(profile, [market], day), markets)
        together = [report.market(market) for report, market in zip(reports, markets, strict=True)]
    assert together == list(alone.check(profile, markets, day))
    elsewhere = pickle.loads(pickle.dumps(law))
    report = elsewhere.check(pickle.loads(pickle.dumps(profile)), ["DE"], day)
    assert report == law.check(profile, ["DE"], day)
    assert pickle.loads(pickle.dumps(report)) == report


def test_one_market_and_a_moment_are_understood() -> None:
    law, profile = carnet.load_law(), carnet.Profile.from_dict({"name": "x"})
    assert law.check(profile, "SG", dt.datetime(2027, 1, 1, 12)) == law.check(profile, ["SG"], dt.date(2027, 1, 1))
    with law.session(profile, "SG") as session:
        assert session.report().market("SG")
    with pytest.raises(TypeError, match=re.escape("`as_of` is a datetime.date, not `'2027-01-01'`")):
        law.check(profile, ["SG"], "2027-01-01")  # type: ignore[arg-type]
