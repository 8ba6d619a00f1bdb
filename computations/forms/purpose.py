"""Question and purpose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from computations.forms.section import FieldSet, SectionForm


class PurposeForm(SectionForm):
    intro = _("What is asked, and what for. DPIA, legal bases and contract all carry this text.")

    def build(self) -> Iterator[FieldSet]:
        title = self.add_text("title", _("Title"), self.part["title"])
        purpose = self.add_text(
            "purpose", _("Purpose"), self.part["purpose"], rows=7,
            help_text=_("What the answer is used for, and what it is not used for."),
        )  # fmt: skip
        yield FieldSet(str(_("The question")), [title, purpose])

    def stored(self) -> dict[str, Any]:
        return {"title": self.text("title"), "purpose": self.text("purpose")}
