# SPDX-License-Identifier: Apache-2.0
"""The cases of one rule, read from its jurisdiction's files when somebody looks at them: a check needs none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from carnet.law.check_schema import validate
from carnet.law.locate import is_cases
from carnet.law.model import Rule
from carnet.law.schema import CaseSpec, PackSpec
from carnet.source import parse_source


class ShownCase(NamedTuple):
    """Facts given, and the status expected; says: what the law says of it, where it was written from the text."""

    given: Mapping[str, Any]
    expect: str
    as_of: dt.date | None
    market: str
    says: str


def cases_of(rule: Rule) -> tuple[ShownCase, ...]:
    """The cases of a rule: its own, then those of the files of cases beside its pack.

    Raises:
        CarnetError: when a file was changed since the law was read, so that it cannot be read any more.
    """
    own = Path(rule.place.file)
    files = [own, *(path for path in sorted(own.parent.glob("*.yaml")) if is_cases(path))]
    return tuple(case for path in files for case in _cases(path, rule))


def _cases(path: Path, rule: Rule) -> Iterator[ShownCase]:
    text = path.read_text(encoding="utf-8")
    if rule.id not in text:
        return
    spec = validate(PackSpec, parse_source(text, str(path)))
    for each in spec.rules:
        if each.id == rule.id:
            yield from _shown(each.tests, rule)
    yield from _shown(spec.cases.get(rule.id, ()), rule)


def _shown(specs: Iterable[CaseSpec], rule: Rule) -> Iterator[ShownCase]:
    for spec in specs:
        yield ShownCase(spec.given, spec.expect, spec.as_of, spec.market or rule.jurisdiction, spec.says)
