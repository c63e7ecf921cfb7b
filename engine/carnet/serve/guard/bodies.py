# SPDX-License-Identifier: Apache-2.0
"""Bodies of requests: how large, how deep, how long in coming, and JSON in which no key stands twice."""

from __future__ import annotations

import asyncio
import json
import math
import re
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from carnet.errors import shown
from carnet.serve.problems import Refused, problem_of, refusal
from carnet.serve.settings import Limits
from carnet.source import MAX_DEPTH

DEEPEST = MAX_DEPTH + 8
"""Levels of a body: those of a profile, and of what stands around it."""
_TEXTS = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_BRACKET = re.compile(rb"[\[{\]}]")


class Bodies:
    """Reads a JSON body whole and checks it before anything else does; counts what other bodies bring."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app, self._limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_json = _is_json(headers.get("content-type", ""))
        limit = self._limits.body_bytes if is_json else self._limits.upload_bytes
        try:
            if int(headers.get("content-length") or 0) > limit:
                raise too_large(limit)
            again = await self._checked(receive, limit) if is_json else self._counted(receive, limit)
        except Refused as error:
            await refusal(Request(scope), error)(scope, receive, send)
            return
        except ValueError:
            await problem_of(Refused(400, "body", "`content-length` is no number"))(scope, receive, send)
            return
        started = False

        async def noticed(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, again, noticed)
        except Refused as error:
            if started:
                raise
            await refusal(Request(scope), error)(scope, receive, send)

    async def _checked(self, receive: Receive, limit: int) -> Receive:
        parts, more, size = [], True, 0
        counted = self._counted(receive, limit)
        while more:
            message = await counted()
            if message["type"] != "http.request":
                return _once(message)
            part = message.get("body", b"")
            size += len(part)
            parts.append(part)
            more = message.get("more_body", False)
        body = b"".join(parts)
        if body:
            await asyncio.to_thread(check_json, body)
        return _once({"type": "http.request", "body": body, "more_body": False}, receive)

    def _counted(self, receive: Receive, limit: int) -> Receive:
        """The body as it comes, refused when it is too large or too slow."""
        size = 0
        ends = asyncio.get_running_loop().time() + self._limits.seconds
        over = False

        async def counted() -> Message:
            nonlocal size, over
            if over:
                return await receive()
            left = ends - asyncio.get_running_loop().time()
            try:
                message = await asyncio.wait_for(receive(), max(left, 0.01))
            except TimeoutError:
                raise Refused(408, "body-time", "the body did not arrive in time", "send it faster") from None
            size += len(message.get("body", b""))
            if size > limit:
                raise too_large(limit)
            over = not message.get("more_body", False)
            return message

        return counted


def _once(message: Message, then: Receive | None = None) -> Receive:
    waiting = [message]

    async def receive() -> Message:
        if waiting:
            return waiting.pop()
        return await then() if then else {"type": "http.disconnect"}

    return receive


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def too_large(limit: int) -> Refused:
    return Refused(413, "body-size", f"the body is larger than {limit // 1024} KiB", "send less at once")


def check_json(body: bytes) -> None:
    """Refuse JSON that is nested too deep, says a thing twice, or is none.

    Raises:
        Refused: saying which.
    """
    depth = deepest = 0
    for bracket in _BRACKET.finditer(_TEXTS.sub(b"", body)):
        depth += 1 if bracket[0] in b"[{" else -1
        deepest = max(deepest, depth)
        if deepest > DEEPEST:
            hint = "remove some brackets"
            raise Refused(422, "depth", f"the body is nested deeper than {DEEPEST} levels", hint)
    try:
        json.loads(body.decode("utf-8"), object_pairs_hook=_once_each, parse_constant=_no_number, parse_float=_finite)
    except UnicodeDecodeError:
        raise Refused(400, "body", "the body is not UTF-8 text", "send JSON in UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise Refused(400, "body", f"the body is not JSON ({' '.join(str(error).split())[:200]})") from None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Refused(422, "twice", f"the body has the key {shown(twice)} twice", "keep one of them")
    for text in found:
        _whole(text)
    for value in found.values():
        if isinstance(value, str):
            _whole(value)
    return found


def _whole(text: str) -> None:
    """Refuse halves of characters, which no answer could repeat."""
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise Refused(422, "text", f"the body has half of a character in {shown(text)}", "write the character itself")


def _no_number(name: str) -> None:
    raise Refused(422, "number", f"the body has `{name}`, which is no JSON", "write a number or null")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Refused(422, "number", f"the number {shown(text)} is too large", "write a smaller one")
    return number
