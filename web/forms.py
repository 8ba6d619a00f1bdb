"""One base for all forms: the look of the widgets, and refusals of an action shown as errors of the form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from station.reasons import Refused
from web.language import language

CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.Textarea, "utrecht-textarea utrecht-textarea--html-textarea"),
    (forms.CheckboxInput, ""),
    (forms.RadioSelect, ""),
    (forms.CheckboxSelectMultiple, ""),
    (forms.Select, "utrecht-select utrecht-select--html-select"),
    (forms.Widget, "utrecht-textbox utrecht-textbox--html-input"),
)


class Day(forms.DateInput):
    """The browser's own date field; it wants ISO dates whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Form(forms.Form):
    """Fields dressed in our components; ``accepting()`` catches what an action refuses."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dress(field)

    @classmethod
    def of(cls, request: HttpRequest, **kwargs: Any) -> Self:
        """Filled with what was posted, or empty for a first look."""
        return cls(request.POST, request.FILES, **kwargs) if request.method == "POST" else cls(**kwargs)

    def now_seen(self, mark: object) -> None:
        """What stands there now is shown beside the refusal, so the next answer is about that."""
        self.data = self.data.copy()
        self.data["seen"] = str(mark)

    @contextmanager
    def accepting(self) -> Iterator[None]:
        """Run an action; what it refuses stands above the form, and nothing was written."""
        try:
            yield
        except Refused as refusal:
            for reason in refusal.reasons:
                self.add_error(None, reason.text(language()))


class Confirm(Form):
    """Nothing to fill in: only the question whether it is meant."""


class Reasoned(Form):
    """An act that needs its reason."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("All partners can read this."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2_000,
    )


def dress(field: forms.Field) -> None:
    """Give a field's widget the class of its component."""
    css = next(css for kind, css in CLASSES if isinstance(field.widget, kind))
    extra = str(field.widget.attrs.get("class", ""))
    if css and css not in extra:
        field.widget.attrs["class"] = f"{css} {extra}".strip()
