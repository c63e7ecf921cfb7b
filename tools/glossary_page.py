# SPDX-License-Identifier: Apache-2.0
"""Write docs/glossary.md from rules/locale/glossary.yaml."""

from __future__ import annotations

from pathlib import Path

from carnet.law.locale.glossary import terms
from carnet.law.locate import bundled_law

HEAD = """# Glossary

The terms of the trade in the four languages that Carnet speaks; translations keep to them, and the linter
warns where Chinese does not ([translation-term](lint/translation-term.md)). Where several words stand, the
first is preferred and the others are right in some places. Written by `make docs` from
`rules/locale/glossary.yaml`.

| English | 中文 | Deutsch | العربية |
| --- | --- | --- | --- |
"""


def page() -> str:
    rows = sorted([*terms([bundled_law()]), *terms([bundled_law()], "reports")], key=lambda term: term.english)
    cells = ([term.english, *(", ".join(term.words[code]) for code in ("zh", "de", "ar"))] for term in rows)
    return HEAD + "".join(f"| {' | '.join(row)} |\n" for row in cells)


if __name__ == "__main__":
    Path(bundled_law(), "docs", "glossary.md").write_text(page(), encoding="utf-8")
