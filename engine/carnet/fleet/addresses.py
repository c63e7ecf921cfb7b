# SPDX-License-Identifier: Apache-2.0
"""Addresses of databases: taken apart for their drivers, and as they may be shown, which is without any password.

An address that cannot be taken apart cleanly is not shown at all, and neither is what a driver says of it, since a
password that is spelled in an unexpected way might stand in either.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from carnet.errors import InputError, shown

FILES = ("sqlite", "duckdb")
SERVERS = ("postgres", "postgresql", "mysql")
KINDS = (*FILES, *SERVERS)
_OTHER_NAMES = {
    "dbname": "database",
    "db": "database",
    "passwd": "password",
    "hostaddr": "host",
    "socket": "unix_socket",
}
_PLAIN = ("host", "port", "user", "database", "unix_socket")
_SUSPICIOUS = re.compile(r":[^@]*@|(pass|pwd|secret|token|key)\w*\s*=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """A database on a server and a table in it.

    parts: what the address says, by the names of `mysql`: host, port, user, password, database, unix_socket.
    """

    kind: str
    raw: str
    table: str
    parts: Mapping[str, str]

    def __str__(self) -> str:
        """The address without password and without options."""
        parts = {name: self.parts[name] for name in _PLAIN if name in self.parts}
        return f"{self.kind}:{' '.join(f'{name}={value}' for name, value in parts.items())}#{self.table}"

    def without_secrets(self, text: str) -> str:
        """What a driver says, with whatever the address holds besides these parts left out."""
        for secret in sorted(self._secrets(), key=len, reverse=True):
            text = text.replace(secret, "***")
        return text

    def _secrets(self) -> set[str]:
        hidden = {value for name, value in self.parts.items() if name not in _PLAIN}
        return {form for value in hidden for form in (value, unquote(value)) if form}


def server_address(kind: str, rest: str) -> Address:
    """Take `<address>#<table>` apart; the address is a URI or `host=... user=...`.

    Raises:
        InputError: when that cannot be done without doubt; nothing of the address is in the message.
    """
    raw, _, table = rest.rpartition("#")
    if not raw or not table or not re.fullmatch(r"[\w. $-]+", table):
        raise InputError(f"the address `{kind}:...` names no table", hint=f"write `{kind}:<database>#<table>`")
    parts = _of_uri(raw) if raw.startswith("//") or "://" in raw else _of_words(raw)
    if parts is None:
        hint = (
            "write `//user@host:port/database` or `host=... user=... dbname=...`, a password with % for odd characters"
        )
        raise InputError(f"the address `{kind}:...` cannot be understood", hint=hint)
    return Address(kind, raw, table, parts)


def _of_uri(raw: str) -> dict[str, str] | None:
    try:
        uri = urlsplit(raw if "://" in raw else f"x:{raw}")
        port = uri.port
    except ValueError:
        return None
    odd = uri.netloc.count("@") > 1 or "@" in f"{uri.path}{uri.query}" or uri.path.count("/") > 1 or "#" in raw
    if odd:  # a password with one of the marks that part an address
        return None
    stated = {"host": uri.hostname, "port": str(port or ""), "user": uri.username, "password": uri.password}
    stated["database"] = uri.path.lstrip("/")
    found = {name: unquote(value) for name, value in stated.items() if value}
    for name, value in parse_qsl(uri.query, keep_blank_values=True):
        found.setdefault(_OTHER_NAMES.get(name, name), value)
    return found


def _of_words(raw: str) -> dict[str, str] | None:
    try:
        words = shlex.split(raw)
    except ValueError:
        return None
    found = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.isidentifier():
            return None
        found[_OTHER_NAMES.get(name.lower(), name.lower())] = value
    return found


def masked(name: str) -> str:
    """The name of a table as a message may show it: nothing that looks as if a password could stand in it."""
    kind, colon, rest = name.partition(":")
    if colon and kind.lower() in FILES and "://" not in name:
        return shown(name, 200)
    if colon and kind.lower() in SERVERS:
        try:
            return shown(str(server_address(kind.lower(), rest)), 200)
        except InputError:
            return f"`{kind}:...`"
    if _SUSPICIOUS.search(name):
        return f"`{kind if colon and kind.isalnum() and len(kind) < 16 else ''}...`"
    return shown(name, 200)
