# SPDX-License-Identifier: Apache-2.0
"""`carnet fleet` as a user runs it on every market: `fleet_command.py TABLE`, its seconds and memory as JSON."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq


def main(table: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "carnet", "fleet", table, "--all", "-o", str(Path(folder) / "out.parquet")]
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(json.dumps({"rows": pq.read_metadata(table).num_rows, "seconds": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    main(sys.argv[1])
