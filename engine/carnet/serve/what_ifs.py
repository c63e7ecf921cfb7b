# SPDX-License-Identifier: Apache-2.0
"""Live assessments kept for the next question about the same profile, the one asked last kept longest."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from carnet.api import Law
from carnet.declare.profile import Profile
from carnet.plan.whatif import WhatIfs

Key = tuple[Any, ...]


class LiveWhatIfs:
    """A bounded store of them; each is used by one thread at a time."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._idle: OrderedDict[Key, WhatIfs] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def about(
        self, law: Law, profile: Profile, markets: Sequence[str], as_of: dt.date | None, evaluator: str | None
    ) -> Iterator[WhatIfs]:
        """One about the profile; after an error it is not used again."""
        key = (law.sha256, profile.sha256, profile.name, tuple(markets), as_of, evaluator, dt.date.today())
        with self._lock:
            found = self._idle.pop(key, None)
        asked = found or WhatIfs(law, profile, markets, as_of, evaluator)
        try:
            yield asked
        except BaseException:
            asked.close()
            raise
        self._keep(key, asked)

    def _keep(self, key: Key, asked: WhatIfs) -> None:
        surplus = []
        with self._lock:
            if key in self._idle:
                surplus.append(asked)
            else:
                self._idle[key] = asked
            while len(self._idle) > self._kept:
                surplus.append(self._idle.popitem(last=False)[1])
        for each in surplus:
            each.close()
