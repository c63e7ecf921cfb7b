# SPDX-License-Identifier: Apache-2.0
"""A report's receipt names the bytes that were evaluated, whatever the cache remembers."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import time
from pathlib import Path

import pytest
from law_folder import LawFolder, rule

from carnet.api import Law
from carnet.errors import CarnetError, LawError
from carnet.law import cache
from carnet.law.locate import law_files, walk_law

BODY = "requires: {automation.sae_level: {lte: %d}}"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARNET_CACHE", str(tmp_path / "cache"))


def digest(folder: Path) -> str:
    found = hashlib.sha256()
    for path in law_files(folder):
        raw = path.read_bytes()
        found.update(f"{path.relative_to(folder).as_posix()}\0{len(raw)}\0".encode())
        found.update(raw)
    return found.hexdigest()


def limit(law: Law) -> str:
    return repr(law.rule("qq.one").requires)


@pytest.mark.parametrize("kept", ["nothing", "size", "size and time"])
def test_a_pack_that_changed_is_read_again(kept: str, law: LawFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    if kept == "size and time":  # long enough ago to be remembered
        monkeypatch.setattr(cache, "SETTLED_NS", 0)
    path = law.rules(rule("qq.one", BODY % 3))
    before = Law.open([law.root])
    assert (before.sha256, Law.open([law.root]).sha256) == (digest(law.root), before.sha256)
    state = path.stat()
    law.rules(rule("qq.one", BODY % (4 if kept != "nothing" else 5)))
    if kept == "size and time":
        os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
        assert (path.stat().st_size, path.stat().st_mtime_ns) == (state.st_size, state.st_mtime_ns)
    after = Law.open([law.root])
    assert after.sha256 == digest(law.root) != before.sha256
    assert limit(after) != limit(before)


def test_unchanged_law_is_not_read_again(law: LawFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    law.rules(rule("qq.one", BODY % 3))
    now = time.time_ns() + 10 * cache.SETTLED_NS
    monkeypatch.setattr("time.time_ns", lambda: now)
    before = Law.open([law.root])

    def fail(*args: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr("carnet.law.cache.read_file", fail)
    again = Law.open([law.root])
    assert (again.sha256, limit(again)) == (before.sha256, limit(before))


def test_what_is_hashed_is_what_is_compiled(law: LawFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack that changes between the hash and the compilation: the hash follows what was compiled."""
    law.rules(rule("qq.one", BODY % 3))
    stale = cache.content_hash([law.root])
    law.rules(rule("qq.one", BODY % 4))
    monkeypatch.setattr("carnet.law.law.content_hash", lambda folders: stale)
    opened = Law.open([law.root])
    assert opened.sha256 == digest(law.root) != stale
    monkeypatch.undo()


def test_the_same_relative_name_in_two_projects(law: LawFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    law.rules(rule("qq.one", BODY % 3))
    other = LawFolder(law.root.parent / "other" / "law")
    shutil.copytree(law.root, other.root)
    for path in law_files(law.root):  # same sizes and times, as a copy of a project has them
        twin = other.root / path.relative_to(law.root)
        os.utime(twin, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    rules = other.rules(rule("qq.one", BODY % 4))
    own = law.root / "jurisdictions/QQ/rules.yaml"
    os.utime(rules, ns=(own.stat().st_atime_ns, own.stat().st_mtime_ns))
    found = []
    for project in (law.root.parent, other.root.parent, law.root.parent):
        monkeypatch.chdir(project)
        opened = Law.open([Path("law")])
        assert opened.sha256 == digest(project / "law")
        found.append(limit(opened))
    assert found[0] == found[2] != found[1]


def test_the_same_law_in_two_folders_names_its_own_files(law: LawFolder) -> None:
    law.rules(rule("qq.one", BODY % 3))
    other = law.root.parent / "twin"
    shutil.copytree(law.root, other)
    first, second = Law.open([law.root]), Law.open([other])
    assert first.sha256 == second.sha256
    assert second.rule("qq.one").place.file == str(other / "jurisdictions" / "QQ" / "rules.yaml")


def test_law_in_use_is_found_from_another_working_directory(law: LawFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    law.rules(rule("qq.one", BODY % 3))
    monkeypatch.chdir(law.root.parent)
    Law.open([Path("law")])
    opened = Law.open([Path("law")])
    shutil.rmtree(law.root.parent / "cache")
    monkeypatch.chdir("/")
    assert opened.rule("qq.one").id == "qq.one"


def test_law_that_changed_while_in_use_is_never_mixed(law: LawFolder) -> None:
    law.rules(rule("qq.one", BODY % 3))
    Law.open([law.root])
    opened = Law.open([law.root])
    shutil.rmtree(law.root.parent / "cache")
    law.rules(rule("qq.one", BODY % 4))
    with pytest.raises(LawError, match="the law was changed while it was in use; load it again"):
        opened.rule("qq.one")


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "x.yaml")
    return folder / "x.yaml"


def _socket(folder: Path) -> Path:
    server = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(folder)  # names of sockets are short
    server.bind("x.yml")
    os.chdir(here)
    server.close()
    return folder / "x.yml"


def _loop(folder: Path) -> Path:
    (folder / "loop").symlink_to(folder.parent)
    return folder / "loop"


def _nothing(folder: Path) -> Path:
    (folder / "gone.yaml").symlink_to(folder / "nowhere")
    return folder / "gone.yaml"


@pytest.mark.skipif(os.name == "nt", reason="no such files there")
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_pipe, "is not a regular file"),
        (_socket, "is not a regular file"),
        (_loop, "is a link to a folder above it"),
        (_nothing, "is a link to nothing"),
    ],
)
def test_what_is_no_file_is_refused(make: object, message: str, law: LawFolder) -> None:
    path = make(law.root / "jurisdictions" / "QQ")  # type: ignore[operator]
    with pytest.raises(CarnetError) as error:
        Law.open([law.root])
    assert str(error.value).startswith(f"{path}: {message}")


def test_a_folder_that_cannot_be_listed(law: LawFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(path: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.scandir", denied)
    with pytest.raises(LawError, match=r"jurisdictions: cannot be read \(permission denied\)"):
        walk_law(law.root)


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_name_that_is_not_utf8(law: LawFolder) -> None:
    odd = os.fsdecode(os.fsencode(law.root) + b"/jurisdictions/QQ/n\xff.yaml")
    Path(odd).write_text("rules:\n" + rule("qq.one", BODY % 3), encoding="utf-8")
    assert Law.open([law.root]).rule("qq.one").place.file == odd
    assert Law.open([law.root]).rule("qq.one").place.file == odd


@pytest.mark.parametrize("name", ["\0", "x" * 5000, "a.yaml"])
def test_a_name_that_is_no_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("name: x\n", encoding="utf-8")
    with pytest.raises(LawError):
        Law.open([tmp_path / name])
