"""The page of one form: every simple act looks the same, and what cannot be undone says so first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from web.forms import Form

Crumb = tuple[str, str]
"""Label and address."""


def form_page(
    request: HttpRequest,
    form: BaseForm,
    *,
    title: str,
    submit: str,
    back: str,
    intro: str = "",
    warning: str = "",
    trail: Sequence[Crumb] = (),
    **context: Any,
) -> HttpResponse:
    """The form with its title; ``warning`` names what cannot be undone, and colours the button."""
    context |= {"form": form, "title": title, "submit": submit, "back": back, "intro": intro, "warning": warning}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/form_page.html", context | {"trail": crumbs(*trail, (title, ""))}, status=status)


def act_page(
    request: HttpRequest, form: Form, act: Callable[[], object], *, done: str = "", said: str = "", **page: Any
) -> HttpResponse:
    """One act behind a form: once accepted on to ``done`` (the way back when empty), where ``said`` is told; else the
    form again, with what was refused. ``page``: what ``form_page`` takes."""
    if form.is_valid():
        with form.accepting():
            act()
            if said:
                messages.success(request, said)
            return redirect(done or page["back"])
    return form_page(request, form, **page)


def crumbs(*entries: Crumb) -> list[dict[str, str]]:
    return [{"label": label, "url": url} for label, url in entries]
