"""Templates written, checked and published by the platform's administrators. What is published never changes."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

import audit
from accounts.models import User
from accounts.roles import manages_platform
from dpia.catalogue import listed, numbers, store
from dpia.models import Template, TemplateDraft
from dpia.template import read_template
from dpia.template_file import MOST_KIB
from station.reasons import Refused


@transaction.atomic
def begin_template(*, text: str, by: User) -> TemplateDraft:
    """A draft keeps its text with all its mistakes; they are told when it is read."""
    _require(by)
    draft = TemplateDraft.objects.create(text=_stored(text), begun_by=by, changed_by=by)
    audit.record("template.begun", by=by, about=draft)
    return draft


@transaction.atomic
def edit_template(*, draft: TemplateDraft, text: str, seen: int, by: User) -> TemplateDraft:
    """``seen``: the revision that was opened; somebody else's change meanwhile is not overwritten."""
    draft = _open(draft, by)
    if draft.revision != seen:
        raise Refused("template.changed")
    if draft.text == (text := _stored(text)):
        return draft
    draft.text, draft.changed_by, draft.changed_at = text, by, timezone.now()
    draft.revision += 1
    draft.save()
    audit.record("template.edited", by=by, about=draft)
    return draft


@transaction.atomic
def publish_template(*, draft: TemplateDraft, seen: int, by: User) -> Template:
    """Makes it a version that dossiers can use. Who wrote it does not publish it."""
    draft = _open(draft, by)
    if draft.revision != seen:
        raise Refused("template.changed")
    if by in (draft.begun_by, draft.changed_by):
        raise Refused("template.own")
    form = read_template(draft.text)
    before = [numbers(one.form.version) for one in listed() if one.form.key == form.key]
    if before and numbers(form.version) <= max(before):
        raise Refused("template.version", version=form.version, newest=".".join(map(str, max(before))))
    row = store(form)
    draft.state = "published"
    draft.save()
    audit.record("template.published", by=by, about=row, key=form.key, version=form.version, sha256=row.sha256)
    return row


@transaction.atomic
def drop_template(*, draft: TemplateDraft, by: User) -> TemplateDraft:
    draft = _open(draft, by)
    draft.state = "dropped"
    draft.save()
    audit.record("template.dropped", by=by, about=draft)
    return draft


def _require(by: User) -> None:
    if not manages_platform(by):
        raise PermissionDenied("manage_platform")


def _open(draft: TemplateDraft, by: User) -> TemplateDraft:
    _require(by)
    draft = TemplateDraft.objects.select_for_update().select_related("begun_by", "changed_by").get(pk=draft.pk)
    if draft.state != "open":
        raise Refused("lifecycle.state", state=str(draft.get_state_display()))
    return draft


def _stored(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text.encode("utf-8", "replace")) > MOST_KIB * 1024:
        raise Refused("template.too_large", kib=MOST_KIB)
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise Refused("answer.characters")
    return text
