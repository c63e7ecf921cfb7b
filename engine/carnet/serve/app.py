# SPDX-License-Identifier: Apache-2.0
"""The application: routers below `/v1`, the web app beside them, and the guard around both."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Depends, FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool

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
from carnet.serve.guard.identify import Identify
from carnet.serve.guard.origins import Origins
from carnet.serve.guard.rates import Guesses, Rates
from carnet.serve.guard.watch import Watch
from carnet.serve.settings import Settings

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
    app.state.assistant = _mount_assistant(app)
    _guard(app, settings, transport)
    return app


def _mount_assistant(app: FastAPI) -> Any:
    """The tools for assistants at `/mcp`, where the extra is installed."""
    if find_spec("mcp") is None:
        return None
    from mcp.server.transport_security import TransportSecuritySettings

    from carnet.serve.assistant.server import create_server

    services: Services = app.state.services
    server = create_server(lambda: services.law, services.computing.turn)
    ours = TransportSecuritySettings(enable_dns_rebinding_protection=False)  # the guard knows the hosts
    made = server.streamable_http_app(streamable_http_path="/mcp", stateless_http=True, transport_security=ours)
    app.router.routes.extend(made.routes)
    return server


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
    async with AsyncExitStack() as stack:
        if app.state.assistant is not None:
            await stack.enter_async_context(app.state.assistant.session_manager.run())
        yield
    await run_in_threadpool(services.close)
