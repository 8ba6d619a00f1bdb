"""From when on runs start by themselves, and at what time of day."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from web.forms import Day, Form


class Clock(forms.TimeInput):
    """The browser's own field for a time of day."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class Plan(Form):
    first_day = forms.DateField(
        label=_("First day"), widget=Day, help_text=_("The other days follow from it, as often as the contract says.")
    )
    at = forms.TimeField(label=_("Time of day"), widget=Clock, help_text=_("Dutch time. The stations must be at work."))
