# SPDX-License-Identifier: Apache-2.0
"""What is seen of the server from outside: a line of the log for each request, and numbers for Prometheus.

Neither holds a query, a body or an address of a caller.
"""

from __future__ import annotations

import json
import logging
import os
import time
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from carnet.serve.problems import LOG

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder in which the processes of one server add up their numbers."""
ACCESS = logging.getLogger("carnet.serve.access")
LABELS = ("method", "route", "status")
BUCKETS = (0.01, 0.03, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)
REQUESTS = Counter("carnet_requests_total", "Requests answered", LABELS)
SECONDS = Histogram("carnet_request_seconds", "Time until an answer was sent", ("route",), buckets=BUCKETS)
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "color_message"}


class Watch:
    """Counts requests and writes a line about each."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            took = time.perf_counter() - start
            route = _route(scope)
            method = scope["method"] if scope["method"] in METHODS else "other"
            REQUESTS.labels(method, route, str(status)).inc()
            SECONDS.labels(route).observe(took)
            me = scope.get("carnet.identity")
            more = {"method": method, "route": route, "status": status, "ms": round(took * 1000, 1)}
            ACCESS.info("request", extra={**more, "who": me.name if me else ""})


def _route(scope: Scope) -> str:
    """The pattern of the path that answered, so that numbers are few and no name of a profile is among them."""
    found = getattr(scope.get("route"), "path", None)
    if found is None:
        return "other"
    return f"/v1{found}" if scope["path"].startswith("/v1/") and not found.startswith("/v1") else str(found)


METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH")


def numbers() -> tuple[bytes, str]:
    """What Prometheus reads, of all processes of this server."""
    if SHARED not in os.environ:
        return generate_latest(), CONTENT_TYPE_LATEST
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry), CONTENT_TYPE_LATEST


class Json(logging.Formatter):
    """A line of JSON for each record."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.getMessage(),
        }
        line |= {name: value for name, value in record.__dict__.items() if name not in _STANDARD}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def log_to_stderr(level: str = "INFO") -> None:
    """Write lines of JSON to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(Json())
    LOG.handlers = [handler]
    LOG.setLevel(level)
    LOG.propagate = False
    other = logging.getLogger("uvicorn")
    other.handlers, other.propagate = [handler], False
    other.setLevel("WARNING")
