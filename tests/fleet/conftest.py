# SPDX-License-Identifier: Apache-2.0
"""The bundled law, and the random profiles that the benchmarks use too."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from carnet.api import Law, load_law


@pytest.fixture(scope="session")
def law() -> Law:
    return load_law()
