# SPDX-License-Identifier: Apache-2.0
"""The HTTP API says what the library says, of the same profile, in every format, and nothing twice."""

from __future__ import annotations

import json
import time
from functools import partial
from typing import Any

import pytest
from fastapi.testclient import TestClient

import carnet
from carnet.plan.questions import ask, questions
from carnet.report.json import render

JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def law() -> carnet.Law:
    return carnet.load_law()


@pytest.fixture(scope="module")
def profile(law: carnet.Law, munich: str) -> carnet.Profile:
    return carnet.Profile.from_text(munich, name="profile")


def post(client: TestClient, path: str, body: Any, **headers: str) -> Any:
    return client.post(f"/v1/{path}", json=body, headers=headers)


def test_a_check_is_the_library_s_own_report(
    client: TestClient, law: carnet.Law, profile: carnet.Profile, munich: str
) -> None:
    answer = post(client, "check", {"profile": munich, "markets": ["DE-BY", "AE-DU"]})
    assert answer.status_code == 200
    report = law.check(profile, ["DE-BY", "AE-DU"], evaluator="native")
    assert answer.json() == json.loads(render(report, ask=partial(ask, law)))


def test_a_profile_may_be_sent_as_an_object(client: TestClient) -> None:
    answer = post(client, "check", {"profile": {"name": "Car", "automation": {"sae_level": 2}}, "markets": ["de"]})
    assert (answer.status_code, answer.json()["profile"]["name"]) == (200, "Car")
    assert [market["market"] for market in answer.json()["markets"]] == ["DE"]


