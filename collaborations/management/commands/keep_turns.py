"""manage.py keep_turns: writes down whose turn it is, as the task does every ten seconds."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from collaborations import kept


class Command(BaseCommand):
    help = "Writes down whose turn it is in every use case that is behind; with --all, in every use case anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="also where nothing happened since")

    def handle(self, *args: Any, **options: Any) -> None:
        number = kept.keep_all(anew=options["all"])
        self.stdout.write(f"{number} use cases")
