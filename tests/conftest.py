# SPDX-License-Identifier: Apache-2.0
"""Settings of all tests: Hypothesis without deadlines, and `--hypothesis-profile=fuzz` for long runs."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fuzz", parent=settings.get_profile("default"), max_examples=20_000)
settings.load_profile("default")
