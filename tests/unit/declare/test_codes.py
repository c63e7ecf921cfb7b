# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from carnet.declare.codes import item_fault

JURISDICTIONS = ("DE", "DE-BY", "EU")
APPROVALS = ("UN-R155", "UN-R157")


@pytest.mark.parametrize(
    ("kind", "item"),
    [
        ("country", "NO"),
        ("country", "XK"),
        ("language", "en"),
        ("language", "zh-Hant"),
        ("language", "gsw"),
        ("language", "Arab"),
        ("place", "DE-BY"),
        ("place", "EU"),
        ("place", "US-CA"),
        ("place", "Port of Jebel Ali"),
        ("place", "DEMUC"),
        ("approval", "UN-R157"),
        ("text", "anything"),
    ],
)
def test_codes_that_exist_pass(kind: str, item: str) -> None:
    assert item_fault(kind, item, JURISDICTIONS, APPROVALS) is None


@pytest.mark.parametrize(
    ("kind", "item", "hint"),
    [
        ("country", "UK", "did you mean `GB`?"),
        ("country", "usa", "did you mean `US`?"),
        ("country", "EU", "write an ISO 3166 code such as `DE`"),
        ("language", "DE", "did you mean `de`?"),
        ("language", "xx", "write an ISO 639 code such as `en`"),
        ("place", "eu", "did you mean `EU`?"),
        ("place", "UK-LND", "did you mean `GB-LND`?"),
        ("place", "QQ-1", "write an ISO 3166 code such as `DE-BY`"),
        ("approval", "UN-R15", "did you mean `UN-R15"),
    ],
)
def test_codes_that_do_not_exist_get_a_hint(kind: str, item: str, hint: str) -> None:
    fault = item_fault(kind, item, JURISDICTIONS, APPROVALS)
    assert fault is not None
    assert fault[0].startswith(f"`{item}` is not ")
    assert fault[1].startswith(hint)


def test_approvals_are_unchecked_where_none_are_known() -> None:
    assert item_fault("approval", "ANY") is None
