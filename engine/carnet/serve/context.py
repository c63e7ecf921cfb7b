# SPDX-License-Identifier: Apache-2.0
"""What a request can reach: the law, what is kept, and who is asking.

@router.get("/...")
def page(here: Here, me: Me) -> ...:
    here.law, here.settings; me.name, me.role
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from carnet.api import Law, load_law
from carnet.serve.settings import Role, Settings


@dataclass
class Services:
    """What lives as long as the process."""

    settings: Settings
    _law: Law | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def law(self) -> Law:
        """The law that answers; read once."""
        with self._lock:
            if self._law is None:
                self._law = load_law(*self.settings.law)
            return self._law


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking: `via` is loopback, token, proxy or openid."""

    name: str
    role: Role
    via: str


def services(request: Request) -> Services:
    found = request.app.state.services
    assert isinstance(found, Services)
    return found


def identity(request: Request) -> Identity:
    """Who is asking, as the guard found out."""
    found = request.scope["carnet.identity"]
    assert isinstance(found, Identity)
    return found


Here = Annotated[Services, Depends(services)]
Me = Annotated[Identity, Depends(identity)]
