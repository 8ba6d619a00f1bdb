"""What holds for every page: a refusal becomes a page with its reasons, and a form counts once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from station.reasons import Reason, Refused

DOUBLE_SECONDS = 60
LARGEST_BODY = 24 << 20  # more than the largest paper that a form takes
Answer = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class RefusalPage:
    """409 with the reasons and a way back, for a refusal that no form has caught."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return refusal(request, error) if isinstance(error, Refused) else None


def refusal(request: HttpRequest, refused: Refused, *, back: str = "", back_label: str = "") -> HttpResponse:
    """The page of what was refused; ``back``: where it is mended, when that is not the form."""
    context = {"reasons": refused.reasons, "back": back or _page_of_form(request), "back_label": back_label}
    return render(request, "409.html", context, status=409)


class BoundedBody:
    """413 before a byte is read: a file goes to the disk before any form can say that it is too large."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = request.headers.get("Content-Length", "")
        if said.isdigit() and int(said) > LARGEST_BODY:
            reasons = [Reason("upload.too_large", {"most": LARGEST_BODY >> 20})]
            return render(request, "409.html", {"reasons": reasons, "back": _page_of_form(request)}, status=413)
        return self.get_response(request)


class OncePerForm:
    """The same form, sent twice within a minute, does its work once.

    Every rendering of a form has its own masked CSRF token, so equal content means a double click or a resent page,
    not a second wish. Whoever did so goes back to the form's page. What did not succeed may be sent again.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 302:  # only what was done leads on; a form that came back may be sent again
            _forget(request)
        return response

    def process_view(self, request: HttpRequest, view: Answer, args: object, kwargs: object) -> HttpResponse | None:
        if getattr(view, "csrf_exempt", False):
            return None  # no form of ours: its body is left to the view
        key = _key(request)
        if key is None:
            return None
        if not cache.add(key, 1, DOUBLE_SECONDS):
            messages.info(request, _("You sent this form twice. It was handled once."))
            return redirect(_page_of_form(request))
        request.once_key = key  # type: ignore[attr-defined]
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        _forget(request)


def _forget(request: HttpRequest) -> None:
    if key := getattr(request, "once_key", None):
        cache.delete(key)


def _page_of_form(request: HttpRequest) -> str:
    """Where the form stood; not every address that takes one can be looked at."""
    page = request.headers.get("Referer", "")
    return page if url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}) else "/"


def _key(request: HttpRequest) -> str | None:
    if request.method != "POST" or "csrfmiddlewaretoken" not in request.POST:
        return None
    content = json.dumps([request.path, request.COOKIES.get("sessionid", ""), sorted(request.POST.lists())])
    return f"once:{hashlib.sha256(content.encode()).hexdigest()}"
