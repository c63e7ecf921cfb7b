# SPDX-License-Identifier: Apache-2.0
"""The public surface is pinned, and importing it does nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

import carnet

PUBLIC = [
    "CarnetError",
    "Changes",
    "Confidence",
    "Fact",
    "Finding",
    "InputError",
    "Law",
    "LawSession",
    "LegalStatus",
    "MarketAssessment",
    "Outcome",
    "Profile",
    "Report",
    "RouteResult",
    "Rule",
    "Severity",
    "Status",
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
