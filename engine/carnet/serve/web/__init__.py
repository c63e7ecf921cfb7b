# SPDX-License-Identifier: Apache-2.0
"""The web app: pages rendered on the server from the models that the reports are made of."""

from fastapi import APIRouter

from carnet.serve.web import (
    board,
    compare,
    downloads,
    edit,
    laws,
    market,
    plan,
    saved,
    shared_files,
    start,
    timeline,
    whatif,
)

router = APIRouter()
for module in (shared_files, start, board, compare, market, edit, whatif, plan, timeline, downloads, saved, laws):
    router.include_router(module.router)
