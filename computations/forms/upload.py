"""A specification from a file: JSON or YAML of the same form as the download."""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from web.forms import Form

LARGEST = 1024 * 1024


class Upload(Form):
    file = forms.FileField(
        label=_("Specification (JSON or YAML)"),
        help_text=_("At most 1 MB. The download of a version has the right form."),
        widget=forms.FileInput(attrs={"accept": ".json,.yaml,.yml,application/json,application/yaml"}),
    )

    def clean_file(self) -> Any:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is None or file.size > LARGEST:
            raise ValidationError(_("This file is larger than 1 MB. A specification is much smaller; choose another."))
        try:
            text = file.read().decode()
            if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=yaml.SafeLoader)):
                raise ValidationError(_("This file repeats parts by reference (*). Write them out in full."))
            return _plain(yaml.safe_load(text))
        except (UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError):
            raise ValidationError(_("This file cannot be read as JSON or YAML (UTF-8). Is it the right one?")) from None


def _plain(node: Any) -> Any:
    """YAML reads 2026-12-01 as a day; in a specification it is text."""
    if isinstance(node, dict):
        return {str(name): _plain(value) for name, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    return node.isoformat() if isinstance(node, date) else node