def test_an_unchanged_question_costs_nothing(client: TestClient, munich: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body = {"profile": munich, "markets": ["DE-BY"]}
    tag = post(client, "check", body).headers["etag"]

    def never(*args: Any) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr("carnet.serve.api.check.check", never)
    again = client.post("/v1/check", json=body, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


@pytest.mark.parametrize(
    "change",
    [
        {"markets": ["DE"]},
        {"format": "csv"},
        {"as_of": "2029-01-01"},
        {"evaluator": "rete"},
        {"profile": "name: Other"},
    ],
)
def test_another_question_has_another_tag(client: TestClient, munich: str, change: dict[str, Any]) -> None:
    body = {"profile": munich, "markets": ["DE-BY"]}
    tags = {post(client, "check", asked).headers["etag"] for asked in (body, body | change)}
    assert len(tags) == 2


@pytest.mark.parametrize(
    "name", ["terminal", "markdown", "html", "xlsx", "csv", "sarif", "junit", "oscal", "oscal-poam"]
)
def test_what_is_not_json_is_a_download(client: TestClient, munich: str, name: str) -> None:
    answer = post(client, "check", {"profile": munich, "markets": ["DE-BY"], "format": name})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.content


def test_questions_are_the_library_s(client: TestClient, law: carnet.Law, profile: carnet.Profile, munich: str) -> None:
    asked = post(client, "questions", {"profile": munich, "markets": ["DE-BY"]}).json()["questions"]
    assert [each["fact"] for each in asked] == [each.fact for each in questions(law.check(profile, ["DE-BY"]))]
    assert all(each["question"] for each in asked)


def test_what_ifs_stand_each_on_the_profile_as_declared(client: TestClient, munich: str) -> None:
    def asked(level: int) -> Any:
        body = {"profile": munich, "markets": ["DE-BY", "AE-DU"], "set": {"automation.sae_level": level}}
        return post(client, "what-if", body).json()

    first, other, again = asked(2), asked(3), asked(2)
    assert first == again
    assert first["findings"]
    assert first["findings"] != other["findings"]
    assert {each["market"] for each in first["markets"]} == {"DE-BY", "AE-DU"}
    assert first["receipt"]["profile_sha256"] != first["after"]["profile_sha256"]


def test_a_comparison_has_a_row_for_each_market(client: TestClient, munich: str) -> None:
    body = {"profiles": [munich, {"name": "Other"}], "markets": ["DE-BY", "FR"], "sort": "market"}
    answer = post(client, "compare", body).json()
    assert [row["market"] for row in answer["markets"]] == ["DE-BY", "FR"]
    assert set(answer["markets"][0]["profiles"]) == set(answer["profiles"])


def test_a_time_line_begins_and_ends_when_asked(client: TestClient, munich: str) -> None:
    body = {"profile": munich, "markets": ["DE-BY"], "as_of": "2027-01-01", "until": "2027-12-31"}
    answer = post(client, "timeline", body).json()
    assert (answer["start"], answer["until"]) == ("2027-01-01", "2027-12-31")
    assert post(client, "timeline", body | {"until": "2026-12-31"}).status_code == 422


def test_a_report_is_compared_with_a_profile(client: TestClient, munich: str) -> None:
    old = post(client, "check", {"profile": munich, "markets": ["DE-BY"]}).json()
    assert post(client, "diff", {"old": old, "new": munich}).json()["markets"] == []
    assert post(client, "diff", {"old": old, "new": {"name": "Another"}}).json()["markets"]


class TestMistakes:
    @pytest.mark.parametrize(
        ("body", "status", "kind", "path"),
        [
            (
                {"profile": {"automation": {"sae_level": 9}}, "markets": ["DE"]},
                422,
                "input",
                "profile.automation.sae_level",
            ),
            ({"profile": {"automatio": {}}, "markets": ["DE"]}, 422, "input", "profile.automatio"),
            ({"profile": {}, "markets": ["UK"]}, 422, "unknown-name", None),
            ({"profile": {}, "markets": []}, 422, "input", None),
            ({"profile": {}, "markets": ["DE"], "as_of": "yesterday"}, 422, "shape", "as_of"),
            ({"profile": {}, "markets": ["DE"], "as_of": "0001-01-01"}, 422, "input", None),
            ({"profile": {}}, 422, "shape", "markets"),
            ({"profile": {}, "markets": ["DE"], "marke": 1}, 422, "shape", "marke"),
            ({"profile": "a: [", "markets": ["DE"]}, 422, "input", "profile"),
            ({"profile": 3, "markets": ["DE"]}, 422, "shape", "profile"),
        ],
    )
    def test_each_is_named_with_its_key(
        self, client: TestClient, body: Any, status: int, kind: str, path: str | None
    ) -> None:
        answer = post(client, "check", body)
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert (answer.status_code, problem["status"], problem["kind"]) == (status, status, kind)
        assert path is None or path in [each.get("path") for each in problem["errors"]]

    def test_one_in_a_text_has_its_line(self, client: TestClient) -> None:
        text = "name: Car\nautomation:\n  sae_level: 9\n"
        (mistake,) = post(client, "check", {"profile": text, "markets": ["DE"]}).json()["errors"]
        assert (mistake["line"], mistake["column"]) == (3, 3)

    def test_a_profile_s_name_tells_which_of_several(self, client: TestClient) -> None:
        problem = post(client, "compare", {"profiles": [{}, {"nope": 1}], "markets": ["DE"]}).json()
        assert problem["errors"][0]["path"] == "profiles[1].nope"


class TestJobs:
    def ended(self, client: TestClient, place: str) -> Any:
        for _ in range(200):
            job = client.get(place).json()
            if job["state"] in ("done", "failed", "cancelled"):
                return job
            time.sleep(0.05)
        raise AssertionError(job)

    def start(self, client: TestClient, munich: str, **body: Any) -> str:
        asked = {"profile": munich, "markets": ["DE-BY"], **body}
        answer = post(client, "timeline", asked, prefer="respond-async")
        assert (answer.status_code, answer.headers["preference-applied"]) == (202, "respond-async")
        return str(answer.headers["location"])

    def test_an_answer_is_fetched_when_it_is_there(self, client: TestClient, munich: str) -> None:
        place = self.start(client, munich)
        assert self.ended(client, place)["state"] == "done"
        body = {"profile": munich, "markets": ["DE-BY"]}
        assert client.get(f"{place}/answer").json() == post(client, "timeline", body).json()

    def test_progress_is_told_until_the_end(self, client: TestClient, munich: str) -> None:
        place = self.start(client, munich)
        with client.stream("GET", f"{place}/events") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            lines = list(stream.iter_lines())
        names = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
        assert names[-1] == "done"
        assert set(names[:-1]) <= {"progress"}

    def test_one_that_is_cancelled_stops(self, client: TestClient, munich: str) -> None:
        place = self.start(client, munich, markets="all")
        assert client.delete(place).status_code == 202
        assert self.ended(client, place)["state"] == "cancelled"
        assert client.get(f"{place}/answer").json()["kind"] == "cancelled"

    def test_there_is_none_of_an_unknown_name(self, client: TestClient) -> None:
        for name in ("x", "..%2f..%2fetc", "." * 30, "a" * 40):
            assert client.get(f"/v1/jobs/{name}").status_code == 404


class TestLaw:
    @pytest.mark.parametrize(
        ("path", "key", "value"),
        [
            ("law", "markets", 95),
            ("markets/de-by", "id", "DE-BY"),
            ("rules/de.market.kba-type-approval", "jurisdiction", "DE"),
            ("instruments/de.eg-fgv", "short", "EG-FGV"),
            ("facts/odd.max_speed_kmh", "unit", "km/h"),
            ("catalogue/EU-WVTA", "jurisdiction", "EU"),
            ("schemas/report", "title", "Carnet gap report"),
        ],
    )
    def test_it_can_be_read(self, client: TestClient, path: str, key: str, value: Any) -> None:
        answer = client.get(f"/v1/{path}")
        assert answer.status_code == 200
        assert answer.json()[key] == value or key == "markets"
        again = client.get(f"/v1/{path}", headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")

    @pytest.mark.parametrize("path", ["markets/ZZ", "rules/x", "instruments/x", "facts/x", "actions/x", "catalogue/x"])
    def test_what_is_not_there_is_said(self, client: TestClient, path: str) -> None:
        assert client.get(f"/v1/{path}").json()["kind"] == "unknown-name"

    def test_it_is_found_by_words(self, client: TestClient) -> None:
        answer = client.get(
            "/v1/law/search", params={"text": "official procession", "market": "AE-DU", "number": 5}
        ).json()
        assert answer["total"] >= len(answer["found"]) > 0
        assert "procession" in answer["found"][0]["title"].casefold()


def test_a_report_speaks_the_language_asked_for(client: TestClient, munich: str) -> None:
    body = {"profile": munich, "markets": ["DE-BY"], "format": "markdown"}
    english, german = (post(client, "check", body | {"language": each}).text for each in ("en", "de"))
    assert english != german
    assert post(client, "check", body).text == english


class TestPlans:
    @pytest.mark.parametrize(
        ("path", "more"),
        [
            ("reach", {"markets": ["DE-BY"]}),
            ("approvals", {"markets": ["DE-BY"]}),
            ("approvals", {}),
            ("dossier", {"approval": "eu-wvta", "market": "DE"}),
            ("impact", {"new": {"name": "Other"}, "markets": ["DE-BY"]}),
            ("plan", {"markets": ["DE-BY"], "start": "2027-01-01"}),
        ],
    )
    def test_each_answers_with_a_receipt_and_a_tag(self, client: TestClient, munich: str, path: str, more: Any) -> None:
        answer = post(client, path, {"profile": munich, **more})
        assert answer.status_code == 200, answer.text
        assert path == "impact" or answer.json()["receipt"]["law_sha256"]
        again = client.post(
            f"/v1/{path}", json={"profile": munich, **more}, headers={"if-none-match": answer.headers["etag"]}
        )
        assert again.status_code == 304

    def test_an_application_that_is_none_is_said(self, client: TestClient) -> None:
        answer = post(client, "dossier", {"profile": {}, "approval": "EU-WVTB", "market": "DE"})
        assert (answer.status_code, answer.json()["kind"]) == (422, "unknown-name")


class TestFleet:
    def send(self, client: TestClient, table: bytes, kind: str = "csv", market: str = "DE") -> Any:
        pytest.importorskip("duckdb", reason="the extra `fleet` is not installed")
        headers = {"content-type": "application/octet-stream"}
        return client.post("/v1/fleet", params={"kind": kind, "market": market}, content=table, headers=headers)

    def test_a_table_goes_in_and_one_comes_out(self, client: TestClient) -> None:
        answer = self.send(client, b"profile,automation.sae_level\na,2\nb,4\nc,9\n")
        assert answer.status_code == 200, answer.text
        lines = answer.text.splitlines()
        assert [line.partition(",")[0].strip('"') for line in lines[1:]] == ["a", "b"]
        assert answer.headers["carnet-rows-left-out"] == "1"
        assert answer.headers["content-disposition"].startswith("attachment")

    @pytest.mark.parametrize(("table", "kind"), [(b"", "csv"), (b"x", "parquet"), (b"nope,other\n1,2\n", "csv")])
    def test_one_that_is_none_is_said(self, client: TestClient, table: bytes, kind: str) -> None:
        answer = self.send(client, table, kind)
        assert (answer.status_code, answer.json()["kind"]) == (422, "table")
        assert "Traceback" not in answer.text
        assert "/tmp" not in answer.text
