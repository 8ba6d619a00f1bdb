"""A text in both languages, as it stands in the YAML of templates, risks and checks."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from dpia.conditions import Form

Words = Annotated[str, Field(min_length=1, max_length=4_000)]


class Label(Form):
    nl: Words
    en: Words
