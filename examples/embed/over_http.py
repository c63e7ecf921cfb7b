# SPDX-License-Identifier: Apache-2.0
"""Asks a Carnet server with nothing but the standard library; run it with a profile's file and an address."""

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any


class Server:
    """A Carnet server. `CARNET_TOKEN` holds a token where one is needed."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._known: dict[str, tuple[str, Any]] = {}

    def ask(self, operation: str, **body: Any) -> Any:
        """An answer; one that is known already costs nothing."""
        key = json.dumps([operation, body], sort_keys=True)
        tag, known = self._known.get(key, ("", None))
        try:
            with self._send("POST", f"/v1/{operation}", body, {"If-None-Match": tag} if tag else {}) as answer:
                found = json.load(answer)
                self._known[key] = (answer.headers.get("etag", ""), found)
                return found
        except urllib.error.HTTPError as error:
            if error.code == 304:
                return known
            raise SystemExit(_told(json.load(error))) from None

    def follow(self, operation: str, **body: Any) -> Any:
        """An answer that takes long: a job, watched until it ends."""
        with self._send("POST", f"/v1/{operation}", body, {"Prefer": "respond-async"}) as answer:
            job = answer.headers["location"]
        with self._send("GET", f"{job}/events") as events:
            for line in events:
                if line.startswith(b"data: "):
                    state = json.loads(line[6:])
                    print(f"{state['state']}: {state['done']} of {state['total'] or '?'}", file=sys.stderr)
        with self._send("GET", f"{job}/answer") as answer:
            return json.load(answer)

    def _send(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        request = urllib.request.Request(self._address + path, method=method, headers=headers or {})
        if token := os.environ.get("CARNET_TOKEN"):
            request.add_header("Authorization", f"Bearer {token}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        return urllib.request.urlopen(request)


def _told(problem: Any) -> str:
    """Problem details in words."""
    lines = [f"{one.get('path', '')}: {one['detail']}" for one in problem.get("errors", [])]
    return "\n".join(lines) or problem["detail"]


def main(file: str, address: str = "http://127.0.0.1:8000") -> None:
    server, profile = Server(address), Path(file).read_text(encoding="utf-8")
    for speed in (30, 60, 90, 130):
        answer = server.ask("what-if", profile=profile, set={"odd.max_speed_kmh": speed})
        turned = [f"{one['market']} {one['before']} -> {one['after']}" for one in answer["outcomes"]]
        print(f"{speed:>4} km/h: {', '.join(turned) or 'no outcome turns'}")
    line = server.follow("timeline", profile=profile, markets=["DE-BY"])
    for turn in line["markets"][0]["turns"]:
        print(f"{turn['day']}: {turn['before']} -> {turn['after']}, {len(turn['reasons'])} reasons")


if __name__ == "__main__":
    main(*sys.argv[1:])
