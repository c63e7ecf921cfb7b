# SPDX-License-Identifier: Apache-2.0
"""Settings of all tests: Hypothesis without deadlines, `--hypothesis-profile=fuzz` for long runs, and no `rete` where
durable-rules cannot be imported."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from carnet import spoken

os.environ["CARNET_LANGUAGE"] = "en"  # whatever the developer speaks
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fuzz", parent=settings.get_profile("default"), max_examples=20_000)
settings.load_profile("default")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A test that speaks another language does not leave it to the next one."""
    spoken.use(spoken.ENGLISH)
    yield
    spoken.use(spoken.ENGLISH)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    try:
        import durable.engine  # noqa: F401
    except ImportError:
        skip = pytest.mark.skip(reason="durable-rules cannot be imported here")
        for item in items:
            case = getattr(item, "callspec", None)
            if case and "rete" in case.params.values():
                item.add_marker(skip)
