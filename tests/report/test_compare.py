# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import report_samples as samples

import carnet
from carnet.assess.model import Outcome, Report
from carnet.law.known import Known, Level
from carnet.plan.questions import is_shut, standing
from carnet.report import compare
from carnet.report.compare import csv as compare_csv, html as compare_html, json as compare_json, terminal, words, xlsx
from carnet.report.lack_words import outcome_line


def other(name: str = "Borealis") -> Report:
    """Another profile over the same markets, open in Bavaria."""
    bavaria = samples.replace(
        samples.bavaria(), outcome=Outcome.OPEN, severities={}, counts={"compliant": 9}, findings=()
    )
    report = samples.report(bavaria, samples.dubai(), samples.japan())
    return samples.replace(report, profile={"name": name, "file": "b/borealis.yaml"})


@pytest.fixture(scope="module")
def matrix() -> compare.Matrix:
    return compare.matrix([samples.report(), other()])


def test_cells_stand_in_the_order_of_the_profiles(matrix: compare.Matrix) -> None:
    assert matrix.profiles == ("Astra robotaxi", "Borealis")
    assert [cell.outcome for cell in matrix.rows[0].cells] == [Outcome.CLOSED, Outcome.OPEN]
    assert (matrix.rows[0].cells[0].blocking, matrix.rows[0].cells[0].undetermined) == (2, 2)
    assert matrix.tally(0)[Outcome.CLOSED] == 1


@pytest.mark.parametrize(
    ("sort", "codes"),
    [
        ("market", ["DE-BY", "AE-DU", "JP"]),
        ("outcome", ["JP", "DE-BY", "AE-DU"]),
        ("gaps", ["JP", "AE-DU", "DE-BY"]),
        ("name", ["DE-BY", "AE-DU", "JP"]),
    ],
)
def test_sorting(sort: str, codes: list[str]) -> None:
    assert [row.market for row in compare.matrix([samples.report(), other()], sort).rows] == codes


def test_profiles_of_one_name_are_told_apart_by_their_files() -> None:
    made = compare.matrix([samples.report(), other("Astra robotaxi")])
    assert made.profiles == ("Astra robotaxi (astra.yaml)", "Astra robotaxi (borealis.yaml)")


def test_two_profiles_fit_a_terminal_of_80_columns(matrix: compare.Matrix) -> None:
    lines = terminal.render(matrix, width=80).splitlines()
    assert max(map(len, lines)) <= 80
    assert "DE-BY  Bavaria  closed        8-16 weeks    open          now" in lines


def test_many_profiles_continue_below() -> None:
    text = terminal.render(compare.matrix([samples.report(), other(), other("C"), other("D"), other("E")]), width=80)
    assert max(map(len, text.splitlines())) <= 80
    assert text.count("DE-BY  Bavaria") == 3


def test_a_market_that_no_gap_closes_says_so() -> None:
    made = compare.matrix([samples.report(samples.kazakhstan(), samples.japan())])
    assert "closed        no way in     1 bar" in terminal.render(made)
    assert json.loads(compare_json.render(made))["markets"][0]["profiles"]["Astra robotaxi"]["no_way_in"] is True
    assert made.outcomes == (Outcome.OPEN, Outcome.CLOSED)
    assert "no way in" in compare_html.render(made)


def test_profiles_of_one_name_are_told_apart() -> None:
    def names(*files: str) -> tuple[str, ...]:
        profiles = ({"name": "A", "file": file} for file in files)
        reports = [samples.replace(samples.report(), profile=profile) for profile in profiles]
        return compare.matrix([*reports, other("B")]).profiles

    assert names("p.yaml") == ("A", "B")
    assert names("x/p.yaml", "q.yaml") == ("A (p.yaml)", "A (q.yaml)", "B")
    assert names("x/p.yaml", "y/p.yaml") == ("A (x/p.yaml)", "A (y/p.yaml)", "B")
    assert names("p.yaml", "p.yaml") == ("A (1)", "A (2)", "B")


def test_one_profile_shows_what_each_market_takes_and_what_follows() -> None:
    text = " ".join(terminal.render(compare.matrix([samples.report()])).split())
    assert "DE-BY Bavaria closed 8-16 weeks ≥ 1 approval, 1 " in text
    assert "Nearest next: Bavaria (DE-BY): 8-16 weeks, at least 1 approval to obtain, " in text


def test_what_a_thinly_known_market_says_is_marked() -> None:
    thin = samples.japan()._replace(known=Known(Level.THINLY, {"data": "not_researched"}))
    made = compare.matrix([samples.report(thin)])
    assert "open*" in terminal.render(made)
    assert "as far as known" in compare_html.render(made)
    assert 'class="faint"' in compare_html.render(compare.matrix([samples.report(*[thin] * 4)]))


def test_json_names_profiles_in_every_cell(matrix: compare.Matrix) -> None:
    data = json.loads(compare_json.render(matrix))
    assert data["markets"][0]["profiles"]["Borealis"]["outcome"] == "open"
    assert data["receipts"]["Borealis"]["law_version"] == "2026.11"


def test_csv_has_a_row_per_market_and_profile(matrix: compare.Matrix) -> None:
    rows = list(csv.DictReader(io.StringIO(compare_csv.render(matrix))))
    assert len(rows) == 6
    assert (rows[0]["profile"], rows[0]["blocking"]) == ("Astra robotaxi", "2")


def test_the_workbook_is_a_table_to_sort(matrix: compare.Matrix) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(matrix)))
    assert book.sheetnames == ["Readiness", "Outcomes", "Opens in", "What it takes", "What follows", "Receipt"]
    rows = [[cell.value for cell in row] for row in book["Readiness"].iter_rows()]
    head = next(row for row in rows if row[0] == "Market")
    first = dict(zip(head, rows[rows.index(head) + 1], strict=True))
    assert (first["Market"], first["Outcome"], first["Weeks, late"]) == ("Bavaria", "Closed", 16)
    assert (first["Things to set up"], first["Law known"], first["Blocking gaps"]) == (1, "Well", 2)


def test_the_page_allows_its_own_script_only(matrix: compare.Matrix) -> None:
    page = compare_html.render(matrix)
    assert page.count("<script>") == 1
    assert "script-src 'sha256-" in page


def test_what_is_to_declare_is_one_count_everywhere() -> None:
    law = carnet.load_law()
    profile = law.profile(Path(__file__).parents[2] / "examples" / "suv-l2.yaml")
    for path in ("automation.sae_level", "operation.driver_on_board", "vehicle.gross_mass_kg"):
        profile = profile.with_set({path: None})
    report = law.check(profile, ("DE", "US-CA", "JP"))
    table = compare.matrix([report], "distance", law)
    counts = {row.market: row.cells[0].ready.questions for row in table.rows if row.cells[0].ready}
    assert counts == {market.market: 0 if is_shut(market) else standing(market).answers for market in report}
    for market in report:
        line = outcome_line(market, "outcome")
        assert (f"{counts[market.market]} to declare" in line) == (counts[market.market] > 0)


def test_the_table_says_how_it_is_ordered() -> None:
    law = carnet.load_law()
    profile = law.profile(Path(__file__).parents[2] / "examples" / "suv-l2.yaml")
    table = compare.matrix([law.check(profile, ("DE", "JP"))], "distance", law)
    assert words.order(table) == "Nearest first: by weeks, then by what it takes, last what no step opens."
    assert words.order(replace(table, sort="name")) == ""
