# SPDX-License-Identifier: Apache-2.0
"""Put what Carnet prints today into the README and the pages that show a command's output."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHOWN = re.compile(r"(<!-- (?:report: )?carnet (.+?) -->\n```text\n).*?(```)", re.DOTALL)


def main() -> None:
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        text = page.read_text(encoding="utf-8")
        shown = SHOWN.sub(lambda match: match[1] + _printed(shlex.split(match[2])) + match[3], text)
        if shown != text:
            page.write_text(shown, encoding="utf-8")


def _printed(args: list[str]) -> str:
    """What a command prints; one that finds something ends with 1."""
    command = [sys.executable, "-m", "carnet", *args]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if result.returncode not in (0, 1):
        raise SystemExit(result.stderr)
    return result.stdout


if __name__ == "__main__":
    main()
