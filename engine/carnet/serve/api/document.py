# SPDX-License-Identifier: Apache-2.0
"""The API's document (OpenAPI 3.1): what FastAPI writes, the report's schema and answers of many formats."""

from __future__ import annotations

import copy
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from carnet.report.json import schema
from carnet.serve.api import models
from carnet.serve.problems import Problem

MODELS = (models.Matrix, models.TimelineModel, models.DifferenceModel, models.ReceiptHolder, models.Described, Problem)
PREFIX = "Report"


def install(app: FastAPI) -> None:
    """Let the application describe itself so."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=(
            "Answers are no legal advice. Every answer carries a receipt: engine, law and profile, by which it can be "
            "made again."
        ),
        openapi_version="3.1.0",
        routes=app.routes,
        tags=[{"name": "profiles"}, {"name": "plans"}, {"name": "law"}, {"name": "jobs"}, {"name": "server"}],
    )
    components = made.setdefault("components", {}).setdefault("schemas", {})
    _, definitions = models_json_schema(
        [(model, "serialization") for model in MODELS], ref_template="#/components/schemas/{model}"
    )
    components.update(definitions.get("$defs", {}))
    components.update(_report())
    for path in made["paths"].values():
        for operation in path.values():
            for status, response in operation.get("responses", {}).items():
                if status == "422":  # ours, not FastAPI's own shape
                    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
                    response["content"] = {"application/problem+json": problem}
    for name in ("HTTPValidationError", "ValidationError"):
        components.pop(name, None)
    made["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    made["security"] = [{}, {"token": []}]
    return made


def _report() -> dict[str, Any]:
    """The report's schema as components: its definitions get names of their own."""
    whole = _renamed(copy.deepcopy(schema()))
    definitions = whole.pop("$defs")
    whole.pop("$schema")
    return {"Report": whole, **{_name(name): {"title": _name(name), **each} for name, each in definitions.items()}}


def _name(name: str) -> str:
    return PREFIX + "".join(part.capitalize() for part in name.split("_"))


def _renamed(data: Any) -> Any:
    if isinstance(data, dict):
        found = {key: _renamed(value) for key, value in data.items()}
        if isinstance(ref := data.get("$ref"), str):
            found["$ref"] = f"#/components/schemas/{_name(ref.removeprefix('#/$defs/'))}"
        return found
    return [_renamed(item) for item in data] if isinstance(data, list) else data
