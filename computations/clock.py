"""The one clock of runs, leases and requests: the database's, since web and worker hosts may disagree."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


def now() -> datetime:
    """The time on the database server, with its time zone; it moves on inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
