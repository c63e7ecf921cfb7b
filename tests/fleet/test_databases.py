# SPDX-License-Identifier: Apache-2.0
"""Tables of real database servers, started for the tests where they are installed."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from carnet.cli.main import run
from carnet.fleet.addresses import masked, server_address
from carnet.fleet.tables import open_table

DAY = "2026-11-22"
MANY = 30_000


def program(name, *places):
    found = shutil.which(name) or next((place for pattern in places for place in sorted(glob.glob(pattern))), None)
    return found or pytest.skip(f"{name} is not installed")


def as_somebody():
    """Servers refuse to run as root."""
    return {"user": "nobody", "group": "nogroup"} if os.getuid() == 0 else {}


@contextlib.contextmanager
def server(command, folder, is_up):
    """A server in a folder of its own, up while the test module runs."""
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, **as_somebody())
    deadline = time.monotonic() + 60
    while not is_up() and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.1)
    try:
        assert is_up(), (folder / "log").read_text()
        yield
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture(scope="module")
def open_folder():
    """A folder with a short path, which sockets need, that the server's user may write.

    Not one of pytest's: nobody else may enter those, and under xdist each worker has its own below another.
    """
    folder = Path(tempfile.mkdtemp(prefix="carnet-db-"))
    folder.chmod(0o755)
    if os.getuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def postgres(open_folder):
    pytest.importorskip("adbc_driver_postgresql")
    initdb, run_server = (program(name, f"/usr/lib/postgresql/*/bin/{name}") for name in ("initdb", "postgres"))
    data = open_folder / "pg"
    setup = [initdb, "-D", str(data), "-U", "carnet", "-A", "trust", "-E", "UTF8", "--locale", "C", "--no-sync"]
    subprocess.run(setup, check=True, stdout=subprocess.DEVNULL, **as_somebody())
    command = [run_server, "-D", str(data), "-k", str(open_folder), "-c", "listen_addresses=", "-F"]
    from adbc_driver_postgresql import dbapi

    address = f"host={open_folder} user=carnet dbname=postgres"

    def is_up():
        try:
            dbapi.connect(address).close()
        except Exception:
            return False
        return True

    with server(command, open_folder, is_up):
        with dbapi.connect(address, autocommit=True) as connection, connection.cursor() as cursor:
            for statement in POSTGRES.split(";"):
                cursor.execute(statement)
        yield address


POSTGRES = f"""\
create type level as enum ('held', 'none');
create table vehicles ("profile" varchar(20), "odd.max_speed_kmh" numeric(6, 2), "odd.road_types" text[],
  "automation.eyes_off" boolean, "automation.sae_level" smallint, "approvals.UN-R157" level,
  "approvals.UN-R157.granted_on" timestamp, "features.pilot.automation.sae_level" bigint, waivers jsonb);
insert into vehicles values
  ('a', 95.5, '{{motorway,urban}}', true, 4, 'held', '2026-01-01', null, '[]'),
  ('b', null, null, null, null, 'none', null, 3, null),
  ('c', 130, '{{}}', false, 3, null, null, null,
   '[{{"rule": "unece.r157.forward-range", "reason": "x", "by": "y", "until": "2027-01-01"}}]');
create schema big;
create table big.many as select 'v' || n as "profile", (n % 100)::real as "odd.max_speed_kmh"
  from generate_series(1, {MANY}) n;
create table wrong ("odd.max_sped_kmh" int)"""


@pytest.fixture(scope="module")
def mysql(open_folder):
    pymysql = pytest.importorskip("pymysql")
    run_server = program("mariadbd", "/usr/sbin/mariadbd")
    setup = program("mariadb-install-db")
    data, socket = open_folder / "my", open_folder / "my.sock"
    who = ["--auth-root-authentication-method=normal", f"--datadir={data}", "--no-defaults"]
    subprocess.run([setup, *reversed(who)], check=True, stdout=subprocess.DEVNULL, **as_somebody())
    command = [run_server, "--no-defaults", f"--datadir={data}", f"--socket={socket}", "--skip-networking"]
    command += [f"--pid-file={open_folder}/my.pid"]

    with server(command, open_folder, socket.exists):
        connection = pymysql.connect(unix_socket=str(socket), user="root", autocommit=True)
        with connection, connection.cursor() as cursor:
            for statement in MYSQL.split(";"):
                cursor.execute(statement)
        yield f"unix_socket={socket} user=root database=fleet"


MYSQL = f"""\
create database fleet;
use fleet;
create table fleet.vehicles (profile varchar(20), `odd.max_speed_kmh` decimal(6, 2),
  `odd.road_types` set('motorway', 'urban'), `automation.eyes_off` boolean, `automation.sae_level` int,
  `approvals.UN-R157` enum('held', 'none'), `approvals.UN-R157.granted_on` datetime,
  `features.pilot.automation.sae_level` int, waivers json);
