# SPDX-License-Identifier: Apache-2.0
"""`--hypothesis-profile fuzz` searches for long; the default is short enough for every run."""

from hypothesis import settings

settings.register_profile("fuzz", max_examples=5000, deadline=None, print_blob=True)
