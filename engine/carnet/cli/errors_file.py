# SPDX-License-Identifier: Apache-2.0
"""All errors of a run in a file for programs, and for lists too long to be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from carnet.cli.output import write_whole
from carnet.errors import CarnetError, InputError, Place, Problems, os_reason

START = b'{\n "errors": ['


def write_errors(error: CarnetError, file: str) -> str:
    """Write `{"errors": [{file, line, column, path, message, hint}]}`, and return the line that says so."""
    errors = error.errors if isinstance(error, Problems) else (error,)
    raw = json.dumps({"errors": [_entry(each) for each in errors]}, indent=1, ensure_ascii=True)
    try:
        if Path(file).is_file() and not Path(file).read_bytes().startswith(START):
            raise InputError("holds something else and is not overwritten", Place(file), "name another file")
        write_whole(Path(file), f"{raw}\n".encode())
    except OSError as fault:
        return f"CARNET_ERRORS: {Place(file)}: cannot be written ({os_reason(fault)})"
    except InputError as fault:
        return f"CARNET_ERRORS: {fault}"
    return f"{len(errors)} error{'s' * (len(errors) != 1)} written to {Place(file)}"


def _entry(error: CarnetError) -> dict[str, Any]:
    """What is known of an error; a place that it has not is left out."""
    place = error.place
    where = {"file": place.file, "line": place.line, "column": place.column, "path": place.path} if place else {}
    return {key: value for key, value in {**where, "message": error.message, "hint": error.hint}.items() if value}
