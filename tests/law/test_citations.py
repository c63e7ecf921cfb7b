# SPDX-License-Identifier: Apache-2.0
"""Citations read as a lawyer would write them, also by someone who sees one row only."""

from __future__ import annotations

import pytest

import carnet
from carnet.law.model import Cite


@pytest.mark.parametrize(
    ("provision", "read"),
    [
        ("§ 1d(3)", "StVG § 1d(3)"),
        ("Art. 3; annex", "StVG Art. 3; annex"),
        ("Annex II No. 1", "StVG Annex II No. 1"),
        ("provision not identified", "StVG, provision not identified"),
        ("", "StVG"),
    ],
)
def test_instrument_and_provision(provision: str, read: str) -> None:
    assert str(Cite("de.stvg", provision, short="StVG")) == read
    assert str(Cite("StVG", provision)) == read


def test_no_instrument_has_a_name_that_was_cut() -> None:
    law = carnet.load_law()
    names = {i.id: i.short for code in law.codes for i in law.jurisdiction(code).instruments}
    cut = [
        f"{known}: {name}" for known, name in names.items() if name.endswith("...") or name.count("(") > name.count(")")
    ]
    assert not cut
