"""The page with all components, for people who build or test them (demo only)."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from web.forms import Day, Form
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


def gallery(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    context = {
        "forms": [Example(), Example({"line": "x" * 21})],
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
