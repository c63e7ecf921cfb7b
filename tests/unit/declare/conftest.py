# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

import pytest

from carnet.declare.vocabulary import Vocabulary
from carnet.declare.vocabulary_files import load_vocabulary

SMALL_LAW = Path(__file__).parents[2] / "fixtures" / "small_law"


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load_vocabulary([SMALL_LAW])
