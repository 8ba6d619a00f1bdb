"""manage.py doorbell: the small process where stations wait for a ring."""

import asyncio
import signal
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from computations import waiting_room


class Command(BaseCommand):
    help = "Lets stations wait for a ring (asyncio and Valkey; uses no database)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        address = urlsplit(settings.DOORBELL_URL)
        parser.add_argument("--host", default=address.hostname or "127.0.0.1")
        parser.add_argument("--port", type=int, default=address.port or 8001)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        asyncio.run(_until_told(host, port))


async def _until_told(host: str, port: int) -> None:
    serving = asyncio.ensure_future(waiting_room.serve(settings.REDIS_URL, host, port))
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, serving.cancel)
    try:
        await serving
    except asyncio.CancelledError:
        return
