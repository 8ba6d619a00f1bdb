"""A specification from a file: JSON or YAML of the same form as the download."""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from station.contract.canonical import load
from station.reasons import Refused
from web.forms import Form
from web.language import language

LARGEST = 1024 * 1024
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the fast one where it was built


class Discard(Form):
    """Nothing to fill in; ``seen`` is the revision of the draft that was shown."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class Upload(Form):
    file = forms.FileField(
        label=_("Specification (JSON or YAML)"),
        help_text=_("At most 1 MB. The download of a version has the right form."),
        widget=forms.FileInput(attrs={"accept": ".json,.yaml,.yml,application/json,application/yaml"}),
    )

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_file(self) -> Any:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is None or file.size > LARGEST:
            raise ValidationError(_("This file is larger than 1 MB. A specification is much smaller; choose another."))
        try:
            text = file.read().decode()
            return load(text) if text.lstrip().startswith("{") else _plain(_yaml(text))
        except Refused as refusal:
            raise ValidationError([reason.text(language()) for reason in refusal.reasons]) from None
        except (UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError):
            raise ValidationError(_("This file cannot be read as JSON or YAML (UTF-8). Is it the right one?")) from None


def _yaml(text: str) -> Any:
    """A reference to another part could make a small file very large, so there are none."""
    if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=LOADER)):
        raise ValidationError(_("This file repeats parts by reference (*). Write them out in full."))
    return yaml.load(text, Loader=LOADER)  # noqa: S506 (it is a safe loader)


def _plain(node: Any) -> Any:
    """YAML reads 2026-12-01 as a day; in a specification it is text."""
    if isinstance(node, dict):
        return {str(name): _plain(value) for name, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    return node.isoformat() if isinstance(node, date) else node
