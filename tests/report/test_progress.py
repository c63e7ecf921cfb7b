# SPDX-License-Identifier: Apache-2.0
"""Lacks over several reports: how many, and which stand still."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import report_samples as samples

from carnet.errors import SourceError
from carnet.report import json as json_report
from carnet.report.progress import FORMATS, Point, html, json as progress_json, progress, terminal


def reports() -> list[tuple[str, dict[str, Any]]]:
    before = samples.bavaria()
    after = before._replace(findings=tuple(f for f in before.findings if f.rule != "de.l4.technical-supervision"))
    both = (samples.report(before), samples.report(after, samples.japan()))
    return [(label, json_report.to_data(report)) for label, report in zip(("w01", "w02"), both, strict=True)]


def test_lacks_fall_and_some_stand_still() -> None:
    found = progress(reports())
    bavaria, japan = found.lines
    assert bavaria.points == (Point("closed", 2, 1), Point("closed", 1, 1))
    assert dict(bavaria.still) == {"rule:eu.route-need.type-approval@DE-BY": "One of: EU-WVTA, EU-2022-1426"}
    assert japan.points == (None, Point("open", 0, 0))
    assert [found.total(at) for at in (0, 1)] == [2, 1]


def test_every_format_says_it() -> None:
    found = progress(reports())
    assert set(FORMATS) == {"terminal", "json", "html"}
    assert "2 +1" in terminal.render(found)
    assert json.loads(progress_json.render(found))["in_the_way"] == [2, 1]
    page = html.render(found)
    assert "<polyline" in page
    assert "One of: EU-WVTA" in page


def test_a_report_from_before_lacks_were_counted_is_refused() -> None:
    (label, old), *_ = reports()
    for market in old["markets"]:
        del market["lacks"]
    with pytest.raises(SourceError, match="counts no lacks"):
        progress([(label, old), *reports()])


def test_the_command_wants_two_reports(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from carnet.cli.over_time import progress_command

    file = tmp_path / "w01.json"
    file.write_text(json_report.render(samples.report()), encoding="utf-8")
    run: Callable[..., Any] = CliRunner().invoke
    assert "one report shows no progress" in str(run(progress_command, [str(file)]).exception)
    assert "Astra robotaxi" in run(progress_command, [str(file), str(file)]).output
