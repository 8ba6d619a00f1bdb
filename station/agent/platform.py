"""Calls to the platform, each signed anew. The platform is a postman: nothing it says is believed for being said."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import urllib3
from joserfc.jwk import ECKey

from station.contract.canonical import canonical
from station.contract.signatures import sign
from station.reasons import Reason, Refused

TIMEOUT = urllib3.Timeout(connect=5, read=30)
LARGEST_ANSWER = 64 << 20


class Away(Exception):  # noqa: N818 (a state, not a fault)
    """The platform cannot be reached or is not well; try again later."""


class Platform:
    """The station API of one platform, for one station."""

    def __init__(self, base_url: str, key: ECKey, organisation: str) -> None:
        self.base, self.key, self.organisation = base_url.rstrip("/"), key, organisation
        self.prefix = urlsplit(self.base).path + "/station/v1/"
        self.http = urllib3.PoolManager(num_pools=2, maxsize=2, retries=False, timeout=TIMEOUT)
        self.offset = 0.0

    def work(self) -> dict[str, Any]:
        return self._call("GET", "work")

    def contract(self, sha256: str) -> dict[str, Any]:
        return self._call("GET", f"contracts/{sha256}")

    def enrol(self, statement: str) -> dict[str, Any]:
        return self._call("POST", "enrolments", {"statement": statement})

    def announce(self, dataset: str, statement: str) -> dict[str, Any]:
        return self._call("PUT", f"datasets/{dataset}", {"statement": statement})

    def state(self, statement: str) -> dict[str, Any]:
        return self._call("POST", "statements", {"statement": statement})

    def engines(self, names: list[str]) -> None:
        self._call("PUT", "engines", {"engines": names})

    def progress(self, run: str, attempt: int, phase: str, percent: int) -> None:
        self._call("PUT", f"runs/{run}/attempts/{attempt}/progress", {"phase": phase, "percent": percent})

    def share(self, run: str, attempt: int, *, stage: str, output: str, to: str, jwe: str) -> None:
        body = {"stage": stage, "output": output, "to": to, "jwe": jwe}
        self._call("POST", f"runs/{run}/attempts/{attempt}/shares", body)

    def result(self, run: str, output: str, table: dict[str, Any]) -> None:
        self._call("PUT", f"runs/{run}/results/{output}", {"table": table})

    def wait(self, doorbell: str) -> None:
        """Waits at the doorbell until it rings or its time is over; what it says beside that is not read."""
        patience = urllib3.Timeout(connect=5, read=40)
        try:
            answer = self.http.request("GET", doorbell, timeout=patience, redirect=False, preload_content=False)
            answer.close()
        except urllib3.exceptions.HTTPError as error:
            raise Away from error
        if answer.status not in (200, 204):
            raise Away

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        raw = b"" if body is None else canonical(body)
        payload = {
            "method": method, "path": self.prefix + path, "body_sha256": hashlib.sha256(raw).hexdigest(),
            "at": int(time.time()), "nonce": secrets.token_urlsafe(18),
        }  # fmt: skip
        headers = {"Authorization": "NICPET " + sign("request", payload, self.key), "Content-Type": "application/json"}
        try:
            answer = self.http.request(
                method, f"{self.base}/station/v1/{path}", body=raw or None, headers=headers, redirect=False,
                preload_content=False,
            )  # fmt: skip
            data = _data(answer)
        except urllib3.exceptions.HTTPError as error:
            raise Away from error
        self._compare_clocks(answer.headers.get("Date"))
        if answer.status >= 500 or answer.status in (408, 429):
            raise Away
        return _read(answer.status, data)

    def _compare_clocks(self, date: str | None) -> None:
        """``offset``: seconds this machine's clock runs ahead of the platform's."""
        if date:
            try:
                self.offset = time.time() - parsedate_to_datetime(date).timestamp()
            except (ValueError, OverflowError):
                return


def _data(answer: urllib3.BaseHTTPResponse) -> bytes:
    """The body, not more of it than anybody sends."""
    data = answer.read(LARGEST_ANSWER + 1)
    if len(data) > LARGEST_ANSWER:
        answer.close()
        raise Refused("platform.unreadable")
    answer.release_conn()
    return data


def _read(status: int, data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data) if data else {}
    except (ValueError, RecursionError):
        document = None
    if status >= 400:
        given = document.get("reasons") if isinstance(document, dict) else None
        reasons = [Reason.from_document(item) for item in given] if isinstance(given, list) else []
        raise Refused(*(reasons or [Reason("platform.refused", {"status": status})]))
    if not isinstance(document, dict):
        raise Refused("platform.unreadable")
    return document
