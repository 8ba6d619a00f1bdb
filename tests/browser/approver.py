"""``python -m tests.browser.approver PASSWORD EMAIL...``: people who approve, and so need a second factor."""

from __future__ import annotations

import sys

import django

django.setup()

from accounts.models import Organisation  # noqa: E402
from tests.collaborations.world import new_person  # noqa: E402


def main(password: str, *emails: str) -> None:
    alfa = Organisation.objects.create(slug="alfa", name="Alfa")
    for email in emails:
        person = new_person(email, alfa, "mandated_manager")
        person.set_password(password)
        person.save()


if __name__ == "__main__":
    main(*sys.argv[1:])
