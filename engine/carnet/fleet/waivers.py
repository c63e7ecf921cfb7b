# SPDX-License-Identifier: Apache-2.0
"""Waivers of a table's rows, written as in a profile: a list of `{rule, reason, by, until}`, in text as JSON."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from carnet.assess.check import check_waivers
from carnet.declare.profile import Profile
from carnet.declare.reading import waiver_holds
from carnet.declare.values import Names
from carnet.errors import CarnetError
from carnet.fleet.arrow_types import is_text
from carnet.fleet.clean import Faults
from carnet.fleet.header import WAIVERS
from carnet.law.law import Law
from carnet.logic.columnar.bitmaps import Bits, pack, zeros

TEXTS = pa.dictionary(pa.int32(), pa.string())


class WaiverReader:
    """Reads the column `waivers`; remembers what it read, since the same waivers recur."""

    def __init__(self, law: Law, names: Names) -> None:
        self._law = law
        self._names = names
        self._read: dict[str, tuple[str | None, str]] = {}

    def read(self, array: pa.Array, faults: Faults) -> pa.Array:
        """Each row's waivers as a text that `waived` understands; null where there is none."""
        texts = is_text(array.type)
        found: list[str | None] = []
        for row, raw in enumerate(array.to_pylist()):
            text, fault = self._one(raw, texts) if raw else (None, "")
            found.append(text)
            if fault:
                faults.add([row], WAIVERS, fault)
        return pa.array(found, pa.string()).dictionary_encode()

    def _one(self, raw: Any, is_json: bool) -> tuple[str | None, str]:
        key = raw if is_json else repr(raw)
        if key not in self._read:
            try:
                self._read[key] = self._parse(json.loads(raw) if is_json else raw), ""
            except (ValueError, RecursionError):
                self._read[key] = None, 'is no JSON; write `[{"rule": ..., "reason": ..., "by": ..., "until": ...}]`'
            except CarnetError as error:
                self._read[key] = None, "; ".join(str(error).splitlines()).replace("<row>: ", "")
        return self._read[key]

    def _parse(self, data: Any) -> str | None:
        names = self._names
        known = {"approvals": names.approvals, "jurisdictions": names.jurisdictions}
        profile = Profile.from_dict({WAIVERS: data}, names.vocabulary, name="<row>", **known)
        check_waivers(self._law, profile)
        until = {waiver.rule: str(waiver.until) for waiver in profile.waivers}
        return json.dumps(until) if until else None


def waived(texts: pa.Array | None, day: dt.date, rows: int) -> Mapping[str, Bits]:
    """Where each rule is waived on a day."""
    found: dict[str, Bits] = {}
    if texts is None or texts.null_count == rows:
        return found
    codes = texts.indices.fill_null(-1).to_numpy()
    for code, text in enumerate(texts.dictionary.to_pylist()):
        here = pack(codes == code)
        for rule, until in json.loads(text).items():
            if waiver_holds(dt.date.fromisoformat(until), day):
                found[rule] = found.get(rule, zeros(rows)) | here
    return {rule: bits for rule, bits in found.items() if np.any(bits)}
