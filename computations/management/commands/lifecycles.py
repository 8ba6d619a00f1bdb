"""manage.py lifecycles: writes docs/lifecycle.md from the tables that the actions obey, so that it cannot go stale."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from accounts.support.lifecycle import SUPPORT
from collaborations.lifecycle import TABLES as COLLABORATION
from computations.lifecycle import TRANSITIONS as RUN
from dpia.lifecycle import TABLES as DPIA

PLACE = Path("docs") / "lifecycle.md"
TABLES: dict[str, Mapping[str, Any]] = {**COLLABORATION, **DPIA, "run": RUN, "support_access": SUPPORT}
HEAD = """\
# Lifecycles

Made by `python manage.py lifecycles` from the tables in `collaborations/lifecycle.py`, `dpia/lifecycle.py`,
`computations/lifecycle.py` and `accounts/support/lifecycle.py`; a test sees that it is current. A step without a
permission is taken by the platform, as soon as what must hold holds. A step that leads "back" returns to where the
thing came from.
"""


class Command(BaseCommand):
    help = "Writes docs/lifecycle.md from the lifecycle tables."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say whether the file is current")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        place, wanted = Path(settings.BASE_DIR) / PLACE, page()
        if check:
            current = place.exists() and place.read_text("utf-8") == wanted
            self.stdout.write("current" if current else "stale")
            raise SystemExit(0 if current else 1)
        place.write_text(wanted, "utf-8")


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_section(name, table) for name, table in TABLES.items())


def _section(name: str, table: Mapping[str, Any]) -> str:
    rows = "".join(_row(step, transition) for step, transition in table.items())
    head = "| Step | From | To | Who may | What must hold | Event |\n|---|---|---|---|---|---|\n"
    return f"\n## {name}\n\n```mermaid\nstateDiagram-v2\n{_arrows(table)}```\n\n{head}{rows}"


def _arrows(table: Mapping[str, Any]) -> str:
    return "".join(
        f"    {source} --> {transition.target}: {step}\n"
        for step, transition in table.items()
        for source in transition.sources
        if transition.target
    )


def _row(step: str, transition: Any) -> str:
    who = ", ".join(getattr(transition, "permissions", ())) or "the platform"
    way = (", ".join(transition.sources), transition.target or "back")
    cells = (step, *way, who, _holds(transition), transition.event)
    return "| " + " | ".join(cells) + " |\n"


def _holds(transition: Any) -> str:
    """The first lines of the requirements, or the reason that stands in the table itself."""
    if why := getattr(transition, "why", ""):
        return str(why)
    lines = (str(requirement.__doc__).strip().splitlines()[0] for requirement in transition.requirements)
    return " ".join(lines) or "-"
