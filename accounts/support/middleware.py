"""A session in support: looks up whether the access still holds, puts it on the user, and records every page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

import audit
from accounts import roles
from accounts.models import SupportAccess
from accounts.support.access import carry

Answer = Callable[[HttpRequest], HttpResponse]
KEY = "support"
ONCE_SECONDS = 300
"""Looking at the same page again within this time is one event; a form that is sent always is one."""
LONGEST = 200
UNTOLD = ("accounts:log_in", "accounts:log_out", "accounts:language", "accounts:support_leave")


class InSupport:
    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Recorded before the page is made: what was asked for counts, also when it is refused."""
        pk = request.session.get(KEY)
        if pk is None or not request.user.is_authenticated:
            return
        access = _held(request, pk)
        if access is None:
            del request.session[KEY]
            messages.warning(request, _("Your support access is over. You are back in your own work."))
            return
        carry(request.user, access)
        _tell(request, access)


def _held(request: HttpRequest, pk: int) -> SupportAccess | None:
    found = SupportAccess.objects.in_force().select_related("organisation")
    access = found.filter(pk=pk, asked_by=request.user.pk).first()
    return access if access is not None and roles.manages_platform(request.user) else None


def _tell(request: HttpRequest, access: SupportAccess) -> None:
    match, page = request.resolver_match, request.get_full_path()
    if match is None or match.view_name in UNTOLD:
        return
    facts = {"by": request.user, "about": access, "organisation": access.organisation, "member": request.user.pk}
    facts |= {"place": _place(match.route), "page": page[:LONGEST]}
    if request.method not in ("GET", "HEAD"):
        audit.record("support.acted", **facts)
    elif cache.add(f"support:{access.pk}:{hashlib.sha256(page.encode()).hexdigest()}", 1, ONCE_SECONDS):
        audit.record("support.looked", **facts)


def _place(route: str) -> str:
    """A word of ``audit/words.yaml`` for what the page is about."""
    if route.startswith("organisations/<"):
        return "organisation"
    return "dossier" if route.startswith(("use-cases/<", "contracts/<", "runs/<")) else "list"
