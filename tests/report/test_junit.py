# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import junitparser
import pytest
import report_samples as samples

from carnet.report import junit


def parse(text: str) -> junitparser.JUnitXml:
    return junitparser.JUnitXml.fromstring(text.encode())


def test_an_independent_reader_counts_the_same() -> None:
    suites = list(parse(junit.render(samples.report())))
    assert [suite.name for suite in suites] == [
        "DE-BY Bavaria 2027-01-01",
        "AE-DU Dubai 2027-01-01",
        "JP Japan 2027-01-01",
    ]
    assert [(suite.tests, suite.failures, suite.errors, suite.skipped) for suite in suites] == [
        (9, 3, 0, 4),
        (2, 1, 0, 0),
        (1, 0, 0, 0),
    ]


def test_a_failure_names_severity_and_line() -> None:
    suite = next(iter(parse(junit.render(samples.report()))))
    case = next(case for case in suite if case.name.startswith("de.l4.technical-supervision"))
    assert (case.result[0].type, case.classname) == ("blocking", "DE-BY.operations")
    assert "profile line 41" in case.result[0].text


@pytest.mark.parametrize("title", ["\x00\x1b[31m", "<b>&\"'", "\ufffe", "تسيير"])
def test_odd_titles_stay_readable(title: str) -> None:
    market = samples.replace(samples.japan(), findings=(samples.finding("jp.x", title=title),))
    assert len(list(parse(junit.render(samples.report(market))))) == 1
