"""What people fill in about an agreement: parties, days, the document, and who does what for data subjects."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from collaborations.actions.agreements import KINDS, Contact, RightRow
from collaborations.forms import PaperField
from collaborations.models import Agreement
from collaborations.models.agreements import RIGHTS
from web.forms import Day, Form, dress


class NewAgreement(Form):
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Agreement._meta.get_field("kind").choices,
        widget=forms.RadioSelect,
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    parties = forms.ModelMultipleChoiceField(
        label=_("Parties"), queryset=Organisation.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    valid_from = forms.DateField(label=_("Valid from"), widget=Day)
    valid_to = forms.DateField(label=_("Valid to"), help_text=_("That day included."), widget=Day)
    document = PaperField(
        label=_("Document"),
        help_text=_("At most 20 MB: pdf, docx, odt or txt. Its hash goes into the contract."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(f".{ending}" for ending in KINDS)}),
    )
    signing = forms.ChoiceField(
        label=_("How it is signed"),
        choices=[
            ("paper", _("on paper: I confirm that all parties have signed this document")),
            ("here", _("here: the mandated manager of every party signs on this platform")),
        ],
        widget=forms.RadioSelect,
        initial="paper",
        required=False,
    )
    contact_name = forms.CharField(
        label=_("Contact point for data subjects"),
        help_text=_("The name of a desk, not of a person. Needed when the agreement is signed here."),
        max_length=150,
        required=False,
    )
    contact_email = forms.EmailField(label=_("E-mail address of the contact point"), required=False)
    contact_phone = forms.CharField(label=_("Telephone of the contact point"), max_length=40, required=False)

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parties"].queryset = organisations
        for key, label in RIGHTS:
            who = forms.ModelChoiceField(
                label=_("Who carries out: %(right)s") % {"right": label},
                queryset=organisations,
                required=False,
                empty_label=_("not recorded here"),
            )
            remarks = forms.CharField(
                label=_("Remarks on: %(right)s") % {"right": label}, max_length=500, required=False
            )
            for name, field in ((f"right_{key}", who), (f"remarks_{key}", remarks)):
                dress(field)
                self.fields[name] = field

    def recorded(self) -> dict[str, Any]:
        """What the action takes."""
        data, document = self.cleaned_data, self.cleaned_data["document"]
        plain = {key: data[key] for key in ("kind", "title", "parties", "valid_from", "valid_to")}
        rows = ((key, data[f"right_{key}"], data[f"remarks_{key}"]) for key, _label in RIGHTS)
        return {
            **plain,
            "document": document.read(),
            "document_name": document.name,
            "on_paper": data["signing"] != "here",
            "contact": Contact(data["contact_name"], data["contact_email"], data["contact_phone"]),
            "rights": [RightRow(key, who, remarks) for key, who, remarks in rows if who is not None],
        }

    def ask_again(self) -> None:
        """Says that a chosen file has to be chosen again: no browser keeps it after an error elsewhere."""
        if self.errors and "document" in self.files and "document" not in self.errors:
            self.add_error("document", _("Choose the document again: a browser does not keep it after an error."))


def filled_with(agreement: Agreement) -> dict[str, Any]:
    """A next version starts from the words of the one it will replace; only the document is chosen again."""
    return {
        "kind": agreement.kind,
        "title": agreement.title,
        "parties": list(agreement.parties.all()),
        "valid_from": agreement.valid_from,
        "valid_to": agreement.valid_to,
        "signing": "paper" if agreement.on_paper else "here",
        "contact_name": agreement.contact_name,
        "contact_email": agreement.contact_email,
        "contact_phone": agreement.contact_phone,
        **{f"right_{row.right}": row.organisation_id for row in agreement.rights.all()},
        **{f"remarks_{row.right}": row.remarks for row in agreement.rights.all()},
    }
