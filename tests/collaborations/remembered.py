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
from django.db import connection, transaction

PEOPLE = ("guardian_userobjectpermission", "accounts_roleheld", "accounts_mandate", "accounts_membership",
          "accounts_user", "accounts_organisation")  # fmt: skip
"""What a world makes before it is asked for a use case."""
BESIDE = {"django_content_type", "django_migrations", "auth_permission"}
"""Filled by ``migrate``, never by an action."""
MEDIA = settings.MEDIA_ROOT
_kept: dict[Any, Remembered] = {}


@dataclass(frozen=True)
class Rows:
    """A table as PostgreSQL copies it, and how many rows that are."""

    content: bytes
    many: int


@dataclass(frozen=True)
class Remembered:
    """Every row of a world, and what the world itself holds beside the database."""

    rows: dict[str, Rows]
    held: Any


def once(what: Any, build: Callable[[], Any], *, alone: bool) -> tuple[Any, bool]:
    """What ``build`` returns, and whether it was put back. ``alone``: whoever is in the database, the world made; when
    the database holds more, ``build`` is called."""
    if not alone or not _usual() or set(filled()) - set(PEOPLE):
        return build(), False
    if what in _kept:
        _replace(_kept[what].rows)
        return _kept[what].held, True
    return _keep(what, build()), False


def settle(what: Any, build: Callable[[], Any]) -> Any:
    """What ``build`` returns, made of the database as ``further`` knows it again."""
    if not _usual():
        return build()
    if what not in _kept:
        _keep(what, build())
    _replace(_kept[what].rows)
    return _kept[what].held


def further(ground: Any, what: Any, build: Callable[[], None]) -> None:
    """Builds on what ``settle`` made, or puts back what an earlier test built on the same; nothing may have been
    written in between."""
    if not _usual() or ground not in _kept or not _untouched(_kept[ground].rows):
        return build()
    if (ground, what) not in _kept:
        _keep((ground, what), build())
    else:
        _replace(_kept[ground, what].rows)


def filled() -> list[str]:
    """The tables that hold a row."""
    names = [name for name in connection.introspection.django_table_names() if name not in BESIDE]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in names))
        return [name for (name,) in cursor.fetchall()]


def _keep(what: Any, held: Any) -> Any:
    _kept[what] = Remembered({table: _rows(table) for table in filled()}, held)
    return held


def _usual() -> bool:
    return not time_machine.escape_hatch.is_travelling() and settings.MEDIA_ROOT == MEDIA


def _rows(table: str) -> Rows:
    with connection.cursor() as cursor:
        with cursor.copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as copy:
            content = b"".join(copy)
        return Rows(content, cursor.rowcount)


def _untouched(rows: dict[str, Rows]) -> bool:
    """Every row is of one piece of work (the copying), and as many as were copied."""
    each = (f"SELECT xmin::text AS by, '{table}' AS place FROM \"{table}\"" for table in filled())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT by, place, count(*) FROM ({' UNION ALL '.join(each)}) AS rows GROUP BY 1, 2")
        found = cursor.fetchall()
    if set(rows) != {place for _by, place, _many in found} or len({by for by, _place, _many in found}) > 1:
        return False
    return all(rows[place].many == many for _by, place, many in found)


def _replace(rows: dict[str, Rows]) -> None:
    """The database holds these rows and no others. Without triggers: each row has passed them when it was written."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in filled():
            cursor.execute(f'DELETE FROM "{table}"')
        for table, kept in rows.items():
            _fill(cursor, table, kept.content)
        cursor.execute("SET LOCAL session_replication_role = origin")


def _fill(cursor: Any, table: str, content: bytes) -> None:
    with cursor.copy(f'COPY "{table}" FROM STDIN (FORMAT binary)') as copy:
        copy.write(content)
