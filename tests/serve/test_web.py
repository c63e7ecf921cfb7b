# SPDX-License-Identifier: Apache-2.0
"""The web app without a browser: files in, declarations kept with their comments, downloads out, nobody's work lost."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from fastapi import FastAPI
from fastapi.testclient import TestClient

from carnet.report import atlas
from carnet.serve.app import create_app
from carnet.serve.kept.store import Store
from carnet.serve.problems import Refused
from carnet.serve.settings import Settings
from carnet.serve.web.downloads import offers
from carnet.serve.web.opened import MOST, OpenProfiles

FILES = Path(__file__).resolve().parents[1] / "intake" / "files"
SMALL = "# mine\nname: Small\nvehicle:\n  seats: 4  # with the driver\nautomation: {sae_level: 2}\n"
HOME = "http://127.0.0.1:8000"
JSON = {"accept": "application/json"}


def opened(client: TestClient, text: str = SMALL) -> str:
    """The address of a profile sent as a file."""
    answer = client.post("/open", files={"file": ("small.yaml", text)}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def declared(client: TestClient, address: str) -> str:
    return client.get(f"{address}/download/profile.yaml").text


@pytest.fixture(scope="module")
def address(client: TestClient) -> str:
    """A profile with three markets chosen."""
    found = opened(client)
    client.post(f"{found}/choice", data={"market": ["DE", "JP", "SG"], "as_of": "2027-01-01"})
    return found


def test_an_example_is_a_board_in_one_click(client: TestClient) -> None:
    page = client.post("/open", data={"example": "suv-l2"})
    assert page.status_code == 200
    assert "Pearl SUV" in page.text
    assert page.text.count("data-market=") == 2 * len(client.get("/v1/markets").json()), "a tile and a row for each"


def test_every_market_has_a_tile_of_its_own_on_the_map(client: TestClient) -> None:
    codes = [each["market"] for each in client.get("/v1/markets").json()]
    assert set(codes) <= set(atlas.SPOTS)
    unknown = atlas.spots([*codes, "XX", "XY"])
    assert len(set(unknown.values())) == len(codes) + 2
    assert unknown["XX"].y == atlas.ROWS


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.yaml", "name: X\nvehicel: {seats: 4}\n", "vehicel"),
        ("a.yaml", "name: [\n", "line 2"),
        ("a.exe", "MZ", "its ending names no format"),
        ("a.json", "{}{}", "This file cannot be read"),
        ("../../etc/passwd.csv", "nothing", "This file cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_line_by_line_and_nothing_opens(
    client: TestClient, name: str, content: str, said: str
) -> None:
    page = client.post("/open", files={"file": (name, content)})
    assert page.status_code == 422
    assert said in page.text


def test_another_format_is_opened_with_what_was_taken_and_what_was_left(client: TestClient) -> None:
    page = client.post("/open", files={"file": ("campus.yaml", (FILES / "campus.yaml").read_bytes())})
    assert page.status_code == 200, page.text[:200]
    assert "What the file does not say stays unknown" in page.text


def test_an_answer_is_declared_and_taken_back_and_all_else_stays(client: TestClient) -> None:
    found = opened(client)
    send = {"path": "vehicle.seats", "version": "1", "value": "5 seats"}
    assert client.post(f"{found}/facts", data=send, headers=JSON).json()["version"] == 2
    assert declared(client, found) == SMALL.replace("seats: 4", "seats: 5")
    back = {"path": "vehicle.seats", "version": "2", "value": ""}
    assert client.post(f"{found}/facts", data=back, headers=JSON).json()["ok"]
    assert "seats" not in declared(client, found)
    assert declared(client, found).startswith("# mine\n")


def test_an_approval_is_declared_by_its_state_and_a_list_by_its_boxes(client: TestClient) -> None:
    found = opened(client)
    state = {"path": "approvals.UN-R155", "version": "1", "value": "applied"}
    assert client.post(f"{found}/facts", data=state, headers=JSON).json()["ok"]
    boxes = {"path": "odd.road_types", "version": "2", "value": ["urban", "rural"], "listed": "1"}
    assert client.post(f"{found}/facts", data=boxes, headers=JSON).json()["ok"]
    market = {"path": "vehicle.steering_side", "version": "3", "value": "right", "layer": "GB"}
    assert client.post(f"{found}/facts", data=market, headers=JSON).json()["ok"]
    data = yaml.safe_load(declared(client, found))
    assert data["approvals"] == {"UN-R155": "applied"}
    assert data["odd"]["road_types"] == ["urban", "rural"]
    assert data["in"]["GB"]["vehicle"]["steering_side"] == "right"


@pytest.mark.parametrize(
    ("path", "value"), [("vehicle.seats", "many"), ("no.such", "1"), ("approvals.UN-R155", "perhaps")]
)
def test_what_cannot_be_declared_is_told_and_changes_nothing(client: TestClient, path: str, value: str) -> None:
    found = opened(client)
    data = {"path": path, "version": "1", "value": value}
    for check in ("", "1"):
        answer = client.post(f"{found}/facts", data={**data, "only_check": check}, headers=JSON)
        assert answer.status_code == 422
        assert answer.json()["messages"][0]["text"]
    page = client.post(f"{found}/facts", data=data)
    assert page.status_code == 422
    assert declared(client, found) == SMALL


def test_two_who_edit_at_once_are_told_and_nothing_is_lost(client: TestClient) -> None:
    found = opened(client)
    first = client.post(f"{found}/text", data={"text": SMALL + "odd: {night: true}\n", "version": "1"}, headers=JSON)
    assert first.status_code in (200, 422)
    client.post(f"{found}/facts", data={"path": "vehicle.seats", "version": "1", "value": "6"}, headers=JSON)
    late = client.post(f"{found}/text", data={"text": SMALL + "# late\n", "version": "1"})
    assert late.status_code == 409
    assert "# late" in late.text, "what was written is still in the form"
    assert "# late" not in declared(client, found)


def test_a_profile_is_seen_only_by_whoever_opened_it(app: FastAPI, client: TestClient) -> None:
    found = opened(client)
    text = "name: Secret of another\n"
    other = app.state.pages.opened.add(text, "profile.yaml", "token:other")
    assert client.get(found).status_code == 200
    assert client.get(f"/profiles/{other.id}").status_code == 404
    changed = client.post(f"/profiles/{other.id}/text", data={"text": SMALL, "version": "1"})
    assert changed.status_code == 404
    assert app.state.pages.opened.get(other.id, "token:other").text == text
    assert "Secret of another" not in client.get("/").text


def process(app: FastAPI, settings: Settings) -> TestClient:
    """As another process of a server, with the law that is read already."""
    made = create_app(settings)
    made.state.services._law = app.state.services.law
    return TestClient(made, base_url=HOME)


def test_all_processes_of_a_server_show_the_same_open_profiles(app: FastAPI, tmp_path: Path) -> None:
    settings = Settings(scratch=tmp_path, assistant=False)
    with process(app, settings) as one, process(app, settings) as other:
        found = opened(one)
        assert declared(other, found) == SMALL
        data = {"path": "vehicle.seats", "version": "1", "value": "6"}
        assert other.post(f"{found}/facts", data=data, headers=JSON).json()["version"] == 2
        late = one.post(f"{found}/facts", data=data, headers=JSON)
        assert late.status_code == 409
        assert declared(one, found) == SMALL.replace("seats: 4", "seats: 6")


def test_what_a_person_has_open_outlives_the_process_with_kept_work(app: FastAPI, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, assistant=False)
    with process(app, settings) as before:
        found = opened(before)
    with process(app, settings) as after:
        assert declared(after, found) == SMALL


def test_the_longest_unused_are_given_up_and_never_the_newest(tmp_path: Path) -> None:
    store = Store(tmp_path)
    profiles = OpenProfiles(lambda: store)
    other = profiles.add("name: Other", "a.yaml", "other")
    first = profiles.add("name: 0", "a.yaml", "me")
    for number in range(1, MOST + 1):
        last = profiles.add(f"name: {number}", "a.yaml", "me")
    assert len(profiles.of("me")) == MOST
    assert profiles.get(last.id, "me").text == f"name: {MOST}"
    assert profiles.of("other") == (other,)
    with pytest.raises(Refused, match="not open any more"):
        profiles.get(first.id, "me")
    store.close()


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nothing/here", 404), ("/profiles/gone", 404), ("/profiles/%00", 404), ("/law/rules/no.such", 404)],
)
@pytest.mark.parametrize(("language", "said"), [("de", "Diese Seite gibt es nicht"), ("ar", "لا توجد صفحة كهذه")])
def test_what_is_not_there_is_a_page_for_people_in_their_language(
    client: TestClient, path: str, status: int, language: str, said: str
) -> None:
    page = client.get(path, headers={"accept": "text/html,*/*", "accept-language": language})
    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    assert f'lang="{language}"' in page.text
    assert f"<h1>{said}</h1>" in page.text, page.text[-900:]


def test_programs_get_problem_details_of_what_is_not_there(client: TestClient) -> None:
    for path in ("/v1/nothing", "/nothing", "/static/nothing.js"):
        answer = client.get(path, headers={"accept": "application/json"})
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
    answer = client.get("/v1/nothing", headers={"accept": "text/html"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.delete("/law", headers={"accept": "text/html"}).status_code == 405


@pytest.mark.parametrize("offer", offers(), ids=lambda offer: offer.address)
def test_every_format_is_a_download(client: TestClient, address: str, offer: object) -> None:
    answer = client.get(f"{address}/download/{offer.address}")  # type: ignore[attr-defined]
    if offer.kind == "domain":  # type: ignore[attr-defined]
        assert answer.status_code == 422, "nothing of a design domain is declared"
        return
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-disposition"].startswith('attachment; filename="small')
    assert answer.content


def test_a_plan_is_made_from_its_address_and_downloaded(client: TestClient, address: str) -> None:
    asked = "market=SG&start=2027-01-04&parallel=3"
    page = client.get(f"{address}/plan?{asked}")
    assert page.status_code == 200, page.text[:300]
    assert 'value="2027-01-04"' in page.text
    text = client.get(f"{address}/download/plan.terminal?{asked}")
    assert "attachment" in text.headers["content-disposition"]
    assert client.get(f"{address}/download/plan.exe?{asked}").status_code == 404
    assert client.get(f"{address}/plan?{asked}x").status_code == 422
    assert client.get(f"{opened(client)}/plan").status_code == 200, "no market chosen yet"


def test_what_if_answers_a_script_with_what_flips(client: TestClient) -> None:
    page = client.post("/open", data={"example": "suv-l2"}, follow_redirects=False).headers["location"]
    answer = client.get(f"{page}/whatif?vehicle.steering_side=right", headers=JSON).json()
    assert answer["ok"]
    assert answer["flips"]
    assert answer["supposed"] == 1
    same = client.get(f"{page}/whatif?vehicle.steering_side=left", headers=JSON).json()
    assert (same["flips"], same["findings"], same["supposed"]) == ([], {}, 0), (
        "what is declared already is no supposition"
    )
    refused = client.get(f"{page}/whatif?vehicle.seats=many", headers=JSON)
    assert refused.status_code == 422


def test_a_features_overlay_can_be_compared(client: TestClient) -> None:
    page = client.post("/open", data={"template": "l3-car"}, follow_redirects=False).headers["location"]
    matrix = client.get(f"{page}/compare?features=1").text
    assert "motorway" in matrix
    assert client.get(f"{page}/compare").status_code == 200


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/law?q=convoy", "de.traffic.convoys-funerals"),
        ("/law?kind=market", "Bavaria"),
        ("/law/rules/de.traffic.convoys-funerals", "StVO § 27"),
        ("/law/instruments/de.stvg", "Rules drawn from it"),
        ("/law/facts/behaviour.yields_to", "Rules that read it"),
        ("/law/approvals/DE-OPERATING-AREA", "Ways in that need it"),
        ("/law/markets/EU", "European Union"),
    ],
)
def test_the_law_can_be_read(client: TestClient, path: str, said: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert said in page.text


@pytest.mark.parametrize("path", ["/law/rules/no.rule", "/law/facts/no.fact", "/law/approvals/NO", "/law/markets/XX"])
def test_law_that_is_not_there_is_told_on_a_page(client: TestClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")


def test_this_is_wrong_becomes_a_file_that_says_what_was_read(client: TestClient) -> None:
    what = 'It says "shall":\n- not may\x07 # {x: &a}'
    answer = client.post("/law/wrong/de.traffic.convoys-funerals", data={"what": what, "by": "Lee"})
    data = yaml.safe_load(answer.text)
    assert data["rule"] == "de.traffic.convoys-funerals"
    assert data["wrong"] == what
    assert data["law_sha256"]
    assert {"read_on", "read_what", "written_in", "said_by"} <= set(data)
    assert data["written_in"].startswith("jurisdictions/DE/")


@pytest.mark.parametrize(
    ("headers", "language", "direction"),
    [
        ({"accept-language": "de-AT,en;q=0.5"}, "de", "ltr"),
        ({"accept-language": "fr, ar;q=0.3"}, "ar", "rtl"),
        ({"accept-language": ";q=x,,"}, "en", "ltr"),
    ],
)
def test_a_page_is_in_the_browser_s_language(
    client: TestClient, headers: dict[str, str], language: str, direction: str
) -> None:
    assert f'<html lang="{language}" dir="{direction}">' in client.get("/", headers=headers).text


def test_a_language_chosen_is_kept(client: TestClient) -> None:
    assert 'lang="zh"' in client.get("/law?language=zh").text
    assert 'lang="zh"' in client.get("/law").text
    client.cookies.clear()


def test_what_is_typed_is_shown_as_text(client: TestClient) -> None:
    evil = "<script>alert(1)</script>"
    found = opened(client, f"name: {evil!r}\n")
    for page in (found, f"{found}/edit", f"{found}/whatif", f"{found}/compare", f"/law?q={evil}"):
        text = client.get(page).text
        assert evil not in text
        assert "&lt;script&gt;" in text


def test_a_plan_is_made_as_a_job_and_shown_at_its_address(client: TestClient, address: str) -> None:
    pytest.importorskip("ortools", reason="the extra `plan` is not installed")
    query = "market=JP&start=2027-01-04"
    begun = client.post(f"{address}/plan/job?{query}", headers=JSON)
    assert begun.status_code == 202
    job = begun.json()["id"]
    events = client.get(f"/v1/jobs/{job}/events").text
    assert events.rstrip().rpartition("event: ")[2].startswith("done")
    page = client.get(f"{address}/plan?{query}&job={job}")
    assert "data-roadmap" in page.text
    assert page.text == client.get(f"{address}/plan?{query}").text
    assert f"job={job}" not in page.text
    assert "Next month" in client.get(f"{address}/plan?job=gone").text
    refused = client.post(f"{opened(client)}/plan/job?start=2027-01-04", headers=JSON)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"


def test_a_plan_that_cannot_be_made_is_told_on_a_page(client: TestClient, address: str) -> None:
    job = client.post(f"{address}/plan/job?market=JP&start=2027-01-04&by=2026-01-01").json()["id"]
    assert "event: failed" in client.get(f"/v1/jobs/{job}/events").text
    page = client.get(f"{address}/plan?market=JP&start=2027-01-04&by=2026-01-01&job={job}")
    assert page.status_code == 422
    assert "is not after the start" in page.text


def test_the_job_of_another_profile_is_not_shown(client: TestClient, address: str) -> None:
    job = client.post(f"{address}/plan/job?market=JP&start=2027-01-04").json()["id"]
    client.get(f"/v1/jobs/{job}/events")
    other = client.get(f"{opened(client)}/plan?job={job}")
    assert "data-roadmap" not in other.text


def test_the_content_of_an_application_is_a_download(client: TestClient, address: str) -> None:
    page = client.get(f"{address}/downloads").text
    assert '<option value="UN-R157">' in page
    word = client.get(f"{address}/download/dossier?approval=UN-R157")
    assert word.status_code == 200, word.text[:300]
    assert word.headers["content-disposition"].endswith('.docx"')
    assert word.content[:2] == b"PK"
    assert "UN-R157" in client.get(f"{address}/download/dossier?approval=UN-R157&format=terminal&market=JP").text
    assert client.get(f"{address}/download/dossier?approval=UN-R999").status_code == 404
    assert client.get(f"{address}/download/dossier?approval=UN-R157&format=exe").status_code == 404
