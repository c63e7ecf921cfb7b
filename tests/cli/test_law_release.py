# SPDX-License-Identifier: Apache-2.0
"""A release of the law: the same from the same text, verified before anything of it is read, kept beside others."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from carnet.errors import LawError
from carnet.law import release

LAW = Path(__file__).parents[1] / "assess" / "law"


@pytest.fixture
def keys(monkeypatch, tmp_path: Path) -> Path:
    """A key of this test alone, trusted; releases are kept in a folder of its own."""
    private, public = release.new_key()
    monkeypatch.setenv("CARNET_LAW_KEYS", public)
    monkeypatch.setenv("CARNET_DATA", str(tmp_path / "data"))
    (tmp_path / "key.pem").write_bytes(private)
    return tmp_path / "key.pem"


@pytest.fixture
def built(carnet, keys: Path, tmp_path: Path) -> Path:
    target = tmp_path / "law.zip"
    assert carnet("law", "build", "-o", str(target), "--key", str(keys), "--folder", str(LAW)).code == 0
    return target


def rewritten(file: Path, change) -> Path:
    """The release with its members changed."""
    with zipfile.ZipFile(file) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, raw in change(members).items():
            archive.writestr(name, raw)
    return file


def test_the_same_text_gives_the_same_file(carnet, built: Path, keys: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    carnet("law", "build", "-o", str(again), "--key", str(keys), "--folder", str(LAW))
    assert again.read_bytes() == built.read_bytes()


def test_installed_it_is_the_law_that_commands_take_until_another_is(carnet, built: Path) -> None:
    profile = ("-m", "DD", "--as-of", "2026-06-01", "-f", "json", "--fail-on", "never")
    (built.parent / "p.yaml").write_text("automation.sae_level: 2\n", encoding="utf-8")
    with_file = carnet("check", str(built.parent / "p.yaml"), *profile, "--law", str(built))
    assert with_file.code == 0, with_file.err
    assert carnet("check", str(built.parent / "p.yaml"), *profile).err.strip().startswith("unknown market `DD`")
    assert carnet("law", "install", str(built)).out.startswith("installed law ")
    installed = carnet("check", str(built.parent / "p.yaml"), *profile)
    assert json.loads(installed.out)["receipt"] == json.loads(with_file.out)["receipt"]
    version = json.loads(installed.out)["receipt"]["law_version"]
    assert carnet("law", "use", "bundled").out == "the law taken is bundled\n"
    by_version = carnet("check", str(built.parent / "p.yaml"), *profile, "--law", version)
    assert json.loads(by_version.out)["markets"] == json.loads(installed.out)["markets"]


def add(name: str, raw: bytes):
    return lambda members: {**members, name: raw}


def newer(members: dict[str, bytes]) -> dict[str, bytes]:
    return {**members, "rules/law.yaml": members["rules/law.yaml"] + b"# more\n"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (newer, "does not hold what its manifest says (`rules/law.yaml`); get the file again"),
        (add("rules/extra.yaml", b"groups: {}\n"), "does not hold what its manifest says (`rules/extra.yaml`)"),
        (add("../outside.yaml", b""), "holds `../outside.yaml`, which is no file of law"),
        (add("/rules/x.yaml", b""), "holds `/rules/x.yaml`, which is no file of law"),
        (add("rules/run.py", b""), "holds `rules/run.py`, which is no file of law"),
        (add("manifest.json", b"{}"), "is not signed by a key that is trusted here"),
        (add("manifest.sig", b"00"), "is not signed by a key that is trusted here"),
        (lambda members: {}, "is not signed by a key that is trusted here"),
    ],
)
def test_what_was_changed_is_refused(carnet, built: Path, change, message: str) -> None:
    result = carnet("law", "install", str(rewritten(built, change)))
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert not (built.parent / "data").exists()


def packed(raw: bytes, said: int) -> bytes:
    """A release with one packed member that says less of its size than it is."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rules/x.yaml", raw)
    return target.getvalue().replace(len(raw).to_bytes(4, "little"), said.to_bytes(4, "little"))


