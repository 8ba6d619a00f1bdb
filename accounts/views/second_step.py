"""The second step of logging in: nobody is logged in before it."""

from __future__ import annotations

import json
import time
from typing import Any

from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.models import User
from accounts.second_factor import checking, state
from accounts.second_factor.forms import SecondStep

PENDING = "second_step"
SECONDS = 600


def begin(request: HttpRequest, user: User, target: str) -> HttpResponse:
    """Remembers who gave a right password, for ten minutes, in a session with another key."""
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk, "hash": user.get_session_auth_hash(), "backend": user.backend, "at": int(time.time()),
        "to": target,
    }  # fmt: skip
    return redirect("accounts:second_step")


@never_cache
def second_step(request: HttpRequest) -> HttpResponse:
    pending = request.session.get(PENDING)
    user = _whose(pending)
    if pending is None or user is None:
        request.session.pop(PENDING, None)
        messages.info(request, _("Log in with your password first."))
        return redirect("accounts:log_in")
    form = SecondStep.of(request)
    if form.is_valid():
        with form.accepting():
            _check(user, form.cleaned_data)
            return _log_in(request, user, pending)
    return _page(request, form, user)


def _check(user: User, given: dict[str, Any]) -> None:
    if given["answer"]:
        checking.check_passkey(user, given["answer"])
    else:
        checking.check_code(user, given["code"])


def _whose(pending: dict[str, Any] | None) -> User | None:
    """The person of the first step, unless it is too long ago or the password or factor changed since."""
    if pending is None or not 0 <= time.time() - pending["at"] <= SECONDS:
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), pending["hash"]):
        return None
    return user


def _log_in(request: HttpRequest, user: User, pending: dict[str, Any]) -> HttpResponse:
    request.session.pop(PENDING)
    login(request, user, backend=pending["backend"])
    if (left := state.codes_left(user)) < 3:
        messages.warning(request, _("You have %(left)s recovery codes left. Make new ones soon.") % {"left": left})
    return redirect(pending["to"])


def _page(request: HttpRequest, form: SecondStep, user: User) -> HttpResponse:
    keys = state.passkeys(user)
    options = json.dumps(webauthn.begin_authentication(user)) if keys else ""
    context = {"form": form, "options": options, "app": state.app(user)}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/second_factor/step.html", context, status=status)
