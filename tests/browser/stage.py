"""``python -m tests.browser.stage PASSWORD``: three organisations, people and stations; all else is clicked."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from demo import cast, own_data, stations  # noqa: E402
from tests.road import people  # noqa: E402


def main(password: str) -> None:
    instance = Path(settings.VAR_DIR).resolve()
    (instance / "inputs").mkdir()
    plan = own_data.read(people.write(instance / "inputs"), today=timezone.localdate())
    names = {party.organisation: party.name for party in plan.specification.parties}
    cast.cast(names, password=password, today=timezone.localdate())
    stations.set_up(names, instance / "stations", settings.BASE_URL, partial(stations.fill, plan))


if __name__ == "__main__":
    main(sys.argv[1])