insert into fleet.vehicles values
  ('a', 95.5, 'motorway,urban', true, 4, 'held', '2026-01-01', null, '[]'),
  ('b', null, null, null, null, 'none', null, 3, null),
  ('c', 130, '', false, 3, null, null, null,
   '[{{"rule": "unece.r157.forward-range", "reason": "x", "by": "y", "until": "2027-01-01"}}]');
create table fleet.many as select concat('v', seq) as profile, seq % 100 as `odd.max_speed_kmh` from seq_1_to_{MANY}"""

WAIVER = {"rule": "unece.r157.forward-range", "reason": "x", "by": "y", "until": "2027-01-01"}
ROWS = [
    {
        "profile": "a",
        "odd.max_speed_kmh": 95.5,
        "odd.road_types": ["motorway", "urban"],
        "automation.eyes_off": True,
        "automation.sae_level": 4,
        "approvals.UN-R157": "held",
        "approvals.UN-R157.granted_on": "2026-01-01",
    },
    {"profile": "b", "approvals.UN-R157": "none", "features.pilot.automation.sae_level": 3},
    {
        "profile": "c",
        "odd.max_speed_kmh": 130.0,
        "odd.road_types": [],
        "automation.eyes_off": False,
        "automation.sae_level": 3,
        "waivers": [WAIVER],
    },
]
COLUMNS = list(dict.fromkeys(name for row in ROWS for name in row))


def results(table, out):
    assert run(["fleet", str(table), "-m", "DE,JP", "--as-of", DAY, "-o", str(out)]) == 0
    assert not out.with_name(f"{out.stem}.rejects.csv").exists()
    return pq.read_table(out).to_pylist()


@pytest.fixture
def expected(tmp_path):
    rows = [{name: row.get(name) for name in COLUMNS} for row in ROWS]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "rows.parquet")
    return results(tmp_path / "rows.parquet", tmp_path / "rows.out.parquet")


def test_a_table_of_postgresql(tmp_path, postgres, expected):
    assert results(f"postgres:{postgres}#vehicles", tmp_path / "out.parquet") == expected
    socket = postgres.split()[0].removeprefix("host=").replace("/", "%2F")
    assert results(f"postgresql://carnet@{socket}/postgres#public.vehicles", tmp_path / "uri.parquet") == expected


def test_a_table_of_mysql(tmp_path, mysql, expected):
    unset = [row for row in results(f"mysql:{mysql}#vehicles", tmp_path / "out.parquet") if row["profile"] != "c"]
    assert unset == [row for row in expected if row["profile"] != "c"]


@pytest.mark.parametrize("kind", ["postgres", "mysql"])
def test_a_large_table_comes_in_blocks(kind, request):
    address = request.getfixturevalue(kind)
    table = open_table(f"{kind}:{address}#{'big.many' if kind == 'postgres' else 'many'}", 1000)
    with contextlib.closing(table):
        blocks = list(table.blocks(1000))
    assert table.rows == MANY
    assert [block.num_rows for block in blocks] == [1000] * (MANY // 1000)
    names = [name for block in blocks for name in block.column("profile").to_pylist()]
    assert names == [f"v{number}" for number in range(1, MANY + 1)]


@pytest.mark.parametrize(
    ("kind", "table", "says"),
    [
        ("postgres", "absent", 'relation "absent" does not exist'),
        ("postgres", "wrong", "did you mean `odd.max_speed_kmh`?"),
        ("mysql", "absent", "'fleet.absent' doesn't exist"),
    ],
)
def test_a_table_that_cannot_be_read(tmp_path, capsys, request, kind, table, says):
    address = request.getfixturevalue(kind)
    assert run(["fleet", f"{kind}:{address}#{table}", "-m", "DE", "-o", str(tmp_path / "out.csv")]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("kind", ["postgres", "mysql"])
def test_nobody_answers(tmp_path, capsys, kind):
    pytest.importorskip("adbc_driver_postgresql" if kind == "postgres" else "pymysql")
    address = f"{kind}://me:secret@127.0.0.1:1/fleet#vehicles"
    assert run(["fleet", address, "-m", "DE", "-o", str(tmp_path / "out.csv")]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"cannot read the table `{kind}:host=127.0.0.1 port=1 user=me database=fleet#vehicles`: ")
    assert "secret" not in said
    assert len(said.splitlines()) == 1


SECRET = "s3cr3t"
SPELLINGS = [
    "{kind}://me:s3cr3t@127.0.0.1:1/fleet#vehicles",
    "{kind}://me:s3cr3t@127.0.0.1:1/fleet",
    "{kind}://me:a#s3cr3t@127.0.0.1:1/fleet#vehicles",
    "{kind}://me:12#s3cr3t@127.0.0.1:1/fleet",
    "{kind}://me:a@s3cr3t@127.0.0.1:1/fleet#vehicles",
    "{kind}://me:12/s3cr3t@127.0.0.1:1/fleet#vehicles",
    "{kind}://me:12?s3cr3t@127.0.0.1:1/fleet#vehicles",
    "{kind}://me:%73%33cr3t@127.0.0.1:1/fleet#vehicles",
    "{kind}://me@127.0.0.1:1/fleet?password=s3cr3t#vehicles",
    "{kind}://me@127.0.0.1:1/fleet?sslpassword=s3cr3t#vehicles",
    "{kind}:host=127.0.0.1 port=1 user=me password=s3cr3t#vehicles",
    "{kind}:host=127.0.0.1 port=1 user=me password = s3cr3t#vehicles",
    "{kind}:host=127.0.0.1 port=1 user=me PASSWORD=s3cr3t#vehicles",
    "{kind}:host=127.0.0.1 port=1 user=me password='a s3cr3t'#vehicles",
    "{kind}:host=127.0.0.1 port=1 user=me password='a s3cr3t#vehicles",
    "{kind}:host=127.0.0.1 port=1 user=me passwd=s3cr3t#vehicles",
    "{kind}:host=127.0.0.1 port=1 user=me pwd=s3cr3t#vehicles",
    "{kind}:host=127.0.0.1 port=1 user=me password=a s3cr3t#vehicles",
    "{kind}:me:s3cr3t@127.0.0.1:1/fleet#vehicles",
    "{kind}x://me:s3cr3t@127.0.0.1:1/fleet#vehicles",
    "{kind}+driver://me:s3cr3t@127.0.0.1:1/fleet#vehicles",
    "//me:s3cr3t@127.0.0.1:1/fleet#vehicles",
    "jdbc:{kind}://127.0.0.1:1/fleet?user=me&password=s3cr3t",
]


@pytest.mark.parametrize("kind", ["postgres", "mysql", "POSTGRES"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_password_is_told_however_it_is_spelled(tmp_path, capsys, kind, spelling):
    pytest.importorskip("adbc_driver_postgresql")
    pytest.importorskip("pymysql")
    address = spelling.format(kind=kind)
    assert run(["fleet", address, "-m", "DE", "-o", str(tmp_path / "out.csv")]) == 2
    said = capsys.readouterr()
    assert SECRET not in said.err + said.out
    assert "s3cr3t" not in masked(address)
    assert len(said.err.splitlines()) == 1


def test_what_is_shown_of_an_address():
    assert masked("postgres:host=h password=secret user=u#t") == "`postgres:host=h user=u#t`"
    assert masked("mysql://u:secret@h/d#t") == "`mysql:host=h user=u database=d#t`"
    assert masked("sqlite:fleet.db#t") == "`sqlite:fleet.db#t`"
    assert masked("variants 2027.csv") == "`variants 2027.csv`"


@pytest.mark.parametrize(
    ("address", "means"),
    [
        ("//u:p%40ss@h:3307/d", {"host": "h", "port": "3307", "user": "u", "password": "p@ss", "database": "d"}),
        ("mysql://u@h/d", {"host": "h", "user": "u", "database": "d"}),
        ("host=h port=3307 user=u dbname=d", {"host": "h", "port": "3307", "user": "u", "database": "d"}),
        ("socket=/run/m.sock user=u db=d", {"unix_socket": "/run/m.sock", "user": "u", "database": "d"}),
    ],
)
def test_how_a_server_is_addressed(address, means):
    assert server_address("mysql", f"{address}#vehicles").parts == means


@pytest.mark.parametrize("kind", ["postgres", "mysql"])
def test_a_driver_that_is_not_installed(tmp_path, capsys, monkeypatch, kind):
    for name in ("adbc_driver_manager", "pymysql"):
        monkeypatch.setitem(__import__("sys").modules, name, None)
    assert run(["fleet", f"{kind}:host=h#t", "-m", "DE", "-o", str(tmp_path / "out.csv")]) == 2
    said = f"`carnet fleet {kind}:...` needs the extra `databases`; pip install 'carnet-law[databases]'\n"
    assert capsys.readouterr().err == said
