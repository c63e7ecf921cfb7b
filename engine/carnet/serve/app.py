# SPDX-License-Identifier: Apache-2.0
"""The application: routers below `/v1`, the web app beside them, and the guard around both."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Depends, FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from carnet import __version__
from carnet.serve import problems, web
from carnet.serve.api import (
    check,
    compare,
    document,
    fleet,
    health,
    jobs,
    law,
    plans,
    roadmap,
    work,
    work_lacks,
    work_reports,
)
from carnet.serve.context import Services, at_least
from carnet.serve.guard import login
from carnet.serve.guard.bodies import Bodies
from carnet.serve.guard.headers import SafeHeaders
from carnet.serve.guard.identify import TOOLS, Identify
from carnet.serve.guard.origins import Origins
from carnet.serve.guard.rates import Guesses, Rates
from carnet.serve.guard.watch import Watch
from carnet.serve.problems import Refused
from carnet.serve.settings import Settings
from carnet.serve.web.failing import error_page

QUICK = 40
STATIC = Path(web.__file__).parent / "static"


def create_app(settings: Settings | None = None, transport: Any = None) -> FastAPI:
    """An application for `uvicorn` or a test client; the law is read when it starts.

    transport: what carries requests to an OpenID Connect issuer, for tests.

    Raises:
        InputError: when it could be reached from elsewhere by anybody.
    """
    settings = settings or Settings()
    app = FastAPI(
        title="Carnet",
        version=__version__,
        summary="Checks a declared vehicle, service and company against the road law of the markets it wants to enter",
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        lifespan=_lifespan,
    )
    app.state.services = Services(settings)
    app.state.tell = error_page
    problems.install(app)
    v1 = APIRouter(prefix="/v1")
    for module in (check, compare, plans, roadmap, fleet, jobs, work, work_lacks, work_reports):
        v1.include_router(module.router, dependencies=[Depends(at_least("reader"))])
    for router in (law.router, health.router, work_lacks.partners):
        v1.include_router(router)
    app.include_router(v1)
    document.install(app)
    app.include_router(web.router, include_in_schema=False, dependencies=[Depends(at_least("reader"))])
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.state.assistant = Assistant(app.state.services)
    app.router.routes.append(Route(TOOLS, app.state.assistant, include_in_schema=False))
    _guard(app, settings, transport)
    return app


class Assistant:
    """The tools for assistants at `/mcp`: an application of their own, made anew whenever the server starts."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._app: Any = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answer from now on, where the extra is installed."""
        if not self._services.settings.assistant or find_spec("mcp") is None:
            yield
            return
        from mcp.server.transport_security import TransportSecuritySettings

        from carnet.serve.assistant.server import create_server

        server = create_server(lambda: self._services.law, self._services.computing.turn)
        ours = TransportSecuritySettings(enable_dns_rebinding_protection=False)  # the guard knows the hosts
        self._app = server.streamable_http_app(streamable_http_path=TOOLS, stateless_http=True, transport_security=ours)
        async with server.session_manager.run():
            yield
        self._app = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            raise Refused(501, "not-installed", "the tools for assistants are not here", "install `carnet-law[mcp]`")
        await self._app(scope, receive, send)


def _guard(app: FastAPI, settings: Settings, transport: Any) -> None:
    """What a request passes through, the last line first."""
    app.add_middleware(Bodies, limits=settings.limits)
    app.add_middleware(Rates, per_minute=settings.limits.per_minute)
    app.add_middleware(Identify, settings=settings)
    if settings.openid:
        login.install(app, settings.openid, settings.secret or secrets.token_urlsafe(32), transport)
    app.add_middleware(Guesses)
    app.add_middleware(Origins, settings=settings)
    app.add_middleware(SafeHeaders)
    app.add_middleware(Watch)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Reads the law before the first request; as many threads as may wait, and some for what is quick."""
    services: Services = app.state.services
    limits = services.settings.limits
    anyio.to_thread.current_default_thread_limiter().total_tokens = limits.running + limits.waiting + QUICK
    await run_in_threadpool(services.check_ready)
    async with app.state.assistant.running():
        yield
    await run_in_threadpool(services.close)
