"""manage.py texts: brings the Dutch catalogue in line with the texts in code and templates.

Translate what it lists in ``locale/nl/LC_MESSAGES/django.po``; ``bin/setup`` compiles it.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from web import texts


class Command(BaseCommand):
    help = "Brings the Dutch catalogue in line with the texts in code and templates, and lists what to translate."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        catalog = texts.merged(texts.catalogue(), texts.used())
        texts.place().write_bytes(texts.written(catalog))
        missing = [message for message in catalog if message.id and not translated(message)]
        for message in missing:
            self.stdout.write(repr(message.id))
        self.stdout.write(f"{len(catalog)} texts, {len(missing)} without a translation")


def translated(message: Any) -> bool:
    """Every form of it is filled in, and nobody marked it as a guess."""
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(forms) and not message.fuzzy
