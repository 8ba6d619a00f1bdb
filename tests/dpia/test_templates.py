"""Templates in the browser: written by one platform administrator, published by another, and never changed again."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.models import Organisation
from dpia import actions, catalogue
from dpia.comparing import differences
from dpia.models import Template, TemplateDraft
from dpia.template import from_file, read_template
from dpia.views import written
from tests.collaborations.world import new_person
from tests.dpia.pages import text
from tests.dpia.people import refused
from tests.dpia.test_template import LABEL, OPTIONS, YAML, form, question


@pytest.fixture
def admins(db):
    platform = Organisation.objects.create(slug="platform", name="Platform")
    return [new_person(f"admin{n}@platform.example", platform, "platform_admin") for n in (1, 2)]


def next_version(version="2.0.0"):
    core = written(from_file("nl-dpia-pet-core"))
    return core.replace("version: 1.1.0", f"version: {version}", 1)


@pytest.mark.parametrize("key", catalogue.shipped_keys())
def test_written_as_yaml_and_read_again_it_is_the_same(key):
    assert read_template(written(from_file(key))) == from_file(key)


def test_another_administrator_publishes_and_new_dossiers_use_it(admins, cast):
    one, two = admins
    draft = actions.begin_template(text=next_version(), by=one)
    with refused("template.own"):
        actions.publish_template(draft=draft, seen=1, by=one)
    row = actions.publish_template(draft=draft, seen=1, by=two)
    assert catalogue.newest("nl-dpia-pet-core").row == row
    row.data = {}
    with transaction.atomic(), pytest.raises(DatabaseError):
        row.save()
    made = actions.create_assessment(
        title="t", template="nl-dpia-pet-core", facts=cast.assessment.facts.data, by=cast.person("alfa", "drafter"),
        controllers=[cast.world.organisations["alfa"]], coordinator=cast.world.organisations["alfa"],
        context=cast.assessment,
    )  # fmt: skip
    assert made.template.version == "2.0.0"


@pytest.mark.parametrize("version", ["1.1.0", "0.9.0"])
def test_a_version_is_newer_than_what_there_is(admins, version):
    draft = actions.begin_template(text=next_version(version), by=admins[0])
    with refused("template.version"):
        actions.publish_template(draft=draft, seen=1, by=admins[1])


def test_what_is_wrong_is_kept_and_not_published(admins):
    draft = actions.begin_template(text=YAML.replace("nl: Vraag", "nl: no"), by=admins[0])
    with refused("template.problem"):
        actions.publish_template(draft=draft, seen=1, by=admins[1])
    assert TemplateDraft.objects.get().text == YAML.replace("nl: Vraag", "nl: no")
    assert not Template.objects.filter(key="t").exists()


def test_nobody_overwrites_or_publishes_what_was_changed_meanwhile(admins):
    draft = actions.begin_template(text=YAML, by=admins[0])
    actions.edit_template(draft=draft, text=YAML + "\n# more", seen=1, by=admins[0])
    with refused("template.changed"):
        actions.edit_template(draft=draft, text="mine", seen=1, by=admins[1])
    with refused("template.changed"):
        actions.publish_template(draft=draft, seen=1, by=admins[1])


def test_only_platform_administrators_write(cast):
    with pytest.raises(PermissionDenied):
        actions.begin_template(text=YAML, by=cast.person("alfa", "drafter"))


def test_an_unknown_template_is_refused(cast):
    with refused("template.unknown"):
        actions.create_assessment(
            title="t", template="none", facts=cast.assessment.facts.data, by=cast.person("alfa", "drafter"),
            controllers=[cast.world.organisations["alfa"]], coordinator=cast.world.organisations["alfa"],
            context=cast.assessment,
        )  # fmt: skip


def test_two_versions_are_compared_question_by_question():
    old = form(question("same"), question("gone"), question("old"), question("longer"))
    new = form(
        question("same"), question("new", type="choice", options=OPTIONS), question("renamed", was=["old"]),
        question("longer", help=LABEL, required=True),
    )  # fmt: skip
    found = [(one.kind, one.question.id, one.fields) for one in differences(*map(_read, (old, new)))]
    assert found == [
        ("added", "new", []), ("renamed", "renamed", []), ("changed", "longer", ["help", "required"]),
        ("removed", "gone", []),
    ]  # fmt: skip
    assert differences(_read(old), _read(old)) == []


def _read(data):
    return read_template(written(_form(data)))


def _form(data):
    from dpia.template import read_form

    return read_form(data)


def test_from_the_list_to_a_published_version(admins, client):
    one, two = admins
    client.cookies["django_language"] = "en"
    client.force_login(one)
    listed = text(client.get(reverse("dpia:templates")))
    assert "nl-dpia-pet-core" in listed
    start = f"{reverse('dpia:draft_new')}?key=nl-dpia-pet-core&version=1.1.0"
    assert "key: nl-dpia-pet-core" in text(client.get(start))
    wrong = next_version().replace("type: longtext", "type: essay", 1)
    answer = client.post(reverse("dpia:draft_new"), {"text": wrong}, follow=True)
    assert re.search(r"Line \d+, .*type: this has to be one of", text(answer))
    draft = TemplateDraft.objects.get()
    page = reverse("dpia:draft", args=[draft.pk])
    right = next_version().replace("title:\n  nl:", "title:\n  nl: Nieuw", 1)
    assert "sound template" in text(client.post(page, {"text": right, "seen": 1}, follow=True))
    assert "another platform administrator publishes it" in text(client.get(page))
    client.force_login(two)
    assert "required" in text(client.get(f"{page}preview/"))
    assert client.post(f"{page}publish/", {"seen": 2}).status_code == 302
    changed = reverse("dpia:template_compare", args=["nl-dpia-pet-core", "2.0.0", "1.1.0"])
    assert changed in text(client.get(reverse("dpia:templates")))
    assert client.get(changed).status_code == 200
    assert client.get(page).status_code == 404


def test_a_draft_is_dropped_after_asking(admins, client):
    draft = actions.begin_template(text=YAML, by=admins[0])
    client.force_login(admins[0])
    page = reverse("dpia:draft_drop", args=[draft.pk])
    client.get(page)
    assert TemplateDraft.objects.get().state == "open"
    client.post(page)
    assert TemplateDraft.objects.get().state == "dropped"
