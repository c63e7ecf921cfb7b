# SPDX-License-Identifier: Apache-2.0
"""Where a market's tile lies, so that the tiles together look like a map of the world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

_MAP = """
.     .     .     .     .  .  IS     .    .    NO    SE    FI .  .     .  .     .  .     .     .  .
CA-BC CA    CA-ON CA-QC .  .  GB-NIR GB   .    DK    .     EE .  .     .  .     .  .     .     .  .
.     .     US    .     .  .  IE     .    NL   DE-HH PL    LV .  .     .  KZ    .  .     .     .  .
US-CA US-NV .     US-NY .  .  .      BE   .    DE    CZ    LT .  .     .  UZ    .  CN-BJ KR    JP .
.     US-AZ US-TX US-GA .  .  FR     .    LU   DE-BY SK    UA .  .     .  .     CN CN-SH .     .  .
.     MX    .     US-FL .  PT ES     .    CH   LI    AT    HU RO .     .  .     .  CN-GD TW    .  .
.     .     .     .     .  .  .      .    IT   SI    HR    RS BG TR    GE .     .  MO    HK    .  .
.     .     CO    .     .  .  .      .    MT   GR    CY    IL JO KW    .  IN    .  TH    VN    PH .
.     .     .     BR    .  .  MA     .    .    .     EG    SA QA BH    .  .     .  .     KH    .  .
.     .     CL    AR    .  .  .      NG   .    ET    .     AE-AZ AE AE-DU OM .  .  MY    SG    BN .
.     .     .     .     .  .  .      .    RW   KE    .     .  .  .     .  .     .  ID    .     .  .
.     .     .     .     .  .  .      .    ZA   .     .     .  .  .     .  .     AU-SA AU AU-NSW .  .
.     .     .     .     .  .  .      .    .    .     .     .  .  .     .  .     .  AU-VIC .    .  NZ
"""


class Spot(NamedTuple):
    """A column and a row, from 0."""

    x: int
    y: int


SPOTS: Mapping[str, Spot] = {
    code: Spot(x, y)
    for y, line in enumerate(_MAP.strip().splitlines())
    for x, code in enumerate(line.split())
    if code != "."
}
COLUMNS = 1 + max(spot.x for spot in SPOTS.values())
ROWS = 1 + max(spot.y for spot in SPOTS.values())
REST = 6
"""Rows below the map for markets that it does not know, as a company's own packs may add."""


def spots(codes: Iterable[str]) -> dict[str, Spot]:
    """A spot for each market, those that the map does not know in rows below it, in the order of the map's rows."""
    known = list(codes)
    unknown = [code for code in known if code not in SPOTS]
    placed = {code: SPOTS[code] for code in known if code in SPOTS}
    below = {code: Spot(place % COLUMNS, ROWS + min(place // COLUMNS, REST - 1)) for place, code in enumerate(unknown)}
    return placed | below
