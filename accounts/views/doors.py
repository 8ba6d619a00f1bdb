"""Getting in and out, and the language of the pages."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts import forms
from accounts.second_factor import state
from accounts.views import second_step

YEAR = 365 * 24 * 3600


class LogIn(LoginView):
    """Django's own, then the second step for who has one; and from then on the language the person has chosen."""

    authentication_form = forms.LogIn
    template_name = "accounts/log_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form: forms.LogIn) -> HttpResponse:
        user = form.get_user()
        if state.has(user):
            return _speak(second_step.begin(self.request, user, self.get_success_url()), user.language)
        response = super().form_valid(form)
        return _speak(redirect("accounts:second_factor") if state.lacks(user) else response, user.language)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Chooses the language for this browser, and for the account of whoever is logged in."""
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    response = redirect(target if safe else "/")
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        return response
    if request.user.is_authenticated:
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    return _speak(response, chosen)


def _speak(response: HttpResponse, chosen: str) -> HttpResponse:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
