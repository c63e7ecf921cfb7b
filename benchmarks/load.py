# SPDX-License-Identifier: Apache-2.0
"""People who ask what-ifs of a server at once: how long their answers take, with one process and with several.

    python benchmarks/load.py --users 50 --every 3 --seconds 60 --workers 1,2
    python benchmarks/load.py --mixed --seconds 3600 --workers 2

Prints figures; asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PROFILES = [path.read_text("utf-8") for path in sorted((ROOT / "examples").glob("*.yaml"))]
WARM_S = 20.0


class Asked(NamedTuple):
    """One request: when, how long, and the status."""

    at: float
    seconds: float
    status: int


class User(threading.Thread):
    """Asks about a profile of his own, every few seconds."""

    def __init__(self, number: int, address: str, every: float, until: float, mixed: bool) -> None:
        super().__init__(daemon=True)
        self._random, self._address = random.Random(number), address
        self._every, self._until, self._mixed = every, until, mixed
        self._profile = PROFILES[number % len(PROFILES)].replace("name: ", f"name: {number} ", 1)
        self.asked: list[Asked] = []

    def run(self) -> None:
        time.sleep(self._random.uniform(0, self._every))
        while time.monotonic() < self._until:
            start = time.monotonic()
            status = self._ask()
            took = time.monotonic() - start
            self.asked.append(Asked(start, took, status))
            time.sleep(max(0.0, self._every - took))

    def _ask(self) -> int:
        what = self._random.choice(("what-if", "what-if", "check", "questions")) if self._mixed else "what-if"
        body: dict[str, Any] = {"profile": self._profile, "markets": "all" if what == "what-if" else ["DE-BY", "AE-DU"]}
        if what == "what-if":
            body["set"] = {"odd.max_speed_kmh": self._random.choice((30, 50, 60, 80, 95, 130))}
        headers = {"content-type": "application/json"}
        request = urllib.request.Request(f"{self._address}/v1/{what}", json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                answer.read()
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--every", type=float, default=3.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--mixed", action="store_true")
    options = parser.parse_args()
    print("| processes | requests | errors | p50 s | p95 s | longest s | memory MB, first and last |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for workers in map(int, options.workers.split(",")):
        print(_measured(workers, options), flush=True)


def _measured(workers: int, options: argparse.Namespace) -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = ROOT / f".load-{os.getpid()}.yaml"
    text = f"port: {port}\nworkers: {workers}\nlimits: {{per_minute: 100000}}\nlog_level: ERROR\n"
    settings.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "carnet", "serve", "--settings", str(settings)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "engine")}
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address)
        begin = time.monotonic()
        until = begin + WARM_S + options.seconds
        users = [User(number, address, options.every, until, options.mixed) for number in range(options.users)]
        for user in users:
            user.start()
        time.sleep(WARM_S)
        first = _memory(process.pid)
        for user in users:
            user.join()
        last = _memory(process.pid)
    finally:
        process.terminate()
        process.wait(30)
        settings.unlink()
    asked = [each for user in users for each in user.asked if each.at > begin + WARM_S]
    times = sorted(each.seconds for each in asked)
    wrong = sum(each.status != 200 for each in asked)
    if len(times) < 2:
        return f"| {workers} | {len(asked)} | {wrong} | too few to tell | | | {first}, {last} |"
    p95 = statistics.quantiles(times, n=20)[18]
    figures = f"{statistics.median(times):.2f} | {p95:.2f} | {times[-1]:.2f} | {first}, {last}"
    return f"| {workers} | {len(asked)} | {wrong} | {figures} |"


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{address}/v1/health/ready", timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not start")


def _memory(pid: int) -> int:
    """Megabytes of a process and of those that it started."""
    pids = [pid]
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    for line in listed.splitlines():
        child, parent = map(int, line.split())
        if parent in pids:
            pids.append(child)
    sizes = (Path(f"/proc/{each}/statm") for each in pids)
    pages = sum(int(path.read_text().split()[1]) for path in sizes if path.exists())
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


if __name__ == "__main__":
    main()
