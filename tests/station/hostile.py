"""A platform that says whatever the test wants, over real HTTP; the stations that call it are the real ones."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from station.contract.signatures import unverified

PREFIX = "/station/v1/"


class HostilePlatform:
    """``says``: (method, path) -> document or (status, document). ``heard``: every call, with what its body says."""

    def __init__(self) -> None:
        self.says: dict[tuple[str, str], Any] = {("GET", "work"): {"hints": []}}
        self.heard: list[tuple[str, str, dict[str, Any]]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> HostilePlatform:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def hands(self, sha256: str, answer: dict[str, Any]) -> None:
        """What it gives for the contract with this hash, which waits for everybody's signature."""
        self.says["GET", f"contracts/{sha256}"] = answer
        self.says["GET", "work"] = {"hints": [{"type": "contract", "contract": sha256}]}

    def takes(self, *calls: tuple[str, str]) -> None:
        """Calls to which it says yes."""
        self.says |= {call: {"state": "taken"} for call in calls}

    def statements(self) -> list[dict[str, Any]]:
        """What stations stated here."""
        return [unverified(body["statement"]) for _, _, body in self.heard if "statement" in body]

    def _answer(self, method: str, path: str, raw: bytes) -> tuple[int, bytes]:
        name = path.removeprefix(PREFIX)
        self.heard.append((method, name, json.loads(raw) if raw else {}))
        said = self.says.get((method, name), (404, {"reasons": [{"code": "contract.unknown", "facts": {}}]}))
        status, document = said if isinstance(said, tuple) else (200, said)
        return status, document if isinstance(document, bytes) else json.dumps(document).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        platform = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _any(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, body = platform._answer(self.command, self.path, raw)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = _any

            def log_message(self, format: str, *args: object) -> None:
                """Nothing on the terminal."""

        return Handler
