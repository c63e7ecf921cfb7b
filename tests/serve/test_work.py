# SPDX-License-Identifier: Apache-2.0
"""Kept work, on SQLite and on a real PostgreSQL server: history, people, evidence, snapshots, the log, archives."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from tests.serve import postgres

from carnet.api import Law
from carnet.errors import InputError
from carnet.serve.app import create_app
from carnet.serve.kept.store import MIGRATIONS, Store
from carnet.serve.kept.tables import Line
from carnet.serve.settings import Settings, Token

ROOT = Path(__file__).resolve().parents[2]
HOME = "http://127.0.0.1:8000"
PROFILE = """# ours
name: Shuttle
automation: {sae_level: 4}
approvals:
  EU-WVTA: {held: true, valid_until: 2027-03-01}
waivers:
  - {rule: de.market.kba-type-approval, reason: asked, by: Ann, until: 2027-02-01}
"""
PDF = b"%PDF-1.7\n..."


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    if why := postgres.reason():
        if os.environ.get(postgres.REQUIRED):
            raise AssertionError(why)
        pytest.skip(why)
    with postgres.server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return ""
    base = request.getfixturevalue("database")
    store = Store(Path(request.getfixturevalue("tmp_path_factory").mktemp("pg")), base)
    with store.engine.connect() as connection:  # as new
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
        connection.commit()
    store.close()
    return str(base)


@pytest.fixture
def kept(address: str, tmp_path: Path) -> Iterator[FastAPI]:
    app = create_app(Settings(data=tmp_path / "kept", database=address))
    yield app
    app.state.services.close()


@pytest.fixture
def team(kept: FastAPI) -> TestClient:
    return TestClient(kept, base_url=HOME, raise_server_exceptions=False)


def made(team: TestClient, text: str = PROFILE) -> str:
    answer = team.post("/v1/work/profiles", json={"text": text, "why": "first"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["profile"])


def change(team: TestClient, id_: str, text: str, on: int | None) -> Any:
    headers = {} if on is None else {"if-match": f'"{on}"'}
    return team.put(f"/v1/work/profiles/{id_}", json={"text": text, "why": "changed"}, headers=headers)


class TestProfiles:
    def test_a_profile_keeps_its_text_and_its_history(self, team: TestClient) -> None:
        id_ = made(team)
        assert change(team, id_, PROFILE.replace("Shuttle", "Bus"), 1).json()["number"] == 2
        history = team.get(f"/v1/work/profiles/{id_}/versions").json()
        assert [(each["number"], each["who"], each["why"]) for each in history] == [
            (2, "local", "changed"),
            (1, "local", "first"),
        ]
        assert team.get(f"/v1/work/profiles/{id_}/versions/1").json()["text"] == PROFILE
        assert [each["name"] for each in team.get("/v1/work/profiles").json()] == ["Bus"]

    def test_two_who_edit_at_once_are_told(self, team: TestClient) -> None:
        """threat: lost-work"""
        id_ = made(team)
        assert change(team, id_, PROFILE + "description: hers\n", 1).status_code == 200
        answer = change(team, id_, PROFILE + "description: his\n", 1)
        assert (answer.status_code, answer.json()["kind"], answer.headers["etag"]) == (412, "meanwhile", '"2"')
        assert "version 2 was written by local" in answer.json()["detail"]
        assert "hers" in team.get(f"/v1/work/profiles/{id_}").json()["text"]
        assert change(team, id_, PROFILE, None).status_code == 428

    def test_of_many_at_once_one_wins(self, team: TestClient) -> None:
        id_, codes = made(team), list[int]()

        def edit(number: int) -> None:
            codes.append(change(team, id_, f"{PROFILE}description: of {number}\n", 1).status_code)

        threads = [threading.Thread(target=edit, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(codes) == [200, 412, 412, 412, 412, 412]
        assert team.get("/v1/work/log").json()["broken_at"] is None

    def test_what_is_no_profile_is_not_saved(self, team: TestClient) -> None:
        answer = team.post("/v1/work/profiles", json={"text": "automation: {sae_level: 9}", "why": "x"})
        assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "profile.automation.sae_level")
        assert team.get("/v1/work/profiles").json() == []
        assert team.get("/v1/work/log").json()["lines"] == []

    def test_versions_are_compared(self, team: TestClient) -> None:
        id_ = made(team)
        change(team, id_, PROFILE.replace("sae_level: 4", "sae_level: 2"), 1)
        body = {"old": 1, "new": 2, "markets": ["DE"]}
        markets = team.post(f"/v1/work/profiles/{id_}/compare", json=body).json()["markets"]
        assert [each["market"] for each in markets] == ["DE"]
        assert markets[0]["changes"]

    def test_an_archived_one_is_kept(self, team: TestClient) -> None:
        id_ = made(team)
        team.put(f"/v1/work/profiles/{id_}/archived", json={"archived": True})
        assert team.get("/v1/work/profiles").json() == []
        assert [each["id"] for each in team.get("/v1/work/profiles?archived=true").json()] == [id_]


class TestPeople:
    def test_what_comes_due_is_told_by_its_day(self, team: TestClient) -> None:
        id_ = made(team)
        care = {"owner": "Bob", "remind_on": "2027-01-15"}
        assert team.put(f"/v1/work/profiles/{id_}/approvals/EU-WVTA", json=care).json()["version"] == 1
        give = {"lack": "approval:DE-OPERATING-AREA", "title": "The area", "person": "Cy", "due": "2027-02-15"}
        team.post(f"/v1/work/profiles/{id_}/assignments", json=give)
        found = team.get("/v1/work/reminders?until=2027-03-01").json()
        assert [(each["day"], each["kind"], each["owner"]) for each in found] == [
            ("2027-01-15", "remind", "Bob"),
            ("2027-02-01", "waiver_ends", "Ann"),
            ("2027-02-15", "due", "Cy"),
            ("2027-03-01", "approval_ends", "Bob"),
        ]
        assert len(team.get("/v1/work/reminders?until=2027-02-28").json()) == 3

    def test_who_has_a_lack_is_not_written_over_unseen(self, team: TestClient) -> None:
        id_ = made(team)
        path, body = f"/v1/work/profiles/{id_}/assignments", {"lack": "x", "title": "X", "person": "Ann"}
        assert team.post(path, json=body).json()["version"] == 1
        assert team.post(path, json={**body, "person": "Bob"}).status_code == 412
        assert team.post(path, json={**body, "person": "Bob", "on": 1}).json()["version"] == 2
        assert team.post(path, json={**body, "partner": "Uber", "on": 2}).status_code == 422

    def test_comments_stand_in_their_order(self, team: TestClient) -> None:
        id_ = made(team)
        for said in ("one", "two"):
            team.post(f"/v1/work/profiles/{id_}/comments", json={"lack": "x", "text": said})
        assert [each["text"] for each in team.get(f"/v1/work/profiles/{id_}/comments?lack=x").json()] == ["one", "two"]
        assert team.get(f"/v1/work/profiles/{id_}/comments?lack=y").json() == []


class TestEvidence:
    """threat: hostile-file"""

    def attach(self, team: TestClient, id_: str, name: str, content: bytes) -> Any:
        path = f"/v1/work/profiles/{id_}/evidence"
        headers = {"content-type": "application/octet-stream"}
        return team.post(path, params={"lack": "x", "name": name}, content=content, headers=headers)

    def test_it_is_sent_as_an_attachment_and_nothing_else(self, team: TestClient) -> None:
        id_ = made(team)
        kept = self.attach(team, id_, "report.pdf", PDF).json()
        assert (kept["size"], kept["media_type"], kept["who"]) == (len(PDF), "application/pdf", "local")
        answer = team.get(f"/v1/work/profiles/{id_}/evidence/{kept['id']}")
        assert answer.content == PDF
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert answer.headers["x-content-type-options"] == "nosniff"

    @pytest.mark.parametrize(
        ("name", "content", "status"),
        [
            ("page.html", b"<script>alert(1)</script>", 415),
            ("picture.svg", b"<svg onload=alert(1)>", 415),
            ("report.pdf", b"<html>", 415),
            ("run.exe", b"MZ", 415),
            ("notes.txt", b"\xff\xfe", 415),
            ("notes.txt", b"a\0b", 415),
            ("none", b"x", 415),
            ("empty.txt", b"", 422),
            ("nul.txt", b"x", 422),
            ("..", b"x", 422),
        ],
    )
    def test_other_kinds_are_refused(self, team: TestClient, name: str, content: bytes, status: int) -> None:
        assert self.attach(team, made(team), name, content).status_code == status

    @pytest.mark.parametrize("name", ["../../etc/cron.txt", "..\\..\\x.txt", "/etc/x.txt", "a\r\nb: c.txt", ".x.txt"])
    def test_no_name_leads_elsewhere(self, team: TestClient, kept: FastAPI, name: str) -> None:
        answer = self.attach(team, made(team), name, b"x").json()
        assert not set(answer["name"]) & set("/\\\r\n:")
        folder = kept.state.services.kept.folder
        files = [path.relative_to(folder).as_posix() for path in (folder / "evidence").rglob("*") if path.is_file()]
        assert files == [f"evidence/{answer['sha256'][:2]}/{answer['sha256']}"]

    def test_one_that_was_changed_is_not_sent(self, team: TestClient, kept: FastAPI) -> None:
        id_ = made(team)
        answer = self.attach(team, id_, "report.pdf", PDF).json()
        path = kept.state.services.kept.evidence / answer["sha256"][:2] / answer["sha256"]
        path.write_bytes(b"%PDF-other")
        assert team.get(f"/v1/work/profiles/{id_}/evidence/{answer['id']}").json()["kind"] == "evidence"

    def test_nothing_kept_is_served_as_a_file(self, team: TestClient) -> None:
        for path in ("/static/../kept/carnet.db", "/static/%2e%2e%2fkept/carnet.db", "/kept/carnet.db", "/evidence/"):
            assert team.get(path).status_code == 404


class TestSnapshots:
    def test_one_comes_out_the_same_again(self, team: TestClient) -> None:
        id_ = made(team)
        body = {"markets": ["DE"], "as_of": "2027-01-01"}
        snapshot = team.post(f"/v1/work/profiles/{id_}/snapshots", json=body).json()
        change(team, id_, PROFILE.replace("sae_level: 4", "sae_level: 2"), 1)
        place = f"/v1/work/profiles/{id_}/snapshots/{snapshot['id']}"
        assert team.post(f"{place}/rerun").json() == {"same": True, "differs": []}
        report = team.get(place).json()
        assert report["receipt"] == snapshot["receipt"]
        assert report["markets"][0]["as_of"] == "2027-01-01"

    def test_another_law_is_named_as_the_reason(self, team: TestClient, kept: FastAPI) -> None:
        id_ = made(team)
        body = {"markets": ["DE"], "as_of": "2027-01-01"}
        snapshot = team.post(f"/v1/work/profiles/{id_}/snapshots", json=body).json()
        services = kept.state.services
        services._law = Law(services.law._core._replace(sha256="0" * 64), services.law._cache)
        again = team.post(f"/v1/work/profiles/{id_}/snapshots/{snapshot['id']}/rerun").json()
        assert again == {"same": False, "differs": ["law_sha256"]}

    def test_progress_has_a_line_for_each_week(self, team: TestClient) -> None:
        id_ = made(team)
        for _ in range(2):
            snapshot = team.post(f"/v1/work/profiles/{id_}/snapshots", json={"markets": ["DE", "FR"]}).json()
        (week,) = team.get(f"/v1/work/profiles/{id_}/progress").json()
        assert (week["snapshot"], week["markets"]) == (snapshot["id"], 2)
        assert sum(week["outcomes"].values()) == 2


class TestLog:
    """threat: audit"""

    def test_every_change_has_its_line(self, team: TestClient) -> None:
        id_ = made(team)
        change(team, id_, PROFILE + "description: x\n", 1)
        team.post(f"/v1/work/profiles/{id_}/comments", json={"lack": "x", "text": "y"})
        log = team.get("/v1/work/log").json()
        actions = [line["action"] for line in reversed(log["lines"])]
        assert actions == ["profile.create", "profile.change", "lack.comment"]
        assert log["broken_at"] is None

    @pytest.mark.parametrize("statement", ["DELETE FROM log", "UPDATE log SET who = 'nobody'"])
    def test_the_database_refuses_to_change_it(self, team: TestClient, kept: FastAPI, statement: str) -> None:
        made(team)
        with pytest.raises(DBAPIError, match="the log is not changed"), kept.state.services.kept.writing() as session:
            session.execute(text(statement))
        assert len(team.get("/v1/work/log").json()["lines"]) == 1

    def test_no_request_changes_it(self, kept: FastAPI) -> None:
        routes = [path for path in kept.openapi()["paths"] if "log" in path.split("/")]
        assert routes == ["/v1/work/log"]
        assert list(kept.openapi()["paths"]["/v1/work/log"]) == ["get"]

    def test_what_is_written_past_it_is_found(self, team: TestClient, kept: FastAPI) -> None:
        store = kept.state.services.kept
        made(team)
        with store.writing() as session:
            line = Line(number=2, at="2027", who="x", action="y", subject="z", detail={}, sha256="0" * 64)
            session.add(line)
        assert team.get("/v1/work/log").json()["broken_at"] == 2


class TestArchive:
    def test_everything_goes_out_and_in(self, team: TestClient, tmp_path: Path) -> None:
        id_ = made(team)
        change(team, id_, PROFILE + "description: x\n", 1)
        TestEvidence().attach(team, id_, "report.pdf", PDF)
        team.post(f"/v1/work/profiles/{id_}/snapshots", json={"markets": ["DE"], "as_of": "2027-01-01"})
        out = team.get("/v1/work/archive")
        assert out.headers["content-type"] == "application/octet-stream"
        other = TestClient(create_app(Settings(data=tmp_path / "other")), base_url=HOME)
        rows = other.post("/v1/work/archive", content=out.content).json()["rows"]
        assert (rows["profiles"], rows["versions"], rows["evidence"], rows["log"]) == (1, 2, 1, 4)
        for path in ("", "/versions", "/evidence", "/snapshots"):
            place = f"/v1/work/profiles/{id_}{path}"
            assert other.get(place).json() == team.get(place).json()
        file = other.get(f"/v1/work/profiles/{id_}/evidence").json()[0]["id"]
        assert other.get(f"/v1/work/profiles/{id_}/evidence/{file}").content == PDF
        assert other.get("/v1/work/log").json()["broken_at"] is None
        assert other.post("/v1/work/archive", content=out.content).json()["kind"] == "not-empty"

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda zipped: zipped.writestr("../../evil.txt", "x"),
            lambda zipped: zipped.writestr("evidence/" + "0" * 63 + "/", ""),
            lambda zipped: zipped.writestr("evidence/" + "0" * 64, b"\0" * (64 << 20)),
            lambda zipped: zipped.writestr("tables/other.jsonl", "{}"),
            lambda zipped: zipped.writestr(_link(), "/etc/passwd"),
        ],
        ids=["leads elsewhere", "a folder", "a bomb", "another table", "a link"],
    )
    def test_a_hostile_one_is_refused_whole(self, team: TestClient, tmp_path: Path, spoil: Any) -> None:
        """threat: hostile-file"""
        made(team)
        raw = io.BytesIO(team.get("/v1/work/archive").content)
        with zipfile.ZipFile(raw, "a", zipfile.ZIP_DEFLATED) as zipped:
            spoil(zipped)
        self.refused(tmp_path, raw.getvalue())

    @pytest.mark.parametrize(
        ("name", "line"),
        [
            ("tables/profiles.jsonl", {"id": "x"}),
            ("tables/profiles.jsonl", ["x"]),
            (
                "tables/log.jsonl",
                {"number": 9, "at": "", "who": "", "action": "", "subject": "", "detail": {}, "sha256": ""},
            ),
            ("tables/settings.jsonl", {"name": {"a": 1}, "value": [1]}),
        ],
    )
    def test_one_with_other_rows_is_refused_whole(self, team: TestClient, tmp_path: Path, name: str, line: Any) -> None:
        made(team)
        self.refused(tmp_path, _with_line(team.get("/v1/work/archive").content, name, json.dumps(line)))

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"x" * 100])
    def test_what_is_none_is_refused(self, tmp_path: Path, content: bytes) -> None:
        self.refused(tmp_path, content)

    def refused(self, tmp_path: Path, content: bytes) -> None:
        other = TestClient(create_app(Settings(data=tmp_path / "o")), base_url=HOME, raise_server_exceptions=False)
        answer = other.post("/v1/work/archive", content=content)
        assert (answer.status_code, answer.json()["kind"]) == (422, "archive")
        assert other.get("/v1/work/profiles").json() == []
        assert other.get("/v1/work/log").json()["lines"] == []
        assert [path for path in (tmp_path / "o" / "evidence").rglob("*") if path.is_file()] == []


def _link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("evidence/" + "1" * 64)
    entry.external_attr = 0o120777 << 16
    return entry


def _with_line(content: bytes, name: str, line: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.namelist():
            more = f"{line}\n".encode() if entry == name else b""
            new.writestr(entry, old.read(entry) + more)
    return made.getvalue()


class TestPartners:
    """threat: too-much-for-a-role"""

    def client(self, data: Path, role: str, partner: str = "") -> TestClient:
        digest = hashlib.sha256(b"secret").hexdigest()
        token = Token.model_validate({"name": role, "sha256": digest, "role": role, "partner": partner})
        app = create_app(Settings(data=data, tokens=(token,)))
        return TestClient(app, base_url=HOME, headers={"authorization": "Bearer secret"})

    def test_one_sees_what_is_addressed_to_him_and_nothing_else(self, tmp_path: Path) -> None:
        team = TestClient(create_app(Settings(data=tmp_path)), base_url=HOME)
        id_ = made(team)
        path = f"/v1/work/profiles/{id_}/assignments"
        ours = team.post(path, json={"lack": "a", "title": "A", "partner": "Uber"}).json()
        other = team.post(path, json={"lack": "b", "title": "B", "partner": "Lyft"}).json()
        team.post(f"/v1/work/profiles/{id_}/comments", json={"lack": "b", "text": "secret"})
        partner = self.client(tmp_path, "partner", "Uber")
        assert [each["lack"] for each in partner.get("/v1/work/addressed").json()] == ["a"]
        said = partner.post(f"/v1/work/addressed/{ours['id']}/comments", json={"text": "done"})
        assert said.status_code == 201
        assert [each["text"] for each in partner.get(f"/v1/work/addressed/{ours['id']}/comments").json()] == ["done"]
        sent = partner.post(f"/v1/work/addressed/{ours['id']}/evidence?name=a.pdf", content=PDF)
        assert sent.status_code == 201
        assert partner.get(f"/v1/work/addressed/{other['id']}/comments").status_code == 404
        for closed in (
            "",
            "/reminders",
            f"/profiles/{id_}",
            f"/profiles/{id_}/comments",
            "/profiles",
            "/log",
            "/archive",
        ):
            assert partner.get(f"/v1/work{closed}").status_code in (403, 404)

    def test_one_reads_only_what_was_said_for_him_or_by_him(self, tmp_path: Path) -> None:
        team = TestClient(create_app(Settings(data=tmp_path)), base_url=HOME)
        work = f"/v1/work/profiles/{made(team)}"

        def give(partner: str, on: int) -> str:
            body = {"lack": "a", "title": "A", "partner": partner, "on": on}
            return str(team.post(f"{work}/assignments", json=body).json()["id"])

        def say(said: str, partner: str = "") -> int:
            return team.post(f"{work}/comments", json={"lack": "a", "text": said, "partner": partner}).status_code

        assert (say("they are too dear"), say("early", "Uber")) == (201, 422)  # nobody has the lack yet
        lack = give("Uber", 0)
        assert (say("please send it", "Uber"), say("still too dear"), say("for others", "Lyft")) == (201, 201, 422)
        uber, theirs = self.client(tmp_path, "partner", "Uber"), f"/v1/work/addressed/{lack}/comments"
        assert uber.post(theirs, json={"text": "sent"}).json()["partner"] == "Uber"
        assert [each["text"] for each in uber.get(theirs).json()] == ["please send it", "sent"]
        assert give("Lyft", 1) == lack
        assert self.client(tmp_path, "partner", "Lyft").get(theirs).json() == []
        assert uber.get(theirs).status_code == 404
        said = [(each["text"], each["partner"]) for each in team.get(f"{work}/comments").json()]
        assert said == [("they are too dear", ""), ("please send it", "Uber"), ("still too dear", ""), ("sent", "Uber")]

    def test_comments_from_before_partners_were_named_are_internal(self, tmp_path: Path) -> None:
        engine, config = create_engine(f"sqlite:///{tmp_path / 'old.sqlite'}"), Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "0002")
            connection.execute(text("insert into profiles values ('p', 'P', 1, false)"))
            connection.execute(text("insert into comments values ('c', 'p', 'a', 'ann', '2026', 'dear')"))
            command.upgrade(config, "head")
            assert connection.execute(text("select partner from comments")).scalar_one() == ""
        engine.dispose()

    def test_a_reader_changes_nothing_and_an_editor_is_no_admin(self, tmp_path: Path) -> None:
        reader, editor = self.client(tmp_path, "reader"), self.client(tmp_path, "editor")
        body = {"text": PROFILE, "why": "x"}
        assert reader.post("/v1/work/profiles", json=body).status_code == 403
        assert editor.post("/v1/work/profiles", json=body).status_code == 201
        for path in ("/v1/work/log", "/v1/work/archive"):
            assert editor.get(path).status_code == 403
        assert editor.post("/v1/work/law/use", json={"release": "bundled"}).status_code == 403


class TestReleases:
    def test_what_a_release_changes_is_seen_before_it_is_used(self, team: TestClient) -> None:
        id_ = made(team, "name: Car\nautomation: {sae_level: 2}\n")
        (affected,) = team.post("/v1/work/law/preview", json={"release": "bundled", "markets": ["DE"]}).json()
        assert (affected["profile"], affected["error"], affected["markets"]) == (id_, None, [])
        assert team.post("/v1/work/law/preview", json={"release": "2031.1"}).status_code == 404
        assert team.post("/v1/work/law/use", json={"release": "bundled"}).json()["in_use"] == "bundled"
        assert team.get("/v1/work/log").json()["lines"][0]["action"] == "law.use"


KILLED = """
import sys
from pathlib import Path
import carnet
from carnet.serve.kept import profiles
from carnet.serve.kept.store import Store
law, store = carnet.load_law(), Store(Path(sys.argv[1]))
for number in range(100_000):
    version = profiles.save_new(store, law, "ann", f"name: Car {number}\\n", "first")
    profiles.save(store, law, "ann", version.profile, f"name: Bus {number}\\n", "second", 1)
    print(version.profile, flush=True)
"""


def test_what_was_confirmed_survives_a_kill(tmp_path: Path) -> None:
    """threat: lost-work"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "engine")}
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=environment
        )
        assert process.stdout
        confirmed = [process.stdout.readline().strip() for _ in range(5)]
        process.kill()
        confirmed += process.stdout.read().split()
        process.wait()
        process.stdout.close()
        store = Store(tmp_path)
        whole = sqlite3.connect(tmp_path / "carnet.db")
        assert whole.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = dict(whole.execute("SELECT id, version FROM profiles"))
        assert {id_: rows.get(id_) for id_ in confirmed if len(id_) == 32} == dict.fromkeys(confirmed[:-1], 2) | {
            id_: 2 for id_ in confirmed[-1:] if len(id_) == 32
        }
        assert store.broken_at() is None
        lines = whole.execute("SELECT count(*) FROM log").fetchone()[0]
        assert lines == whole.execute("SELECT count(*) FROM versions").fetchone()[0]
        whole.close()
        store.close()


def test_a_database_of_another_kind_is_refused(tmp_path: Path) -> None:
    for address in ("mysql://x/y", "nothing", "sqlite+other:///x"):
        with pytest.raises(InputError):
            Store(tmp_path, address)
