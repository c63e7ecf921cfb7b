# SPDX-License-Identifier: Apache-2.0
"""The cache gives back what was written, or nothing: never what others wrote, never half of it."""

from __future__ import annotations

import os
import pickle
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from carnet.pickles import KEY_BYTES, Pickles

VALUE = {"a": (1, 2.5, "x")}
posix = pytest.mark.skipif(os.name == "nt", reason="Windows keeps a user's folders apart itself")


class Planted:
    """What runs code when it is read."""

    ran = False

    def __reduce__(self) -> Any:
        return setattr, (Planted, "ran", True)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CARNET_CACHE", str(tmp_path))
    return tmp_path / "carnet"


def entry(root: Path) -> Path:
    return root / "part" / "name.pickle"


def test_what_was_written_is_read(root: Path) -> None:
    Pickles("part").write("name", VALUE)
    assert Pickles("part").read("name") == VALUE
    assert Pickles("part").read("other") is None


@posix
@pytest.mark.parametrize("umask", [0o000, 0o002, 0o022, 0o077])
def test_folders_and_files_are_the_users_own(root: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        Pickles("part").write("name", VALUE)
    finally:
        os.umask(before)
    assert Pickles("part").read("name") == VALUE
    for path in (root, root / "part"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    for path in (root / "key", entry(root)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda raw: b"",
    "a byte lost": lambda raw: raw[:-1],
    "a bit turned": lambda raw: raw[:-5] + bytes([raw[-5] ^ 1]) + raw[-4:],
    "a checksum alone": lambda raw: raw[:32],
    "a pickle as older versions wrote it": lambda raw: pickle.dumps(Planted()),
    "a planted pickle under the old checksum": lambda raw: raw[:32] + pickle.dumps(Planted()),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_what_is_damaged_or_planted_is_not_read_and_is_made_again(kind: str, root: Path) -> None:
    store = Pickles("part")
    store.write("name", VALUE)
    entry(root).write_bytes(DAMAGE[kind](entry(root).read_bytes()))
    assert store.read("name") is None
    assert not Planted.ran
    store.write("name", VALUE)
    assert store.read("name") == VALUE


def test_an_entry_counts_only_in_its_place(root: Path) -> None:
    Pickles("part").write("name", VALUE)
    Pickles("other").write("name", "else")
    os.replace(entry(root), root / "other" / "name.pickle")
    assert Pickles("other").read("name") is None
    Pickles("other").write("more", "else")
    os.replace(root / "other" / "more.pickle", root / "other" / "name.pickle")
    assert Pickles("other").read("name") is None


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_that_others_could_read_is_replaced(root: Path, mode: int) -> None:
    store = Pickles("part")
    store.write("name", VALUE)
    key = (root / "key").read_bytes()
    (root / "key").chmod(mode)
    assert store.read("name") is None
    store.write("name", VALUE)
    assert store.read("name") == VALUE
    assert (root / "key").read_bytes() != key


@pytest.mark.parametrize("raw", [b"", b"x" * (KEY_BYTES - 1), b"x" * (KEY_BYTES + 1)])
def test_a_key_that_is_cut_short_is_replaced(root: Path, raw: bytes) -> None:
    Pickles("part").write("name", VALUE)
    (root / "key").write_bytes(raw)
    assert Pickles("part").read("name") is None
    Pickles("part").write("name", VALUE)
    assert Pickles("part").read("name") == VALUE


@posix
def test_a_link_is_no_key(root: Path, tmp_path: Path) -> None:
    root.mkdir(mode=0o700)
    (tmp_path / "mine").write_bytes(b"k" * KEY_BYTES)
    (tmp_path / "mine").chmod(0o600)
    (root / "key").symlink_to(tmp_path / "mine")
    Pickles("part").write("name", VALUE)
    assert not (root / "key").is_symlink()
    assert (tmp_path / "mine").read_bytes() == b"k" * KEY_BYTES
    assert Pickles("part").read("name") == VALUE


@posix
def test_a_folder_that_others_may_write_is_taken_back_with_a_new_key(root: Path) -> None:
    Pickles("part").write("name", VALUE)
    root.chmod(0o777)
    assert Pickles("part").read("name") is None
    Pickles("part").write("name", VALUE)
    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    assert Pickles("part").read("name") == VALUE


@posix
def test_a_folder_of_somebody_else_is_neither_read_nor_written(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Pickles("part").write("name", VALUE)
    monkeypatch.setattr("os.geteuid", lambda: 12345)
    assert Pickles("part").read("name") is None
    Pickles("part").write("new", VALUE)
    assert sorted(path.name for path in root.rglob("*")) == ["key", "name.pickle", "part"]


def test_a_full_disk_leaves_nothing_and_stops_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Pickles("part").write("name", VALUE)

    def full(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    Pickles("part").write("name", "new")
    monkeypatch.setattr("os.replace", os.rename)
    assert Pickles("part").read("name") == VALUE
    assert sorted(path.name for path in root.rglob("*")) == ["key", "name.pickle", "part"]


def test_what_nobody_used_for_long_is_removed(root: Path) -> None:
    Pickles("part").write("name", VALUE)
    Pickles("fresh").write("name", VALUE)
    os.utime(entry(root), (0, 0))
    os.utime(root / "part", (0, 0))
    Pickles("new").write("name", VALUE)
    assert not entry(root).exists()
    assert Pickles("fresh").read("name") == Pickles("new").read("name") == VALUE


def test_without_a_home_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("CARNET_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pathlib.Path.home", homeless)
    Pickles("part").write("name", VALUE)
    assert Pickles("part").read("name") is None
