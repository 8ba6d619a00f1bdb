"""``python -m tests.browser.drafters PASSWORD``: a DPIA that is filled in, and drafters with a password. Prints its
use case."""

from __future__ import annotations

import sys

import django

django.setup()

from django.db import transaction  # noqa: E402

from tests.collaborations.world import KEYS, World  # noqa: E402
from tests.dpia.people import Cast  # noqa: E402


@transaction.atomic
def main(password: str) -> str:
    cast = Cast(World()).start()
    for key in KEYS:
        drafter = cast.person(key, "drafter")
        drafter.set_password(password)
        drafter.save()
    return str(cast.assessment.context_id)


if __name__ == "__main__":
    print(main(sys.argv[1]))
