# SPDX-License-Identifier: Apache-2.0
"""Codes that the items of an open set or text must be: countries, languages, places, approvals.

Places are checked only as far as they look like codes, since an operating area may also be a name.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from carnet.errors import shown, suggest

COUNTRIES = frozenset(  # ISO 3166-1 alpha-2, and XK as used for Kosovo
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
    JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
    MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
    TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
    """.split()  # noqa: SIM905
)
LANGUAGES = frozenset(  # ISO 639-1
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el
    en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu
    ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na
    nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so
    sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """.split()  # noqa: SIM905
)
_MISTAKEN = {"UK": "GB", "EL": "GR", "UAE": "AE", "USA": "US", "KSA": "SA", "PRC": "CN", "ROK": "KR"}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
_SCRIPT = re.compile(r"[A-Z][a-z]{3}\Z")  # ISO 15924
_PLACE_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,6})*\Z")

Fault = tuple[str, str]
"""What is wrong with an item, to follow its name in a sentence, and what to try."""


def item_fault(
    kind: str, item: str, jurisdictions: Collection[str] | None = None, approvals: Collection[str] | None = None
) -> Fault | None:
    """What is wrong with an item of this kind; known jurisdictions are places, known approvals must be named."""
    if kind == "country":
        return _country(item)
    if kind == "language":
        return _language(item)
    if kind == "place":
        return _place(item, jurisdictions or ())
    if kind == "approval" and approvals is not None and item not in approvals:
        return f"{shown(item)} is not a known approval", suggest(item[:60], approvals)
    return None


def _country(item: str) -> Fault | None:
    if item in COUNTRIES:
        return None
    meant = _MISTAKEN.get(item.upper()) or (item.upper() if item.upper() in COUNTRIES else "")
    hint = f"did you mean `{meant}`?" if meant else "write an ISO 3166 code such as `DE`"
    return f"{shown(item)} is not a country code", hint


def _language(item: str) -> Fault | None:
    first = item.partition("-")[0]
    if _SCRIPT.match(item) or (_LANGUAGE.match(item) and (first in LANGUAGES or len(first) == 3)):
        return None
    meant = item.lower() if item.lower() in LANGUAGES else ""
    hint = f"did you mean `{meant}`?" if meant else "write an ISO 639 code such as `en`"
    return f"{shown(item)} is not a language code", hint


def _place(item: str, jurisdictions: Collection[str]) -> Fault | None:
    if item in jurisdictions:
        return None
    if item.upper() in jurisdictions or (item.upper() in COUNTRIES and item != item.upper()):
        return f"{shown(item)} is not written as a code", f"did you mean `{item.upper()}`?"
    if _PLACE_CODE.match(item) and item[:2] not in COUNTRIES:
        meant = _MISTAKEN.get(item[:2])
        hint = f"did you mean `{meant}{item[2:]}`?" if meant else "write an ISO 3166 code such as `DE-BY`"
        return f"{shown(item)} is not in a country", hint
    return None
