"""What people fill in about an incident."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from collaborations.forms import one_of
from computations.models import Run
from web.forms import Form


class Moment(forms.DateTimeInput):
    """The browser's own field for a day and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class NewIncident(Form):
    organisation = forms.ModelChoiceField(
        label=_("On behalf of"), queryset=Organisation.objects.none(), to_field_name="slug", empty_label=None
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    what = forms.CharField(
        label=_("What happened"),
        help_text=_("All partners can read this. Do not name any person whose data it is about."),
        widget=forms.Textarea,
        max_length=10_000,
    )
    discovered_at = forms.DateTimeField(
        label=_("Discovered at"), help_text=_("Dutch time. The clock of 72 hours starts here."), widget=Moment
    )
    runs = forms.ModelMultipleChoiceField(
        label=_("Runs it is about"), queryset=Run.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )
    measures = forms.CharField(
        label=_("Measures taken so far"), widget=forms.Textarea, max_length=10_000, required=False
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], runs: QuerySet[Run], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one_of(self.fields["organisation"], organisations)
        self.fields["runs"].queryset = runs
        self.fields["runs"].label_from_instance = _name
        if not runs.exists():
            del self.fields["runs"]


class Decision(Form):
    notified_at = forms.DateTimeField(
        label=_("Notified to the Dutch data protection authority at"),
        help_text=_("Dutch time. Leave it empty when it is not notified."),
        widget=Moment,
        required=False,
    )
    why_not = forms.CharField(
        label=_("Why it is not notified"),
        help_text=_("Only when there is no notification. All partners can read this."),
        widget=forms.Textarea,
        max_length=10_000,
        required=False,
    )


class Closing(Form):
    measures = forms.CharField(label=_("Measures taken"), widget=forms.Textarea, max_length=10_000)


def _name(run: Run) -> str:
    return _("Slot %(slot)s, %(day)s") % {"slot": run.slot, "day": run.queued_at.date().isoformat()}
