"""The page with all components, for people who build or test them (demo only)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from station.reasons import Reason
from web.forms import Day, Form
from web.language import language
from web.steps import Offer
from web.tones import TONES


class Example(Form):
    """Every kind of field, with help and with an error."""

    line = forms.CharField(label=_("One line"), help_text=_("At most twenty characters."), max_length=20)
    text = forms.CharField(label=_("Longer text"), widget=forms.Textarea, required=False)
    day = forms.DateField(label=_("Day"), widget=Day)
    one = forms.ChoiceField(label=_("One of a list"), choices=[("a", "A"), ("b", "B")])
    radio = forms.ChoiceField(label=_("One of these"), choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    several = forms.MultipleChoiceField(
        label=_("Some of these"), choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple, required=False
    )
    yes = forms.BooleanField(label=_("I have read it"))


@dataclass(frozen=True)
class Waiting(Reason):
    """A turn as the rooms above make it."""

    since: datetime | None = None
    url: str = "#"
    who: str = "KVK"


def gallery(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    context = {
        **_what_waits(),
        "forms": [Example(prefix="empty"), Example({"wrong-line": "x" * 21}, prefix="wrong")],
        "badges": [(state, tone) for tone, states in TONES.items() for state in states.split()[:2]],
        "steps": [
            {"label": _("Propose"), "status": "done"},
            {"label": _("Assess"), "status": "current"},
            {"label": _("Run"), "status": ""},
        ],
        "tasks": [
            {
                "label": _("Review the DPIA"),
                "detail": _("since 3 days"),
                "status": _("to do"),
                "tone": "wait",
                "url": "#",
            },
            {"label": _("Approve the legal basis"), "status": _("done"), "tone": "ok"},
        ],
    }
    return render(request, "web/gallery.html", context)


def _what_waits() -> dict[str, Any]:
    """Examples in the form in which the rooms above hand them in."""
    now, reason = timezone.now(), Reason("use_case.not_specified")
    why = [Reason("reason.needed").text(language())]
    return {
        "turns": [Waiting("use_case.not_specified", since=now - timedelta(days=days)) for days in (0, 1, 12)],
        "entries": [{"sentence": reason.text(language()), "why": why, "at": now, "who": "KVK"}],
        "offers": [Offer(_("Propose"), "#", "first"), Offer(_("Assess"), "#", "", [reason])],
        "page": Paginator(range(60), 20).get_page(2),
    }
