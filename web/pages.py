"""The page of one form: every simple act looks the same, and what cannot be undone says so first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

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


def crumbs(*entries: Crumb) -> list[dict[str, str]]:
    return [{"label": label, "url": url} for label, url in entries]
