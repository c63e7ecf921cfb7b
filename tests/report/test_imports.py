# SPDX-License-Identifier: Apache-2.0
"""Heavy packages are imported by the renderer that needs them and by nothing else."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

HEAVY = {"jinja2", "babel", "openpyxl", "markupsafe"}
SHOW = "import sys; print(*sorted(sys.modules))"


def run(code: str) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    return done.stdout


def modules_after(code: str) -> set[str]:
    return set(run(f"{code}\n{SHOW}").split())


@pytest.mark.parametrize(
    "module",
    ["formats", "select", "text", "table", "csv", "sarif", "junit", "oscal", "oscal_poam", "html", "i18n", "words"],
)
def test_nothing_heavy_comes_with(module: str) -> None:
    assert not HEAVY & modules_after(f"import carnet.report.{module}")


def test_english_pages_need_no_catalogue_reader() -> None:
    loaded = modules_after(
        "import carnet.report.html.page\nfrom carnet.report.i18n import translations\ntranslations('en')"
    )
    assert "jinja2" in loaded
    assert "babel.messages" not in loaded


@pytest.mark.parametrize(("package", "module"), [("jinja2", "html.page"), ("openpyxl", "sheets")])
def test_a_missing_extra_is_named(package: str, module: str) -> None:
    code = f"""
import sys
sys.modules['{package}'] = None
from carnet.errors import CarnetError
try:
    import carnet.report.{module}
except CarnetError as error:
    print(error)
"""
    assert "needs the extra `reports`" in run(code)
