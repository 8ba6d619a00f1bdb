"""What all tests share: processes that test at once do not empty each other's cache, and migrate one database."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

MIGRATED = "nicpet_migrated"
"""The database of which every process gets a copy."""


LONGEST = (
    "tests/browser/test_journey", "tests/browser", "tests/test_permissions", "tests/road", "tests/test_bad_input",
)  # fmt: skip
"""What takes minutes begins first: at the end one process would work alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((at for at, name in enumerate(LONGEST) if item.nodeid.startswith(name)), 99))


def pytest_configure() -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker.startswith("gw"):
        cache = settings.CACHES["default"]
        cache["LOCATION"] = _of_database(cache["LOCATION"], int(worker.removeprefix("gw")) + 1)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: Any, django_db_blocker: Any
) -> None:
    """Whoever comes first migrates; a process that tests alone has nobody to copy from."""
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        return
    with _one_at_a_time(tmp_path_factory.getbasetemp().parent / "migrated") as first, django_db_blocker.unblock():
        if not os.fstat(first.fileno()).st_size:
            _migrate()
            first.write("yes")
    connection.settings_dict["TEST"]["TEMPLATE"] = MIGRATED


def _one_at_a_time(path: Path) -> Any:
    file = path.open("a")
    fcntl.flock(file, fcntl.LOCK_EX)  # until it is closed
    return file


def _migrate() -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {MIGRATED}")
        cursor.execute(f"CREATE DATABASE {MIGRATED}")
    usual, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], MIGRATED
    call_command("migrate", verbosity=0)
    connection.close()
    connection.settings_dict["NAME"] = usual


def _of_database(url: str, number: int) -> str:
    """The same server, another of its databases; the broker and the doorbell stay in theirs."""
    server, _mark, query = url.partition("?")
    if server.startswith("unix:"):
        return f"{server}?db={number}"
    parts = urlsplit(server)
    return f"{parts.scheme}://{parts.netloc}/{number}" + (f"?{query}" if query else "")
