"""What the actions built once is put back the next time, instead of built again.

The road to an authorised use case takes seconds. The first test of a process walks it; what it wrote is kept in memory
and copied back, row by row, for the next test that begins with the same empty database. Whoever begins with something
else (people who were made before, another day, another specification) walks the road.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import time_machine
from django.conf import settings
from django.db import connection

PEOPLE = ("guardian_userobjectpermission", "accounts_roleheld", "accounts_mandate", "accounts_membership",
          "accounts_user", "accounts_organisation")  # fmt: skip
"""What a world makes before it is asked for a use case."""
BESIDE = {"django_content_type", "django_migrations", "auth_permission"}
"""Filled by ``migrate``, never by an action."""
MEDIA = settings.MEDIA_ROOT
_kept: dict[Any, Remembered] = {}


@dataclass(frozen=True)
class Remembered:
    """Every row of a world, and what the world itself holds beside the database."""

    rows: dict[str, bytes]
    held: Any


def once(what: Any, build: Callable[[], Any], *, alone: bool) -> tuple[Any, bool]:
    """What ``build`` returns, and whether it was put back. ``alone``: whoever is in the database, the world made; when
    the database holds more, ``build`` is called."""
    if not alone or not _usual() or set(filled()) - set(PEOPLE):
        return build(), False
    if what in _kept:
        _put_back(_kept[what].rows)
        return _kept[what].held, True
    held = build()
    _kept[what] = Remembered({table: _rows(table) for table in filled()}, held)
    return held, False


def filled() -> list[str]:
    """The tables that hold a row."""
    names = [name for name in connection.introspection.django_table_names() if name not in BESIDE]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in names))
        return [name for (name,) in cursor.fetchall()]


def _usual() -> bool:
    return not time_machine.escape_hatch.is_travelling() and settings.MEDIA_ROOT == MEDIA


def _rows(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as copy:
        return b"".join(copy)


def _put_back(rows: dict[str, bytes]) -> None:
    """Without triggers: each row has passed them when it was written first."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in PEOPLE:
            cursor.execute(f'DELETE FROM "{table}"')
        for table, content in rows.items():
            _fill(cursor, table, content)
        cursor.execute("SET LOCAL session_replication_role = origin")


def _fill(cursor: Any, table: str, content: bytes) -> None:
    with cursor.copy(f'COPY "{table}" FROM STDIN (FORMAT binary)') as copy:
        copy.write(content)
