# SPDX-License-Identifier: Apache-2.0
"""An answer before it is sent: bytes of a kind, with the tag of the question that they answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from carnet.assess.model import Receipt
from carnet.report.inert import to_json
from carnet.report.plain import plain


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of a response and what is said about it."""

    body: bytes
    media_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200

    @classmethod
    def data(cls, data: Any) -> Answer:
        """Plain data or records as JSON, with texts that nothing runs or reorders."""
        return cls(to_json(plain(data), indent=1).encode())

    @classmethod
    def of(cls, response: Response) -> Answer:
        return cls(bytes(response.body), response.media_type or "", {}, response.status_code)

    def response(self, **headers: str) -> Response:
        return Response(self.body, self.status, {**self.headers, **headers}, self.media_type)


def tag_of(operation: str, receipts: Iterable[Receipt], asked: Any) -> str:
    """The entity tag of a question: which law, engine, profile and day, and whatever else was asked."""
    text = json.dumps([operation, *map(list, receipts), plain(asked)], sort_keys=True, default=str)
    return f'"{hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]}"'


def matches(if_none_match: str | None, tag: str) -> bool:
    """Whether the client has this answer already."""
    given = [each.strip().removeprefix("W/") for each in (if_none_match or "").split(",")]
    return tag in given
