"""What people fill in about a legal basis. The law is cited, not checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from collaborations.access import LONGEST
from collaborations.actions.basis_text import COLUMNS, BasisText, Citation, text_of
from collaborations.forms import PaperField
from collaborations.models import LegalBasis, UseCase, grounds
from web.forms import Day, Form, dress

MORE_CITATIONS = 2
"""Room for this many provisions beside the main one; a row that has more keeps them."""
SECTIONS = [
    ("purpose", _("What it is about"), ""),
    ("regime", _("Ground"), _("The ground for processing at all, and what the data ask for beside it.")),
    ("law_id", _("Provision"), _("The main provision: the one that gives the task or allows this operation.")),
    (
        "law_id_2", _("Further provisions"),
        _("For example the one that makes providing a duty. Leave open what you do not need."),
    ),
    ("secrecy", _("Secrecy duty"), ""),
    (
        "further_use", _("Purpose of the collection, and compatibility"),
        _("The five questions are needed for another purpose that is compatible with the first one."),
    ),
    ("valid_from", _("Validity"), ""),
]  # fmt: skip
"""The first field of each part of the form, with its title and help."""
CITED = ("law_id", "article", "version_date", "quote", "remark", "verified")


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _choice(label: Any, choices: list[tuple[str, Any]], help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[("", _("Not filled in")), *choices], help_text=help_text, required=False
    )


class Basis(Form):
    """One row: what for, with which data, which operation, on what ground, and what else the law asks."""

    purpose = forms.CharField(
        label=_("Purpose"), help_text=_("What this partner does it for."), widget=_lines(3), max_length=LONGEST
    )
    data_category = forms.CharField(
        label=_("Data category"), help_text=_("For example: arrears of entrepreneurs."), max_length=100
    )
    operation = forms.ChoiceField(
        label=_("Operation"), choices=[("", _("Choose an operation")), *LegalBasis.OPERATIONS]
    )
    side = _choice(_("Side"), grounds.SIDES, _("Providing and receiving each need a row of their own."))
    counterpart = forms.ChoiceField(
        label=_("Other side"), help_text=_("Who receives what you provide, or provides what you receive."),
        required=False,
    )  # fmt: skip
    regime = forms.ChoiceField(label=_("Regime"), choices=LegalBasis.REGIMES)
    ground = forms.ChoiceField(
        label=_("Ground"),
        help_text=_("A public body cannot rest its tasks on legitimate interest (article 6(1)(f) GDPR)."),
        choices=[("", _("Choose a ground")), *LegalBasis.GROUNDS],
    )
    special = _choice(
        _("Exception for special categories"), grounds.SPECIAL, _("Needed when the specification holds such data.")
    )
    criminal = _choice(
        _("Ground for criminal data"), grounds.CRIMINAL,
        _("Needed when the specification holds such data, unless the Wpg or Wjsg applies."),
    )  # fmt: skip
    number = _choice(
        _("Ground for the national number"), grounds.NUMBER,
        _("Needed when the specification holds a national number, such as the BSN."),
    )  # fmt: skip
    law_id = forms.CharField(
        label=_("Law"), help_text=_("The act or regulation: its BWBR number, or as it is cited."), max_length=100
    )
    article = forms.CharField(label=_("Article"), max_length=60)
    version_date = forms.DateField(
        label=_("Text as of"), help_text=_("The day of the text that you read."), widget=Day, required=False
    )
    provision = forms.CharField(
        label=_("Provision"), help_text=_("What it says, and why it covers this operation."), widget=_lines(4),
        max_length=LONGEST,
    )  # fmt: skip
    quote = forms.CharField(label=_("Quotation"), widget=_lines(2), max_length=2_000, required=False)
    remark = forms.CharField(label=_("Remark on the citation"), max_length=2_000, required=False)
    verified = forms.BooleanField(label=_("I compared this citation with the published text"), required=False)
    secrecy = _choice(_("Secrecy duty"), grounds.SECRECY)
    secrecy_provision = forms.CharField(label=_("Provision of the secrecy duty"), max_length=200, required=False)
    secrecy_lifted_by = forms.CharField(label=_("What lifts the secrecy duty"), max_length=1_000, required=False)
    further_use = _choice(_("Compared with the purpose of the collection, this is"), grounds.FURTHER_USE)
    collected_for = forms.CharField(
        label=_("Purpose of the collection"), help_text=_("Needed when this purpose is another one."),
        widget=_lines(2), max_length=2_000, required=False,
    )  # fmt: skip
    valid_from = forms.DateField(label=_("Valid from"), widget=Day)
    valid_to = forms.DateField(label=_("Valid to"), help_text=_("That day included."), widget=Day)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, use_case: UseCase, own: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = use_case.parties().exclude(organisation=own).select_related("organisation")
        names = [(partner.organisation.slug, partner.organisation.name) for partner in others]
        self.fields["counterpart"].choices = [("", _("Not filled in")), *names]
        self._add_questions()
        self._add_citations()
        for field in list(self.fields.values()):
            dress(field)
        self.order_fields(self._order())

    def sections(self) -> Iterator[tuple[Any, Any, list[forms.BoundField]]]:
        """Title, help and fields of each part of the form; what stands in no part comes with the last."""
        starts = {name: (title, help_text) for name, title, help_text in SECTIONS}
        part: tuple[Any, Any, list[forms.BoundField]] | None = None
        for field in self:
            if part is None or field.name in starts:
                if part is not None:
                    yield part
                part = (*starts.get(field.name, ("", "")), [])
            part[2].append(field)
        if part is not None:
            yield part

    def text(self) -> BasisText:
        data = self.cleaned_data
        return BasisText(
            **{name: data[name] for name in COLUMNS},
            compatibility={key: data[f"compatible_{key}"] for key in grounds.QUESTIONS},
            citations=(self._cited(""), *(self._cited(f"_{n}") for n in self._more() if data[f"law_id_{n}"])),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for n in self._more():
            if bool(data.get(f"law_id_{n}")) != bool(data.get(f"article_{n}")):
                self.add_error(f"article_{n}", _("A citation has a law and an article. Fill in both, or neither."))
        return data

    def _cited(self, end: str) -> Citation:
        return Citation(**{name: self.cleaned_data[f"{name}{end}"] for name in CITED})

    def _more(self) -> range:
        kept = sum(1 for name in self.initial if str(name).startswith("law_id_"))
        return range(2, 2 + max(MORE_CITATIONS, kept))

    def _add_questions(self) -> None:
        for key, label in grounds.QUESTIONS.items():
            self.fields[f"compatible_{key}"] = forms.CharField(
                label=label, widget=_lines(2), max_length=2_000, required=False
            )

    def _add_citations(self) -> None:
        for n in self._more():
            self.fields[f"law_id_{n}"] = forms.CharField(
                label=_("Provision %(number)d: law") % {"number": n}, max_length=100, required=False
            )
            self.fields[f"article_{n}"] = forms.CharField(
                label=_("Provision %(number)d: article") % {"number": n}, max_length=60, required=False
            )
            self.fields[f"version_date_{n}"] = forms.DateField(
                label=_("Provision %(number)d: text as of") % {"number": n}, widget=Day, required=False
            )
            self.fields[f"quote_{n}"] = forms.CharField(widget=forms.HiddenInput, max_length=2_000, required=False)
            self.fields[f"remark_{n}"] = forms.CharField(
                label=_("Provision %(number)d: what it is cited for") % {"number": n}, max_length=2_000, required=False
            )
            self.fields[f"verified_{n}"] = forms.BooleanField(
                label=_("I compared provision %(number)d with the published text") % {"number": n}, required=False
            )

    def _order(self) -> Iterator[str]:
        """The other provisions stand after the main one, the questions after the purpose that they compare."""
        for name in type(self).base_fields:
            yield name
            if name == "verified":
                yield from (f"{part}_{n}" for n in self._more() for part in CITED)
            if name == "collected_for":
                yield from (f"compatible_{key}" for key in grounds.QUESTIONS)


class BasisPaper(Form):
    """A paper under a draft."""

    document = PaperField(
        label=_("Document"), help_text=_("A PDF, PNG, JPG, DOCX or ODT of at most 20 MB. Its hash is kept.")
    )


def filled(basis: LegalBasis) -> dict[str, Any]:
    """The form as the row stands."""
    text = text_of(basis)
    found = {name: getattr(text, name) for name in COLUMNS}
    found |= {f"compatible_{key}": answer for key, answer in text.compatibility.items()}
    for number, entry in enumerate(text.cited(), 1):
        end = "" if number == 1 else f"_{number}"
        found |= {f"{name}{end}": getattr(entry, name) for name in CITED}
    return found
