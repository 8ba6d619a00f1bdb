"""What all tests share: two processes that test at once do not empty each other's cache."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from django.conf import settings


def pytest_configure() -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker.startswith("gw"):
        cache = settings.CACHES["default"]
        cache["LOCATION"] = _of_database(cache["LOCATION"], int(worker.removeprefix("gw")) + 1)


def _of_database(url: str, number: int) -> str:
    """The same server, another of its databases; the broker and the doorbell stay in theirs."""
    server, _mark, query = url.partition("?")
    if server.startswith("unix:"):
        return f"{server}?db={number}"
    parts = urlsplit(server)
    return f"{parts.scheme}://{parts.netloc}/{number}" + (f"?{query}" if query else "")
