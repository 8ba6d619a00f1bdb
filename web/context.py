"""What every template gets: the main menu and whether this is the demo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _


def page(request: HttpRequest) -> dict[str, Any]:
    return {"demo": settings.DEMO, "menu": list(_menu(request))}


def _menu(request: HttpRequest) -> Any:
    entries = (
        ("inbox:home", _("Waiting for me")),
        ("collaborations:use_cases", _("Use cases")),
        ("collaborations:calls", _("Calls for partners")),
        ("collaborations:basis_register", _("Legal bases")),
        ("dpia:templates", _("DPIA templates")),
        ("library:lessons", _("What we learned")),
        ("accounts:organisations", _("Organisations")),
    )
    for name, label in entries:
        try:
            url = reverse(name)
        except NoReverseMatch:  # a room that is not installed here
            continue
        current = request.path == url if url == "/" else request.path.startswith(url)
        yield {"url": url, "label": label, "current": current}
