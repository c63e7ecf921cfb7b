# SPDX-License-Identifier: Apache-2.0
"""The law as it can be read: markets."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from carnet.serve.context import Here

router = APIRouter(tags=["law"])


class MarketHead(BaseModel):
    """A market that can be checked."""

    market: str
    name: str
    kind: str
    parent: str | None


@router.get("/markets")
def markets(here: Here) -> list[MarketHead]:
    """Every market that can be checked."""
    heads = [here.law.head(code) for code in here.law.markets()]
    return [MarketHead(market=head.id, name=head.name, kind=head.kind, parent=head.parent or None) for head in heads]
