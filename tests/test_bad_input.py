"""What people send by mistake or on purpose: nothing is lost, nothing half done, and a sentence says what to do.

The first half walks through every form of the pages with bad answers of each kind; the second half are mistakes with a
name. More about single rules: tests/accounts/test_mandates.py, tests/collaborations/test_bases.py (four eyes),
test_basis_grounds.py and test_agreements.py (papers), tests/dpia/ (answers and decisions).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import roles
from accounts.models import Organisation, User
from collaborations import actions as collaborations
from collaborations.actions.agreements import Contact, RightRow
from collaborations.actions.basis_text import text_of
from collaborations.models import UseCase
from collaborations.models.agreements import RIGHTS
from station.reasons import Reason
from tests.collaborations.world import World, new_person
from tests.everything import PAPER, Everything, bodies, shown_forms, written
from tests.permissions import ROUTES
from tests.test_permissions import PATTERNS, session_of

EVIL = "<script>alert('x')</script>{{ 1234567|add:1 }}"
ESCAPED = "&lt;script&gt;alert("
LONG = "Five megabytes. " * 330_000
TODAY = timezone.localdate()
Answers = dict[str, Any]
OUTSIDE = {"accounts:log_in", "accounts:log_out", "accounts:second_step", "accounts:password_reset",
           "accounts:password_reset_confirm", "web:gallery"}  # fmt: skip
"""Before anybody is logged in, and the page of all components."""


@dataclass
class Walk:
    """Two people who together may open nearly every form, and one browser for both."""

    things: Everything
    who: User  # holds every role of alfa
    sessions: list[str]
    use_cases: list[Any]  # one that runs, and one in which most can still be written
    client: Client = field(default_factory=Client)

    def opened(self, address: str) -> tuple[Any, Answers] | None:
        """The form on a page, for the first of them who gets it, with a believable answer."""
        for session in self.sessions:
            self.client.cookies.clear()
            self.client.cookies[settings.SESSION_COOKIE_NAME] = session
            self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
            answer = self.client.get(address)
            found = list(shown_forms(answer.context)) if answer.status_code == 200 else []
            found = [form for form in found if not form.is_bound]  # a search is filled in by the address
            if found:
                return found[0], bodies(answer.context)
        return None

    def send(self, address: str, body: Answers) -> Any:
        return self.client.post(address, body)


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Walk]:
    former = settings.STATIC_ROOT, settings.MEDIA_ROOT
    settings.STATIC_ROOT, settings.MEDIA_ROOT = settings.BASE_DIR / "static", tmp_path_factory.mktemp("papers")
    with django_db_blocker.unblock(), transaction.atomic():
        world = World()
        house = Organisation.objects.create(slug="platform", name="Platform")
        platform = new_person("admin@platform.example", house, "platform_admin")
        things = Everything(world, platform)
        drafting = world.use_case_at("exploring").pk
        everything = new_person("everything@alfa.example", things.organisation, "mandated_manager")
        for role in set(roles.ROLES) - {"platform_admin"}:
            roles.grant(everything.memberships.get(), role)
        sessions = [session_of(everything), session_of(platform)]
        yield Walk(things, everything, sessions, [things.containers["use-case"], drafting])
        transaction.set_rollback(True)
    settings.STATIC_ROOT, settings.MEDIA_ROOT = former


def _addresses(walk: Walk) -> Iterator[str]:
    """Every address that may show a form, in both use cases."""
    for use_case in walk.use_cases:
        walk.things.containers["use-case"] = use_case
        for name, routes in ROUTES.items():
            for route in routes:
                if name in PATTERNS and name not in OUTSIDE and not (route.only_post or route.only_look):
                    pattern = PATTERNS[name].pattern
                    yield reverse(name, kwargs=walk.things.parameters(str(pattern), pattern.converters, route.at))
        for key in ("purpose", "datasets", "analysis", "output", "window"):
            yield reverse("computations:draft_section", args=[use_case, key])


@pytest.fixture(scope="module")
def found(walk: Walk) -> dict[str, tuple[Any, Answers]]:
    """Address -> its form and a believable answer; one address for each kind of form."""
    kept: dict[str, tuple[Any, Answers]] = {}
    kinds: set[tuple[type, tuple[str, ...]]] = set()
    for address in dict.fromkeys(_addresses(walk)):
        one = walk.opened(address)
        kind = (type(one[0]), tuple(one[0].fields)) if one else None
        if one and kind not in kinds:
            kinds.add(kind)
            kept[address] = one
    assert len(kept) > 35, "the walk has to get somewhere"
    return kept


def _texts(form: forms.BaseForm) -> list[str]:
    """The fields in which somebody writes."""
    return [
        form.add_prefix(name) for name, field in form.fields.items()
        if type(field.widget) in (forms.TextInput, forms.Textarea) and not isinstance(field, forms.ChoiceField)
    ]  # fmt: skip


def _try(walk: Walk, found: Any, spoiled: Callable[[Any, Answers], Answers | None]) -> Iterator[tuple[str, Any]]:
    """Sends the spoiled answer to every form where there is something to spoil; afterwards it never happened."""
    for address, (form, answers) in found.items():
        body = spoiled(form, dict(answers))
        if body is None:
            continue
        with transaction.atomic():
            assert walk.opened(address), address
            yield address, walk.send(address, body)
            transaction.set_rollback(True)


def _kept() -> dict[str, int]:
    """What was written so far, but for what a session remembers."""
    return {table: number for table, number in written().items() if table != "django_session"}


def _page(answer: Any) -> str:
    return str(answer.content.decode()) if "html" in answer.headers.get("Content-Type", "") else ""


@pytest.mark.django_db
def test_scripts_in_every_text_field_come_back_as_text(walk: Walk, found: Any) -> None:
    """Wherever it is accepted, the page it leads to shows it as text; wherever it is not, the form does."""

    def spoiled(form: Any, answers: Answers) -> Answers | None:
        texts = _texts(form)
        return answers | dict.fromkeys(texts, EVIL) if texts else None

    echoed = 0
    for address, answer in _try(walk, found, spoiled):
        assert answer.status_code in (200, 302, 409, 422), (address, answer.status_code)
        pages = [answer, *([walk.client.get(answer.url)] if answer.status_code == 302 else [])]
        for page in map(_page, pages):
            assert "<script>alert(" not in page and "1234568" not in page, address
            echoed += ESCAPED in page
    assert echoed > 25


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["accounts:organisations", "collaborations:use_cases", "collaborations:calls"])
def test_scripts_in_a_search_come_back_as_text(walk: Walk, name: str) -> None:
    _now(walk)
    for wanted in ("q", "state", "theme", "page", "sort"):
        page = _page(walk.client.get(reverse(name), {wanted: EVIL}))
        assert page and "<script>alert(" not in page and "1234568" not in page


@pytest.mark.django_db
def test_five_megabytes_of_text_are_refused_with_a_sentence_and_not_stored(walk: Walk, found: Any) -> None:
    def spoiled(form: Any, answers: Answers) -> Answers | None:
        texts = _texts(form)
        return answers | {texts[-1]: LONG} if texts else None

    tried = 0
    for address, (form, answers) in found.items():
        body = spoiled(form, dict(answers))
        if body is None:
            continue
        before = _kept()
        answer = walk.opened(address) and walk.send(address, body)
        assert answer.status_code in (409, 422), (address, answer.status_code)
        said = [error for shown in shown_forms(answer.context) for error in shown.errors]
        assert said or answer.status_code == 409, address
        assert _kept() == before, address
        tried += 1
    assert tried > 25


@pytest.mark.django_db
def test_the_same_form_twice_does_its_work_once(walk: Walk, found: Any) -> None:
    done = 0
    for address, (_form, answers) in found.items():
        body = answers | {"csrfmiddlewaretoken": uuid.uuid4().hex}
        with transaction.atomic():
            walk.opened(address)
            if walk.send(address, body).status_code == 302:
                before = _kept()
                assert walk.send(address, body).status_code == 302, address
                assert _kept() == before, address
                done += 1
            transaction.set_rollback(True)
    assert done > 10


@pytest.mark.django_db
def test_what_ends_before_it_begins_is_refused(walk: Walk, found: Any) -> None:
    def spoiled(form: Any, answers: Answers) -> Answers | None:
        days = [form.add_prefix(name) for name, field in form.fields.items() if isinstance(field, forms.DateField)]
        if len(days) < 2:
            return None
        return answers | {days[0]: str(TODAY + timedelta(days=2)), days[1]: str(TODAY + timedelta(days=1))}

    tried = 0
    for address, answer in _try(walk, found, spoiled):
        assert answer.status_code == 422, (address, answer.status_code)
        tried += 1
    assert tried >= 4


@pytest.mark.django_db
def test_a_file_that_is_not_what_it_says_is_refused(walk: Walk, found: Any) -> None:
    def spoiled(form: Any, answers: Answers) -> Answers | None:
        files = [form.add_prefix(name) for name, field in form.fields.items() if isinstance(field, forms.FileField)]
        wrong = SimpleUploadedFile("note.pdf", b"\x00<script>alert(1)</script>", "application/pdf")
        return answers | dict.fromkeys(files, wrong) if files else None

    tried = 0
    for address, answer in _try(walk, found, spoiled):
        assert answer.status_code == 422, (address, answer.status_code)
        assert "<script>alert(1)" not in _page(answer)
        tried += 1
    assert tried >= 3


# Mistakes with a name


def _now(walk: Walk) -> None:
    """Whoever holds every role of alfa is at the browser."""
    walk.client.cookies.clear()
    walk.client.cookies[settings.SESSION_COOKIE_NAME] = walk.sessions[0]
    walk.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


@pytest.mark.django_db
def test_overlapping_mandates_keep_what_was_typed_and_name_the_other(walk: Walk) -> None:
    _now(walk)
    page, alfa = reverse("accounts:mandate_new", args=["alfa"]), walk.things.organisation
    holder = walk.things.person("drafter")
    given = {"holder": holder.pk, "function": "Head", "reference": "Decision 7", "valid_from": str(TODAY)}
    given["valid_to"] = str(TODAY + timedelta(days=9))
    assert walk.send(page, given).status_code == 302
    answer = walk.send(page, given | {"reference": "Decision 8 <b>"})
    assert answer.status_code == 422 and "Decision 7" in _page(answer) and "Decision 8 &lt;b&gt;" in _page(answer)
    assert alfa.mandates.filter(holder=holder).count() == 1


@pytest.mark.django_db
def test_who_wrote_a_legal_basis_does_not_approve_it_and_nobody_does_for_another_organisation(walk: Walk) -> None:
    alfa, everything = walk.things, walk.who
    before, use_case = UseCase.objects.filter(pk__in=walk.use_cases).order_by("created_at")
    partner = use_case.partners.get(organisation=alfa.organisation)
    approved = before.partners.get(organisation=alfa.organisation).bases.earliest("pk")
    text = replace(text_of(approved), purpose="A purpose of its own")
    basis = collaborations.draft_basis(partner=partner, text=text, by=everything)
    basis = collaborations.submit_basis(basis=basis, by=alfa.person("lawyer"))
    basis = collaborations.advise_basis(basis=basis, verdict="positive", by=alfa.person("dpo"))
    page = reverse("collaborations:basis_step", args=[use_case.pk, basis.pk, "approve"])
    _now(walk)
    answer = walk.send(page, {"reasons": "Mine"})
    assert answer.status_code == 422 and Reason("four_eyes.drafter_approves").text("en") in unescape(_page(answer))
    walk.client.cookies[settings.SESSION_COOKIE_NAME] = session_of(alfa.world.person("beta", "mandated_manager"))
    assert walk.send(page, {"reasons": "Theirs"}).status_code == 403
    basis.refresh_from_db()
    assert (basis.state, basis.approved_by) == ("dpo_advised", None)


@pytest.mark.django_db
def test_two_people_of_one_organisation_are_not_two_organisations(walk: Walk) -> None:
    """A second manager signs an agreement that the first one signed already: it still waits for the others."""
    alfa, keys = walk.things.organisation, walk.things.world.organisations.values()
    use_case = UseCase.objects.get(pk=walk.use_cases[1])
    rights = [RightRow(right=key, organisation=alfa) for key, _label in RIGHTS]
    agreement = collaborations.record_agreement(
        use_case=use_case, kind="art26", title="Arrangement", parties=list(keys), valid_from=TODAY,
        valid_to=TODAY + timedelta(days=9), document=PAPER, document_name="paper.pdf", on_paper=False,
        rights=rights, contact=Contact("Privacy desk", "desk@alfa.example"), by=walk.things.person("lawyer"),
    )  # fmt: skip
    for by, status in ((walk.things.person("mandated_manager"), 302), (walk.who, 422)):
        walk.client.cookies[settings.SESSION_COOKIE_NAME] = session_of(by)
        answer = walk.send(reverse("collaborations:agreement_sign", args=[use_case.pk, agreement.pk]), {})
        assert answer.status_code == status
    agreement.refresh_from_db()
    assert agreement.state == "drafted" and agreement.signatures.count() == 1
