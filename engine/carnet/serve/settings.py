# SPDX-License-Identifier: Apache-2.0
"""What `carnet serve` was told when it was started; nothing of it changes while it runs."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from carnet.errors import InputError

Role = Literal["reader", "editor", "admin", "partner"]
MIB = 1024 * 1024


class Limits(BaseModel):
    """Bounds on one request and on all of them together; each has an answer of its own when it is reached.

    body_bytes: of a JSON body; upload_bytes: of a file sent as it is.
    seconds: of computing for one request; job_seconds: for a job.
    patience: seconds after which a page that takes longer is answered by one that says so.
    running: computations at a time; waiting: those that may queue behind them.
    per_minute: requests of one caller.
    jobs_kept: jobs, those that ended included.
    sessions_kept: live assessments, of some ten megabytes each where all markets are asked for.
    cells: features of profiles times markets that are judged for one question.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    body_bytes: int = Field(default=4 * MIB, gt=0)
    upload_bytes: int = Field(default=32 * MIB, gt=0)
    seconds: float = Field(default=30.0, gt=0)
    job_seconds: float = Field(default=900.0, gt=0)
    patience: float = Field(default=1.0, gt=0)
    running: int = Field(default=2, gt=0)
    waiting: int = Field(default=64, ge=0)
    per_minute: int = Field(default=1200, gt=0)
    jobs_kept: int = Field(default=64, gt=0)
    sessions_kept: int = Field(default=64, ge=0)
    cells: int = Field(default=400, gt=0)


class Token(BaseModel):
    """A bearer token: only its SHA-256 is kept, so that a file of settings lets nobody in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    role: Role = "reader"
    partner: str = ""
    """Of the role `partner`: the name under which lacks are addressed to it."""


class Proxy(BaseModel):
    """A reverse proxy that says who is asking, believed only when the request comes from one of its addresses."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    addresses: tuple[str, ...] = Field(min_length=1)
    name_header: str = "x-forwarded-user"
    role_header: str = "x-forwarded-role"
    partner_header: str = "x-forwarded-partner"
    default_role: Role = "reader"

    @field_validator("addresses")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            ipaddress.ip_network(each, strict=False)
        return value

    def is_from(self, address: str) -> bool:
        """Whether a request comes from the proxy."""
        try:
            here = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(here in ipaddress.ip_network(each, strict=False) for each in self.addresses)


class OpenId(BaseModel):
    """OpenID Connect: the issuer, this client, and which claim names the role."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str = Field(pattern=r"^https://|^http://(127\.0\.0\.1|localhost)[:/]")
    client_id: str
    client_secret: str = Field(repr=False)
    role_claim: str = "carnet_role"
    partner_claim: str = "carnet_partner"
    default_role: Role = "reader"
    session_hours: int = Field(default=8, gt=0)


class Settings(BaseModel):
    """Where the server listens, what it keeps and where, who may ask, and how much."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    law: tuple[str, ...] = ()
    data: Path | None = None
    """The folder of kept work and evidence; None keeps nothing."""
    scratch: Path | None = None
    """The folder that the processes of one server share for what need not stay; None makes one for this process."""
    database: str = Field(default="", repr=False)
    """A `postgresql://` address in place of the file in `data`."""
    hosts: tuple[str, ...] = ()
    """Names that a browser may know this server by, besides those of loopback and `host` itself."""
    tokens: tuple[Token, ...] = ()
    proxy: Proxy | None = None
    openid: OpenId | None = None
    secret: str = Field(default="", repr=False)
    """Signs session cookies; made anew at each start when empty, so that sessions end with the process."""
    limits: Limits = Limits()
    assistant: bool = True
    """Whether assistants may ask at `/mcp`."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    workers: int = Field(default=1, gt=0)
    language: str = "en"

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def _is_anywhere(self) -> bool:
        """Whether it listens on every address of the machine, which is no name."""
        try:
            return not self.host or ipaddress.ip_address(self.host).is_unspecified
        except ValueError:
            return False

    @property
    def known_hosts(self) -> frozenset[str]:
        """The names by which a browser may call this server; another one is a trick."""
        return frozenset(name.lower() for name in ("localhost", "127.0.0.1", "[::1]", self.host, *self.hosts))

    def check(self) -> None:
        """Refuse to be reached from elsewhere by anybody, and to lose work.

        Raises:
            InputError: saying what is missing.
        """
        if self.database and self.data is None:
            raise InputError("a database is named, and no folder for the evidence beside it", hint="give `--data` too")
        if self.on_loopback:
            return
        if not (self.tokens or self.proxy or self.openid):
            hint = "give `--token`, an OpenID Connect issuer or a proxy in the settings, or listen on 127.0.0.1"
            raise InputError(f"`{self.host}` can be reached from elsewhere, and nothing says who may ask", hint=hint)
        if not self.hosts and self._is_anywhere:
            raise InputError(f"`{self.host}` is no name of this server", hint="name it with `--allow-host NAME`")

    @property
    def asks_who(self) -> bool:
        """Whether a request has to say who is asking."""
        return not self.on_loopback or bool(self.tokens or self.proxy or self.openid)
