# SPDX-License-Identifier: Apache-2.0
"""Put the report that Carnet prints today into the README."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"


def main() -> None:
    text = README.read_text(encoding="utf-8")
    pattern = re.compile(r"(<!-- report: carnet (.+?) -->\n```text\n).*?(```)", re.DOTALL)
    README.write_text(
        pattern.sub(lambda match: match[1] + _printed(match[2].split()) + match[3], text), encoding="utf-8"
    )


def _printed(args: list[str]) -> str:
    command = [sys.executable, "-m", "carnet", *args, "--fail-on", "never"]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=README.parent).stdout


if __name__ == "__main__":
    main()