ODD = {
    "packed": packed(b"0" * 50_000_000, 100),
    "packed and broken": packed(bytes(range(256)) * 64, 4_000).replace(b"\x00\x01\x02", b"\xff\xff\xff"),
    "a dot in the path": [("rules/./x.yaml", b"")],
    "an empty part": [("rules//x.yaml", b"")],
    "a drive": [("C:\\rules\\x.yaml", b"")],
    "a way up inside": [("rules/a/../../x.yaml", b"")],
    "a folder": [("rules/", b"")],
    "twice": [("rules/x.yaml", b"a: 1"), ("rules/x.yaml", b"a: 2")],
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("kind", ODD)
def test_members_that_no_release_has_are_not_read(carnet, keys: Path, tmp_path: Path, kind: str) -> None:
    """Refused before the signature is looked at; what is packed could grow without end."""
    made, file = ODD[kind], tmp_path / "odd.zip"
    if isinstance(made, bytes):
        file.write_bytes(made)
    else:
        with zipfile.ZipFile(file, "w") as archive:
            for name, raw in made:
                archive.writestr(name, raw)
    result = carnet("law", "install", str(file))
    assert (result.code, result.out) == (2, "")
    assert "which is no file of law; get the file again" in result.err
    assert not (tmp_path / "data").exists()


def test_a_name_that_is_no_text_and_a_folder(carnet, keys: Path, tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("rules/ä.yaml", b"")
    (tmp_path / "x.zip").write_bytes(target.getvalue().replace("ä".encode(), b"\xff\xfe"))
    assert "is no release of the law" in carnet("law", "install", str(tmp_path / "x.zip")).err
    assert "is a directory" in carnet("law", "install", str(tmp_path)).err


@pytest.mark.parametrize(
    ("pem", "message"),
    [
        (b"", "is no private key in PEM"),
        (b"\0" * 99, "is no private key in PEM"),
        (b"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n", "is no private key in PEM"),
    ],
)
def test_the_key_is_looked_at_before_the_law(carnet, tmp_path: Path, pem: bytes, message: str, monkeypatch) -> None:
    monkeypatch.setattr("carnet.law.link.link_law", lambda *_, **__: pytest.fail("linked the law first"))
    (tmp_path / "key.pem").write_bytes(pem)
    result = carnet("law", "build", "-o", str(tmp_path / "law.zip"), "--key", str(tmp_path / "key.pem"))
    assert (result.code, message in result.err, "key.pem: " in result.err) == (2, True, True)
    assert not (tmp_path / "law.zip").exists()


def test_what_a_killed_installation_left_is_no_release(carnet, built: Path) -> None:
    left = built.parent / "data" / "carnet" / "law" / ".unpacking-x"
    left.mkdir(parents=True)
    (left.parent / "current").write_text(".unpacking-x\n")
    assert "is not installed" in carnet("law", "use", ".unpacking-x").err
    assert "releases installed: none; taken: bundled" in carnet("law", "status", "-m", "DE").out


def test_a_place_that_keeps_nothing_is_said(carnet, built: Path, monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CARNET_DATA", str(tmp_path / "file"))
    for command in (("install", str(built)), ("use", "bundled")):
        result = carnet("law", *command)
        assert (result.code, "not a directory); free space, or set CARNET_DATA" in result.err) == (2, True), result.err


def test_a_user_without_a_home_has_the_bundled_law(carnet, built: Path, monkeypatch) -> None:
    """As containers run that are given a number and no name."""

    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("CARNET_DATA", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", nowhere)
    assert "taken: bundled" in carnet("law", "status", "-m", "DE").out
    result = carnet("law", "install", str(built))
    assert (result.code, "no home to keep releases of the law in; set CARNET_DATA" in result.err) == (2, True)


def test_one_signed_by_somebody_else_is_refused(carnet, built: Path, monkeypatch) -> None:
    monkeypatch.setenv("CARNET_LAW_KEYS", release.new_key()[1])
    assert "is not signed by a key that is trusted here" in carnet("law", "install", str(built)).err


def test_an_engine_that_is_too_old_says_so(keys: Path, built: Path, monkeypatch) -> None:
    monkeypatch.setattr(release, "SCHEMA", 0)
    with pytest.raises(LawError, match="needs an engine that reads schema 1 of the law, this one reads 0") as caught:
        release.read_release(built, release.trusted_keys())
    assert "install a newer Carnet" in str(caught.value)


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", b"no zip at all"])
def test_what_is_no_release(carnet, keys: Path, tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(raw)
    result = carnet("law", "install", str(tmp_path / "x.zip"))
    assert (result.code, "is no release of the law" in result.err) == (2, True)


def test_a_release_is_compared_with_the_law_of_a_folder(carnet, built: Path) -> None:
    result = carnet("law-diff", str(built), str(LAW), "--as-of", "2026-06-01")
    assert result.code == 0, result.err


def test_a_key_is_never_overwritten(carnet, keys: Path) -> None:
    before = keys.read_bytes()
    assert carnet("law", "key", "-o", str(keys)).code == 2
    assert keys.read_bytes() == before


def test_status_counts_what_was_read(carnet) -> None:
    data = json.loads(carnet("law", "status", "-m", "DE", "-f", "json", "--as-of", "2026-11-30").out)
    (germany,) = data["jurisdictions"]
    assert germany["rules"] == sum(germany["by_basis"].values()) == sum(germany["by_confidence"].values())
    later = json.loads(carnet("law", "status", "-m", "DE", "-f", "json", "--as-of", "2030-01-01").out)
    assert len(later["jurisdictions"][0]["due"]) > len(germany["due"])
