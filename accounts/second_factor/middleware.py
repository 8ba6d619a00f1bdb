"""The one place that holds back whoever lacks a second factor: reading goes on, acting waits until it is set up."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, reverse
from django.utils.translation import gettext as _

from accounts.second_factor import state
from station.reasons import Refused
from web.middleware import refusal

Answer = Callable[[HttpRequest], HttpResponse]
READS = ("GET", "HEAD", "OPTIONS")
DOORS = ("accounts:log_in", "accounts:log_out", "accounts:language")
"""Forms that act on nothing; those of the second factor itself are free as well."""


class SecondFactorFirst:
    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        match = request.resolver_match
        if request.method in READS or match is None or _free(match) or not request.user.is_authenticated:
            return None
        if not state.lacks(request.user):
            return None
        page = reverse("accounts:second_factor")
        return refusal(request, Refused("second_factor.first"), back=page, back_label=_("Set up your second factor"))


def _free(match: ResolverMatch) -> bool:
    name = match.view_name
    if name in DOORS or name.startswith(("accounts:second_", "accounts:password_reset")):
        return True
    steps = settings.STOPS_ALWAYS.get(name)
    return steps is not None and (not steps or match.kwargs.get("name") in steps)
