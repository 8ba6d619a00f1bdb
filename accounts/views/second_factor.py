"""One's own second factor: set it up, keep recovery codes, take it away; and the reset by an administrator."""

from __future__ import annotations

import base64
import ipaddress
import json
import time

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import reach
from accounts.second_factor import actions, forms, state
from accounts.views.organisations import seen_or_404, trail_to
from web.forms import Confirm
from web.pages import Crumb, act_page, crumbs, form_page

SHOWN, SHOWN_SECONDS = "recovery_codes", 600
"""New recovery codes are shown until they are kept, and ten minutes at most."""


@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    user = request.user
    context = {
        "app": state.app(user),
        "passkeys": state.passkeys(user),
        "codes_left": state.codes_left(user),
        "has": state.has(user),
        "lacks": state.lacks(user),
        "passkeys_possible": passkeys_possible(request),
        "trail": crumbs((_("Your second factor"), "")),
    }
    return render(request, "accounts/second_factor/page.html", context)


@never_cache
@login_required
@sensitive_post_parameters()
def second_app(request: HttpRequest) -> HttpResponse:
    if state.app(request.user):
        return redirect("accounts:second_factor")
    form = forms.AddApp.of(request, user=request.user)
    secret = totp.get_totp_secret()
    if form.is_valid():
        with form.accepting():
            actions.add_app(secret=secret, code=form.cleaned_data["code"], by=request.user)
            totp.clear_totp_secret(request)
            return _after_adding(request)
    adapter = get_adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    context = {
        "form": form,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "picture": base64.b64encode(picture.encode()).decode(),
        "back": reverse("accounts:second_factor"),
        "trail": crumbs(*_trail(), (_("Set up an app"), "")),
    }
    status = 422 if form.is_bound else 200
    return render(request, "accounts/second_factor/app.html", context, status=status)


@never_cache
@login_required
@sensitive_post_parameters()
def second_passkey(request: HttpRequest) -> HttpResponse:
    form = forms.AddPasskey.of(request, user=request.user)
    if form.is_valid():
        with form.accepting():
            given = form.cleaned_data
            actions.add_passkey(name=given["name"], response=given["answer"], by=request.user)
            return _after_adding(request)
    context = {
        "form": form,
        "options": json.dumps(webauthn.begin_registration(request.user, False)),
        "possible": passkeys_possible(request),
        "back": reverse("accounts:second_factor"),
        "trail": crumbs(*_trail(), (_("Add a passkey"), "")),
    }
    status = 422 if form.is_bound else 200
    return render(request, "accounts/second_factor/passkey.html", context, status=status)


@login_required
@sensitive_post_parameters()
def second_remove(request: HttpRequest, pk: int) -> HttpResponse:
    held = [one for one in (state.app(request.user), *state.passkeys(request.user)) if one is not None]
    factor = next((one for one in held if one.pk == pk), None)
    if factor is None:
        return redirect("accounts:second_factor")
    form = forms.WithPassword.of(request, user=request.user)
    if form.is_valid():
        with form.accepting():
            actions.remove(factor=factor, by=request.user)
            _stay(request)
            messages.success(request, _("It is taken away. Your other sessions have ended."))
            return redirect("accounts:second_factor")
    last = len(held) == 1
    return form_page(
        request,
        form,
        title=_("Turn off the second factor") if last else _("Take this away"),
        submit=_("Turn it off") if last else _("Take it away"),
        warning=_("From then on your password alone is enough to log in. The recovery codes go as well.") if last
        else _("You can no longer log in with this. Your other sessions end."),
        back=reverse("accounts:second_factor"),
        trail=_trail(),
    )  # fmt: skip


@login_required
@sensitive_post_parameters()
def second_codes_new(request: HttpRequest) -> HttpResponse:
    if not state.has(request.user):
        return redirect("accounts:second_factor")
    form = forms.WithPassword.of(request, user=request.user)
    if form.is_valid():
        with form.accepting():
            return _make_codes(request)
    return form_page(
        request,
        form,
        title=_("Make new recovery codes"),
        submit=_("Make new codes"),
        warning=_("The recovery codes you have now count no longer."),
        back=reverse("accounts:second_factor"),
        trail=_trail(),
    )


@never_cache
@login_required
def second_codes(request: HttpRequest) -> HttpResponse:
    """The codes, as long as they are new; afterwards nobody can look at them."""
    codes = _shown(request)
    if not codes:
        return redirect("accounts:second_factor")
    context = {"codes": codes, "trail": crumbs(*_trail(), (_("Recovery codes"), ""))}
    return render(request, "accounts/second_factor/codes.html", context)


@never_cache
@login_required
def second_codes_text(request: HttpRequest) -> HttpResponse:
    codes = _shown(request)
    if not codes:
        return redirect("accounts:second_factor")
    head = _("Recovery codes for NICPET. Each counts once. Keep them where nobody else comes.")
    text = "\n".join([head, request.user.email, "", *codes, ""])
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="nicpet-recovery-codes.txt"'
    return response


@login_required
@require_POST
def second_codes_kept(request: HttpRequest) -> HttpResponse:
    request.session.pop(SHOWN, None)
    messages.success(request, _("Your second factor is ready."))
    return redirect("accounts:second_factor")


@login_required
def second_reset(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation = seen_or_404(request.user, slug)
    membership = get_object_or_404(organisation.memberships.filter(active=True), pk=pk)
    if not reach.resets(request.user, membership.user, organisation):
        raise PermissionDenied
    form = Confirm.of(request)
    return act_page(
        request,
        form,
        lambda: actions.reset(membership=membership, by=request.user),
        said=_("The second factor is reset. The person gets an e-mail about it."),
        title=_("Reset the second factor of %(name)s") % {"name": membership.user.full_name},
        submit=_("Reset the second factor"),
        intro=_("For somebody who lost their telephone and recovery codes. First make sure that it is really them."),
        warning=_("App, passkeys and recovery codes are taken away, and this person is logged out everywhere."),
        back=reverse("accounts:organisation", args=[slug]),
        trail=trail_to(organisation),
    )


def passkeys_possible(request: HttpRequest) -> bool:
    """A passkey belongs to a name, not to a number, and browsers want a connection that nobody can read."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return settings.HTTPS or host == "localhost"
    return False


def _after_adding(request: HttpRequest) -> HttpResponse:
    """The first factor comes with recovery codes at once."""
    if state.codes_left(request.user):
        _stay(request)
        messages.success(request, _("It is added. Your other sessions have ended."))
        return redirect("accounts:second_factor")
    return _make_codes(request)


def _make_codes(request: HttpRequest) -> HttpResponse:
    actions.new_recovery_codes(by=request.user)
    _stay(request)
    request.session[SHOWN] = int(time.time())
    return redirect("accounts:second_codes")


def _shown(request: HttpRequest) -> list[str]:
    if not 0 <= time.time() - request.session.get(SHOWN, 0) <= SHOWN_SECONDS:
        return []
    return state.recovery_codes(request.user)


def _stay(request: HttpRequest) -> None:
    """This session goes on; all others of this person have ended."""
    request.user.refresh_from_db()
    update_session_auth_hash(request, request.user)


def _trail() -> list[Crumb]:
    return [(_("Your second factor"), reverse("accounts:second_factor"))]
