"""What the pages of a draft share: sets of fields, texts in two languages, and saving what is not complete yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collaborations.models import UseCase
from computations.models import Dataset
from web.forms import Form, dress

EMPTY_CHOICE = ("", "–")


@dataclass
class Setting:
    """What a page needs to know beside its own part: the use case, the whole draft, and the announced datasets."""

    use_case: UseCase
    draft: dict[str, Any]
    datasets: list[Dataset] = field(default_factory=list)
    more: bool = False

    @property
    def names(self) -> dict[str, str]:
        """Organisation key to name, for the parties of the draft."""
        return {party["organisation"]: party["name"] for party in self.draft["parties"]}

    def with_role(self, role: str) -> list[str]:
        return [party["organisation"] for party in self.draft["parties"] if role in party["party_roles"]]


@dataclass(frozen=True)
class FieldSet:
    """Fields that belong together; names in one row stand side by side on a wide screen."""

    legend: str
    rows: list[tuple[str, ...]]
    intro: str = ""
    facts: list[tuple[Any, Any]] = field(default_factory=list)
    alert: str = ""


class SectionForm(Form):
    """What is still empty does not stop saving: the task list says so. What cannot be read does stop it.

    A subclass builds its fields from the part of the draft it is about, and reads them back in ``stored``.
    """

    intro: Any = ""
    bilingual: bool = True  # whether the page says what an empty English text means
    more_label: Any = ""  # on pages with rows: the button that saves and gives another empty row

    def __init__(self, *args: Any, part: Any, setting: Setting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part, self.setting = part, setting
        self.sets = list(self.build())

    @property
    def comes_back(self) -> bool:
        """Whether this same page is to be shown again after saving, because new questions arose."""
        return False

    def build(self) -> Iterator[FieldSet]:
        raise NotImplementedError

    def stored(self) -> Any:
        """The section's part of the draft, as filled in now."""
        raise NotImplementedError

    def add(self, name: str, added: forms.Field, initial: Any = None) -> str:
        added.initial = initial
        self.fields[name] = added
        dress(added)
        return name

    def add_text(self, name: str, label: Any, text: dict[str, str] | None, **options: Any) -> tuple[str, str]:
        """A text in two languages: Dutch is asked, English may be left empty. The help is about both."""
        lines, help_text = options.pop("rows", 0), options.pop("help_text", "")
        fields = []
        for language, word in (("nl", _("Dutch")), ("en", _("English"))):
            widget = forms.Textarea(attrs={"rows": lines}) if lines else forms.TextInput()
            widget.attrs |= {"lang": language}
            made = forms.CharField(
                label=f"{label} ({word})", widget=widget, help_text=help_text if language == "nl" else "",
                required=language == "nl", max_length=20_000,
            )  # fmt: skip
            fields.append(self.add(f"{name}_{language}", made, (text or {}).get(language, "")))
        return fields[0], fields[1]

    def text(self, name: str) -> dict[str, str]:
        return {language: self.cleaned_data.get(f"{name}_{language}", "") for language in ("nl", "en")}

    def rows(self, name: str, least: int) -> int:
        """How many rows there are: at least so many, and all that were posted, so that none is lost."""
        posted = 0
        while self.is_bound and f"{name}_{posted}" in self.data:
            posted += 1
        return max(least, posted)

    @property
    def shown(self) -> Iterator[tuple[FieldSet, list[list[Any]]]]:
        for entry in self.sets:
            yield entry, [[self[name] for name in row] for row in entry.rows]

    def _post_clean(self) -> None:
        super()._post_clean()
        for name, problems in list(self.errors.as_data().items()):
            if name in self.fields and all(problem.code == "required" for problem in problems):
                del self.errors[name]
                self.cleaned_data[name] = self.fields[name].to_python(None)


def choices(words: dict[str, Any], *, empty: bool = True) -> list[tuple[str, Any]]:
    return [EMPTY_CHOICE, *words.items()] if empty else list(words.items())
