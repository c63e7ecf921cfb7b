# SPDX-License-Identifier: Apache-2.0
"""What every shape of a pack file is made of: strict models, and the citation of a place in a text."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from carnet.law.words import Address, Text


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)


class CiteSpec(Model):
    instrument: Text
    provision: str = ""
    url: Address | None = None
