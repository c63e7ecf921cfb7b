# SPDX-License-Identifier: Apache-2.0
"""A release of the law as one file: made the same from the same text, signed, verified before anything of it is read.

The file is an uncompressed ZIP of `rules/` and `jurisdictions/`, a `manifest.json` with the hash of each file, and
`manifest.sig`, an Ed25519 signature of the manifest. Cases and templates stay out: they decide nothing. Translations
travel with it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from carnet.errors import LawError, Place
from carnet.law.locale.catalogue import files, languages
from carnet.law.locate import is_cases, law_files
from carnet.source import MAX_BYTES, read_file

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SCHEMA = 1
"""What this engine reads; a release that needs more says a higher number."""
KEYS = ("45eb567e0c0f3c1c7197a6743321edd56f0c6cfd7833530187055727ec440056",)
"""Public keys, in hexadecimal, of the keepers of the law; the private halves are in no repository."""
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
MAX_FILES, MAX_TOTAL = 5_000, 128 * 1024 * 1024
EPOCH = (1980, 1, 1, 0, 0, 0)
PARTS = ("rules", "jurisdictions")


class Manifest(NamedTuple):
    """What a release says of itself; `files` are hashes by path."""

    version: str
    as_of: str
    schema: int
    files: Mapping[str, str]

    @property
    def name(self) -> str:
        """The folder that it is kept in."""
        digest = hashlib.sha256("".join(f"{p}\0{h}\n" for p, h in sorted(self.files.items())).encode()).hexdigest()
        return f"{self.version}-{digest[:12]}"


class Release(NamedTuple):
    """A verified release: its manifest and the text of its files."""

    manifest: Manifest
    texts: Mapping[str, bytes]


def build(folder: Path, version: str, as_of: dt.date, private_key: bytes) -> bytes:
    """The law of a folder as a signed release.

    private_key: an Ed25519 key in PEM, without a password.

    Raises:
        LawError: when the key cannot be used.
    """
    key = signing_key(private_key)
    paths = [path for path in law_files(folder) if not is_cases(path)]
    paths += [path for language in languages() for path in files(language, folder)]
    texts = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    hashes = {name: hashlib.sha256(raw).hexdigest() for name, raw in sorted(texts.items())}
    head = {"version": version, "as_of": as_of.isoformat(), "schema": SCHEMA, "files": hashes}
    manifest = (json.dumps(head, indent=1, sort_keys=True) + "\n").encode()
    members = {MANIFEST: manifest, SIGNATURE: key.sign(manifest).hex().encode(), **dict(sorted(texts.items()))}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, raw in members.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, raw)
    return target.getvalue()


def signing_key(private_key: bytes, place: Place | None = None) -> Ed25519PrivateKey:
    """The key to sign with, from PEM without a password; see `build` for the errors."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    hint = "make one with `carnet law key`"
    try:
        key = load_pem_private_key(private_key, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise LawError("is no private key in PEM without a password", place, hint) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise LawError("is not an Ed25519 key", place, hint)
    return key


def new_key() -> tuple[bytes, str]:
    """A new private key in PEM, and the public one as it is pinned."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), public.hex()


def read_release(file: Path, keys: Sequence[str] = KEYS) -> Release:
    """A release, verified: its signature, the hash of every file, and that this engine can read it.

    keys: public keys in hexadecimal, any of which may have signed it.

    Raises:
        LawError: in one sentence, what is wrong with it.
    """
    place = Place(str(file))
    raw = read_file(file, MAX_TOTAL + MAX_FILES * 1024)  # names and places beside the texts; a pipe ends here too
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            texts = _members(archive, place)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error):
        raise LawError("is no release of the law", place, "get the file again") from None
    raw, signature = texts.pop(MANIFEST, b""), texts.pop(SIGNATURE, b"")
    if not _is_signed(raw, signature, keys):
        hint = "get it from its keeper, or name the key you trust in CARNET_LAW_KEYS"
        raise LawError("is not signed by a key that is trusted here", place, hint)
    manifest = _manifest(raw, place)
    found = {name: hashlib.sha256(text).hexdigest() for name, text in texts.items()}
    if found != dict(manifest.files):
        wrong = sorted(name for name in {*found, *manifest.files} if found.get(name) != manifest.files.get(name))
        raise LawError(f"does not hold what its manifest says (`{wrong[0]}`)", place, "get the file again")
    return Release(manifest, texts)


def trusted_keys() -> tuple[str, ...]:
    """The pinned keys, and those a company trusts itself: `CARNET_LAW_KEYS`, in hexadecimal, with commas."""
    own = os.environ.get("CARNET_LAW_KEYS", "")
    return (*KEYS, *(key.strip().lower() for key in own.split(",") if key.strip()))


def _members(archive: zipfile.ZipFile, place: Place) -> dict[str, bytes]:
    """The members, none of which is packed: nothing grows when it is read, before the signature was looked at."""
    infos = archive.infolist()
    if len(infos) > MAX_FILES or sum(info.file_size for info in infos) > MAX_TOTAL:
        raise LawError("is larger than a release can be", place, "get the file again")
    texts: dict[str, bytes] = {}
    for info in infos:
        path = PurePosixPath(info.filename)
        law = path.parts[:1] and path.parts[0] in PARTS and path.suffix == ".yaml" and ".." not in path.parts
        plain = path.as_posix() == info.filename and not path.is_absolute() and "\\" not in info.filename
        stored = info.compress_type == zipfile.ZIP_STORED and info.compress_size == info.file_size <= MAX_BYTES
        if info.filename in texts or not (plain and stored) or not (law or info.filename in (MANIFEST, SIGNATURE)):
            raise LawError(f"holds `{info.filename[:60]}`, which is no file of law", place, "get the file again")
        texts[info.filename] = archive.read(info)
    return texts


def _is_signed(raw: bytes, signature: bytes, keys: Sequence[str]) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    for key in keys:
        try:
            public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
            public.verify(bytes.fromhex(signature.decode("ascii")), raw)
        except (InvalidSignature, ValueError):
            continue
        return True
    return False


def _manifest(raw: bytes, place: Place) -> Manifest:
    try:
        data = json.loads(raw)
        manifest = Manifest(str(data["version"]), str(data["as_of"]), int(data["schema"]), dict(data["files"]))
    except (ValueError, KeyError, TypeError):
        raise LawError("has a manifest that cannot be read", place, "get the file again") from None
    if manifest.schema > SCHEMA:
        message = f"needs an engine that reads schema {manifest.schema} of the law, this one reads {SCHEMA}"
        raise LawError(message, place, "install a newer Carnet")
    return manifest
