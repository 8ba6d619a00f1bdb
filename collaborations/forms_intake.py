"""What people fill in to write down a use case, to end one, and to look at it again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.dateformat import format as formatted
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from collaborations.access import LONGEST
from collaborations.forms import one_of
from collaborations.intake import ASKED, label
from collaborations.models import UseCase
from collaborations.models.plan import LINE, REACHED, THEMES, theme_label
from web.forms import Day, Form


def _line(text: Any, help_text: Any = "", *, limit: int = LINE) -> forms.CharField:
    return forms.CharField(label=text, help_text=help_text, max_length=limit, required=False)


def _lines(text: Any, help_text: Any = "", *, rows: int = 4, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=text, help_text=help_text, widget=widget, max_length=LONGEST, required=required)


class Intake(Form):
    """Nothing has to be filled in to keep it. ``key`` names the draft before there is one; ``seen`` the revision."""

    title = _line(_("Title"), _("Short, as you would call it in a meeting."), limit=200)
    theme = forms.ChoiceField(label=_("Theme"), choices=[("", _("Choose a theme")), *THEMES], required=False)
    own_theme = _line(_("Theme in your own words"), _("Only when you chose another theme."), limit=100)
    summary = _lines(
        _("Summary"), _("Which question is asked, what for, and what will be done with the answer."), rows=6
    )
    helped = _lines(_("Who is helped"), _("For example: families with debts that nobody knows of yet."))
    value = _lines(_("Expected value for society"), _("What gets better, and for how many people, as you expect now."))
    indicator = _line(_("What is measured"), _("For example: families that accept help within a month."))
    baseline = _line(_("How it is now"), _("A figure, or how you will find it."))
    target = _line(_("What you aim for"), _("The figure that makes you call it a success."))
    measure_on = forms.DateField(label=_("Measured on"), widget=Day, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    SETS = (
        (_("What you ask"), ("title", "theme", "own_theme", "summary")),
        (_("What it brings"), ("helped", "value")),
        (_("How you will measure it"), ("indicator", "baseline", "target", "measure_on")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ASKED:
            self.fields[name].asked_later = True  # to propose it is needed, to keep a draft it is not

    def texts(self) -> dict[str, Any]:
        """What the actions take."""
        texts = {name: self.cleaned_data[name] for name in ASKED}
        if texts["theme"] == "other" and self.cleaned_data["own_theme"]:
            texts["theme"] = self.cleaned_data["own_theme"]
        return texts

    def sets(self) -> list[tuple[Any, list[forms.BoundField]]]:
        shown = [(legend, [self[name] for name in names]) for legend, names in self.SETS]
        if "organisation" in self.fields:
            shown[0][1].insert(0, self["organisation"])
        return shown

    def differences(self, use_case: UseCase) -> list[dict[str, str]]:
        """What is saved now against what this person filled in."""
        texts = self.texts() if not self.errors.keys() - {"__all__"} else {}
        told = [(name, _shown(name, getattr(use_case, name)), _shown(name, new)) for name, new in texts.items()]
        return [
            {"where": str(capfirst(label(name))), "before": before, "after": after}
            for name, before, after in told
            if before != after
        ]

    def now_seen(self, revision: int) -> None:
        """The page shows what stands there now, so the next answer is about that."""
        if self.is_bound:
            self.data = self.data.copy()
            self.data["seen"] = str(revision)

    @staticmethod
    def filled(use_case: UseCase) -> dict[str, Any]:
        """The form as the use case stands."""
        data = {name: getattr(use_case, name) for name in ASKED} | {"seen": use_case.revision}
        if use_case.theme and use_case.theme not in dict(THEMES):
            data |= {"theme": "other", "own_theme": use_case.theme}
        return data


def _shown(name: str, value: Any) -> str:
    """As the page itself says it: a theme by its label, a day written out."""
    if name == "theme" and value:
        return theme_label(value)
    return formatted(value, "j F Y") if isinstance(value, date) else str(value or "")


class NewIntake(Intake):
    organisation = forms.ModelChoiceField(
        label=_("On behalf of"), queryset=Organisation.objects.none(), to_field_name="slug", empty_label=None
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one_of(self.fields["organisation"], organisations)


class StartFrom(Form):
    organisation = forms.ModelChoiceField(
        label=_("On behalf of"), queryset=Organisation.objects.none(), to_field_name="slug", empty_label=None
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one_of(self.fields["organisation"], organisations)


class Close(Form):
    """Against the plan: what was aimed for stands above the form."""

    outcome = _lines(_("Outcome"), _("What was done with the result, and what it brought."), required=True)
    reached = forms.ChoiceField(
        label=_("Was the aim reached?"), choices=REACHED, widget=forms.RadioSelect, required=False
    )
    figure = _line(_("Measured figure"), _("What was measured by now, as in the plan."))
    explanation = _lines(
        _("Explanation"), _("Needed unless the aim was reached: what was in the way, or why it cannot be said.")
    )
    lessons = _lines(_("Lessons"), _("What would you tell others?"))
    evaluate_on = forms.DateField(
        label=_("Evaluate on"), help_text=_("On that day you are asked how things stand then."), widget=Day,
        required=False,
    )  # fmt: skip


class Evaluation(Form):
    reached = forms.ChoiceField(label=_("Was the aim reached?"), choices=REACHED, widget=forms.RadioSelect)
    figure = _line(_("Measured figure"), _("What was measured by now, as in the plan."))
    evaluation = _lines(_("How do things stand now?"), _("What stayed of it, and what would you do otherwise?"))
