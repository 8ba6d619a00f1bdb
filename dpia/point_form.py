"""The form of one point: the questions that this person's organisation can answer, saved together or not at all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from dpia import actions
from dpia.checking import checked, fingerprint, marks_of
from dpia.forms import sentences
from dpia.models import Assessment
from dpia.reading import words
from dpia.rows import Rows
from dpia.sheet import Sheet
from dpia.template import Point, Question
from station.reasons import Refused
from web.forms import Day, Form

YES_NO = {"yes": True, "no": False}


class QuestionField(forms.Field):
    """A question as a form field. Nothing is demanded while drafting; whether it is complete is said elsewhere."""

    def __init__(self, question: Question) -> None:
        super().__init__(label=words(question.label), widget=_widget(question), required=question.required)
        self.question = question
        if question.help:
            self.help_text = words(question.help)

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if self.question.type == "bool" else value

    def clean(self, value: Any) -> Any:
        value = YES_NO.get(value, value) if self.question.type == "bool" else value
        try:
            return checked(self.question, value)
        except Refused as refusal:
            raise ValidationError(sentences(refusal)) from refusal


class PointForm(Form):
    """Beside each question a hidden fingerprint tells what stood there when the form was opened, so that nobody
    overwrites a text that they did not see. A posted form holds the questions that it was opened with."""

    def __init__(self, data: Any = None, *, sheet: Sheet, point: Point, organisation: Organisation) -> None:
        self.sheet, self.organisation = sheet, organisation
        self.changed_by_others: set[str] = set()
        self.typed: dict[str, Any] = {}
        shown = {question.id for question in sheet.shown(organisation)}
        opened = shown if data is None else {name.removeprefix("seen-") for name in data if name.startswith("seen-")}
        asked = [q for q in point.questions if q.id in opened and not q.locked and q.type != "attachment"]
        self.base_fields = {question.id: QuestionField(question) for question in asked}
        super().__init__(data, initial={question.id: sheet.answer(question, organisation) for question in asked})

    def seen(self, question: Question) -> str:
        if question.id not in self.changed_by_others and (posted := self.data.get(f"seen-{question.id}")):
            return str(posted)
        return fingerprint(question, self.sheet.answer(question, self.organisation))

    def tables(self) -> dict[str, Rows]:
        return {name: field.widget for name, field in self.fields.items() if isinstance(field.widget, Rows)}

    def save(self, by: User) -> bool:
        """Everything or nothing: an answer that is refused keeps all of them in the form."""
        assessment = self.sheet.assessment
        if self.is_valid():
            self.typed = self.cleaned_data.copy()
            with transaction.atomic():
                for name, value in self.typed.items():
                    self._save_one(assessment, name, value, by)
                if self.errors:
                    transaction.set_rollback(True)
        if self.errors:
            self._keep_aside(assessment, by)
            self.sheet = Sheet(Assessment.objects.get(pk=assessment.pk))
        return not self.errors

    def _keep_aside(self, assessment: Assessment, by: User) -> None:
        """Both texts of a conflict are kept, whichever of them is the answer in the end."""
        for name in self.changed_by_others & set(self.typed):
            question, value = self.fields[name].question, self.typed[name]
            whose = self.organisation if question.per == "controller" else None
            actions.keep_aside(assessment=assessment, question=name, value=value, by=by, organisation=whose)

    def _save_one(self, assessment: Assessment, name: str, value: Any, by: User) -> None:
        question = self.fields[name].question
        whose = self.organisation if question.per == "controller" else None
        seen = self.data[f"seen-{name}"]
        try:
            actions.answer(assessment=assessment, question=name, value=value, by=by, organisation=whose, seen=seen)
        except Refused as refusal:
            self._refuse(name, refusal)

    def _refuse(self, name: str, refusal: Refused) -> None:
        """At the question when it is about that, else once above the form."""
        codes = {reason.code for reason in refusal.reasons}
        if "answer.changed" in codes:
            self.changed_by_others.add(name)
        field = name if any(code.startswith("answer.") for code in codes) else None
        for text in sentences(refusal):
            if text not in self.errors.get(field or "__all__", []):
                self.add_error(field, text)


def _widget(question: Question) -> forms.Widget:
    options = [(option.key, words(option.label)) for option in question.options]
    if question.tabular:
        marks = [mark for mark in ("id", "library") if mark in marks_of(question)]
        return Rows(question.columns, question.rows, marks, question.ground)
    if question.type in ("multichoice", "reference"):
        return forms.CheckboxSelectMultiple(choices=options)
    if question.type == "choice":
        return forms.RadioSelect(choices=options)
    if question.type == "bool":
        return forms.RadioSelect(choices=[("yes", _("Yes")), ("no", _("No"))])
    if question.type == "date":
        return Day()
    if question.type == "number":
        return forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.Textarea(attrs={"rows": 8}) if question.type == "longtext" else forms.TextInput()
