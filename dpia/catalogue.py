"""Which templates there are: those that come with the platform, and those that were published here."""

from __future__ import annotations

from dataclasses import dataclass

from dpia.models import Template
from dpia.template import TEMPLATES, TemplateForm, from_file, stored_form
from station.contract.canonical import digest


@dataclass(frozen=True)
class Listed:
    """One version of a template. ``row`` is None while no dossier uses a template that came with the platform."""

    form: TemplateForm
    state: str
    row: Template | None

    @property
    def place(self) -> tuple[str, tuple[int, ...]]:
        return self.form.key, numbers(self.form.version)


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def shipped_keys() -> list[str]:
    return sorted(path.stem for path in TEMPLATES.glob("*.yaml"))


def listed() -> list[Listed]:
    """All versions, by key and newest first."""
    found = [Listed(stored_form(row), row.state, row) for row in Template.objects.all()]
    known = {(one.form.key, one.form.version) for one in found}
    forms = [from_file(key) for key in shipped_keys()]
    found += [Listed(form, "published", None) for form in forms if (form.key, form.version) not in known]
    newest_first = sorted(found, key=lambda one: numbers(one.form.version), reverse=True)
    return sorted(newest_first, key=lambda one: one.form.key)


def find(key: str, version: str) -> Listed | None:
    return next((one for one in listed() if (one.form.key, one.form.version) == (key, version)), None)


def newest(key: str) -> Listed | None:
    """The newest published version with this key."""
    return next((one for one in listed() if one.form.key == key and one.state == "published"), None)


def stored(one: Listed) -> Template:
    """Its row; made when a template that came with the platform is first used."""
    return one.row or store(one.form)


def store(form: TemplateForm) -> Template:
    data = form.document()
    return Template.objects.create(
        key=form.key, version=form.version, data=data, sha256=digest(data), state="published"
    )
