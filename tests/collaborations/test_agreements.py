"""Agreements: recorded with the signed paper, read by partners only, ended with a reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts import roles
from accounts.models import Membership, Organisation
from audit.models import Event
from collaborations import actions, gate
from collaborations.actions.agreements import Contact, RightRow
from collaborations.models import Agreement
from collaborations.models.agreements import RIGHTS
from collaborations.papers import agreement_document
from station.reasons import Refused, sentences
from tests.collaborations.world import World
from web.uploads import LARGEST, plain_name

STOP = "assessing"
TODAY = timezone.localdate()
PAPER = b"%PDF-1.7 invented"
EVIL = "<script>alert('x')</script>"


@pytest.fixture(autouse=True)
def documents(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def record(shared: World) -> Callable[..., Agreement]:
    def recorded(**changes: Any) -> Agreement:
        keys = changes.pop("keys", ("alfa", "beta", "gamma"))
        arguments = {
            "use_case": shared.use_case, "kind": "art26", "title": "Arrangement",
            "parties": [shared.organisations[key] for key in keys],
            "valid_from": TODAY, "valid_to": TODAY + timedelta(days=9),
            "document": PAPER, "document_name": "paper.pdf", "by": shared.person("alfa", "lawyer"),
        }  # fmt: skip
        return actions.record_agreement(**arguments | changes)

    return recorded


def refused(act: Callable[..., Any], **arguments: Any) -> list[str]:
    with pytest.raises(Refused) as refusal, transaction.atomic():
        act(**arguments)
    for reason in refusal.value.reasons:
        assert reason.code in sentences()
        assert "?" not in reason.text("en") + reason.text("nl")
    return [reason.code for reason in refusal.value.reasons]


def address(name: str, *args: Any) -> str:
    return reverse(f"collaborations:{name}", args=args)


# Recording


def test_the_paper_is_kept_with_its_hash(record: Any, documents: Path) -> None:
    agreement = record()
    assert agreement.document_sha256 == hashlib.sha256(PAPER).hexdigest()
    with agreement.document.open("rb") as kept:
        assert kept.read() == PAPER
    stored = next(path for path in documents.rglob("*") if path.is_file())
    assert stored.stat().st_mode & 0o077 == 0
    assert Event.objects.about(agreement).get().facts["sha256"] == agreement.document_sha256


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "art27"}, "agreement.kind"),
        ({"title": " "}, "agreement.no_title"),
        ({"title": "x" * 201}, "text.too_long"),
        ({"keys": ("alfa",)}, "agreement.parties"),
        ({"keys": ("alfa", "alfa")}, "agreement.parties"),
        ({"keys": ("beta", "gamma")}, "agreement.not_a_party"),
        ({"valid_to": TODAY - timedelta(days=1)}, "dates.end_before_begin"),
        ({"valid_from": TODAY - timedelta(days=9), "valid_to": TODAY - timedelta(days=1)}, "agreement.ended"),
        ({"document": b""}, "upload.empty"),
        ({"document": b"x" * (LARGEST + 1)}, "upload.large"),
        ({"document_name": "page.html"}, "agreement.file_kind"),
        ({"document_name": "paper"}, "agreement.file_kind"),
        ({"document": b"MZ invented program"}, "agreement.file_other"),
        ({"document_name": "paper.docx"}, "agreement.file_other"),
        ({"document": b"\x00\xff", "document_name": "paper.txt"}, "agreement.file_other"),
    ],
)
def test_what_cannot_be_kept_is_refused(record: Any, documents: Path, changes: dict[str, Any], code: str) -> None:
    assert refused(record, **changes) == [code]
    assert not Agreement.objects.exists()
    assert not list(documents.rglob("*"))


def test_a_paper_of_just_twenty_mebibytes_is_kept(record: Any) -> None:
    assert record(document=PAPER.ljust(LARGEST)).document.size == LARGEST


def test_parties_are_partners_that_joined(record: Any, shared: World) -> None:
    shared.use_case.partners.filter(organisation__slug="gamma").update(state="invited")
    assert refused(record) == ["agreement.parties"]


@pytest.mark.parametrize("role", ["drafter", "dpo", "mandated_manager", "nobody"])
def test_others_do_not_record(record: Any, shared: World, role: str) -> None:
    with pytest.raises(PermissionDenied):
        record(by=shared.person("alfa", role))


def test_nothing_is_recorded_in_a_use_case_that_ended(record: Any, shared: World) -> None:
    actions.withdraw(use_case=shared.use_case, reason="invented", by=shared.person("alfa", "innovation_manager"))
    assert refused(record) == ["lifecycle.state"]


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("paper.pdf", "paper.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\anna\\paper.pdf", "paper.pdf"),
        ("..", "document"),
        ("", "document"),
        ("\x00\r\nSet-Cookie: a=b", "Set-Cookie: a=b"),
        ("gnp\u202efdp.exe", "gnpfdp.exe"),
        ("x" * 5_000 + ".pdf", "x" * 100 + ".pdf"),
        (".htaccess", "htaccess"),
        ("o\"v e;r='een'.pdf", "o\"v e;r='een'.pdf"),
    ],
)
def test_odd_names_become_plain(given_name: str, kept: str) -> None:
    assert plain_name(given_name) == kept


@given(st.text(max_size=400))
def test_no_name_escapes_or_turns(given_name: str) -> None:
    name = plain_name(given_name)
    assert 0 < len(name) <= 121
    assert not set(name) & set("/\\\x00\r\n\u202e")
    assert name not in (".", "..")


# Signing here


@pytest.fixture
def drafted(record: Any, shared: World) -> Callable[..., Agreement]:
    def made(**changes: Any) -> Agreement:
        rights = [RightRow(key, shared.organisations["alfa"], "within a month") for key, _label in RIGHTS]
        arguments = {"on_paper": False, "rights": rights, "contact": Contact("Privacy desk", "desk@alfa.example")}
        return record(**arguments | changes)

    return made


def sign(agreement: Agreement, shared: World, key: str, **changes: Any) -> Agreement:
    arguments = {"organisation": shared.organisations[key], "by": shared.person(key, "mandated_manager")}
    return actions.sign_agreement(agreement=agreement, **arguments | changes)


def test_it_counts_only_when_every_party_signed(drafted: Any, shared: World) -> None:
    agreement = drafted()
    assert (agreement.state, agreement.in_force(TODAY)) == ("drafted", False)
    for key, state in (("alfa", "drafted"), ("beta", "drafted"), ("gamma", "in_force")):
        missing = gate.about(shared.use_case, TODAY, gate.agreement_in_force)
        assert {turn.code for turn in missing} == {"gate.agreement_unsigned"}
        assert key in {turn.who for turn in missing}
        agreement = sign(agreement, shared, key)
        assert agreement.state == state
    assert gate.about(shared.use_case, TODAY, gate.agreement_in_force) == []
    assert [s.mandate.function for s in agreement.signatures.all()] == ["Director"] * 3
    assert Event.objects.about(agreement).filter(type="agreement.signed").count() == 3


def test_a_draft_beside_one_in_force_blocks_nobody(drafted: Any, record: Any, shared: World) -> None:
    record()
    drafted()
    assert gate.about(shared.use_case, TODAY, gate.agreement_in_force) == []


def test_who_drafted_it_does_not_sign(drafted: Any, shared: World) -> None:
    by = shared.person("alfa", "mandated_manager")
    roles.grant(by.memberships.get(), "lawyer")
    agreement = drafted(by=by)
    arguments = {"agreement": agreement, "organisation": shared.organisations["alfa"], "by": by}
    assert refused(actions.sign_agreement, **arguments) == ["agreement.own_draft"]


def test_nobody_signs_for_another_organisation_or_twice(drafted: Any, shared: World) -> None:
    agreement = drafted()
    alfa, beta = shared.organisations["alfa"], shared.organisations["beta"]
    manager = shared.person("alfa", "mandated_manager")
    with pytest.raises(PermissionDenied):
        sign(agreement, shared, "beta", by=manager)
    sign(agreement, shared, "alfa")
    both = {"agreement": agreement, "by": manager}
    assert refused(actions.sign_agreement, organisation=alfa, **both) == ["agreement.signed_already"]
    roles.grant(Membership.objects.create(user=manager, organisation=beta), "mandated_manager")
    assert refused(actions.sign_agreement, organisation=beta, **both) == ["agreement.one_person"]


def test_without_a_mandate_in_force_nobody_signs(drafted: Any, shared: World) -> None:
    agreement, by = drafted(), shared.person("beta", "mandated_manager")
    by.mandates.update(valid_to=TODAY - timedelta(days=1))
    arguments = {"agreement": agreement, "organisation": shared.organisations["beta"], "by": by}
    assert refused(actions.sign_agreement, **arguments) == ["mandate.none"]
    assert not agreement.signatures.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rights": []}, "agreement.rights_missing"),
        ({"contact": Contact("Privacy desk")}, "agreement.no_contact"),
        ({"contact": Contact("Privacy desk", "no address")}, "agreement.contact_email"),
        ({"keys": ("alfa", "beta"), "outsider": True}, "agreement.right_party"),
        ({"twice": True}, "agreement.right_unknown"),
    ],
)
def test_what_is_signed_here_says_who_does_what(drafted: Any, shared: World, changes: Any, code: str) -> None:
    if changes.pop("outsider", False):
        changes["rights"] = [RightRow(key, shared.organisations["gamma"]) for key, _label in RIGHTS]
    if changes.pop("twice", False):
        changes["rights"] = [RightRow("access", shared.organisations["alfa"])] * 2
    assert refused(drafted, **changes) == [code]
    assert not Agreement.objects.exists()


def test_a_next_version_takes_over_when_everybody_signed(drafted: Any, record: Any, shared: World) -> None:
    first = record()
    second = drafted(replaces=first)
    assert second.version == 2
    assert refused(drafted, replaces=first) == ["agreement.next_version"]
    for key in ("alfa", "beta", "gamma"):
        first.refresh_from_db()
        assert first.state == "in_force"
        sign(second, shared, key)
    first.refresh_from_db()
    assert first.state == "superseded"
    assert gate.about(shared.use_case, TODAY, gate.agreement_in_force) == []


def test_what_is_recorded_of_rights_is_part_of_the_hash(drafted: Any, record: Any) -> None:
    assert "rights" not in agreement_document(record())
    document = agreement_document(drafted())
    assert document["contact"]["name"] == "Privacy desk"
    assert [row["right"] for row in document["rights"]] == [key for key, _label in RIGHTS]


def test_the_form_puts_it_forward_and_a_manager_signs_on_the_page(at: Any, shared: World) -> None:
    alfa = shared.organisations["alfa"]
    rights = {f"right_{key}": alfa.pk for key, _label in RIGHTS}
    contact = {"contact_name": "Privacy desk", "contact_phone": "010 000 0000", "signing": "here"}
    file = SimpleUploadedFile("paper.pdf", PAPER)
    assert upload(at("alfa", "lawyer"), shared, file, **rights, **contact).status_code == 302
    agreement = Agreement.objects.get()
    page = address("agreement_sign", shared.use_case.pk, agreement.pk)
    text = at("beta", "mandated_manager").get(page).content.decode()
    assert "Privacy desk" in text
    assert "rectification (art. 16)" in text
    assert at("beta", "mandated_manager").post(page).status_code == 302
    assert [s.organisation.slug for s in agreement.signatures.all()] == ["beta"]
    assert "Beta signed this agreement already" in at("beta", "mandated_manager").post(page).content.decode()
    assert at("beta", "lawyer").get(page).status_code == 403
    text = at("beta", "lawyer").get(address("agreement", shared.use_case.pk)).content.decode()
    assert "Gamma: not signed yet" in text


# Ending


@pytest.mark.parametrize("key", ["alfa", "beta"])
def test_any_party_ends_it_with_a_reason(record: Any, shared: World, key: str) -> None:
    agreement, by = record(), shared.person(key, "innovation_manager")
    assert refused(actions.terminate_agreement, agreement=agreement, reason=" ", by=by) == ["reason.needed"]
    agreement = actions.terminate_agreement(agreement=agreement, reason="invented", by=by)
    assert (agreement.state, agreement.in_force(TODAY)) == ("terminated", False)
    event = Event.objects.about(agreement).first()
    assert (event.type, event.organisation_key, event.facts["reason"]) == ("agreement.terminated", key, "invented")
    assert refused(actions.terminate_agreement, agreement=agreement, reason="again", by=by) == ["lifecycle.state"]


def test_who_is_no_party_does_not_end_it(record: Any, shared: World) -> None:
    agreement = record(keys=("alfa", "beta"))
    with pytest.raises(PermissionDenied):
        actions.terminate_agreement(agreement=agreement, reason="x", by=shared.person("gamma", "lawyer"))


# Pages


def test_without_an_agreement_the_page_says_who_records_one(at: Any, shared: World) -> None:
    page = address("agreement", shared.use_case.pk)
    assert "Record the paper that the parties signed" in at("alfa", "lawyer").get(page).content.decode()
    assert "An innovation manager or lawyer of a partner" in at("alfa", "dpo").get(page).content.decode()


def test_the_form_records_and_the_page_shows_the_hash(at: Any, shared: World) -> None:
    answer = upload(at("alfa", "lawyer"), shared, SimpleUploadedFile("paper.pdf", PAPER))
    assert answer.status_code == 302
    text = at("alfa", "lawyer").get(answer.url).content.decode()
    assert hashlib.sha256(PAPER).hexdigest() in text
    assert "in force" in text
    assert "Lawyer Alfa" in text


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("empty.pdf", b""), "The submitted file is empty."),
        (SimpleUploadedFile("big.pdf", b"x" * (LARGEST + 1)), "larger than 20 MB"),
        (None, "This field is required"),
    ],
)
def test_a_wrong_file_gets_a_sentence_and_the_rest_stays(at: Any, shared: World, file: Any, words: str) -> None:
    answer = upload(at("alfa", "lawyer"), shared, file, title="A title that stays")
    text = answer.content.decode()
    assert (answer.status_code, Agreement.objects.count()) == (422, 0)
    assert words in text
    assert 'value="A title that stays"' in text


def test_another_mistake_asks_for_the_file_again(at: Any, shared: World) -> None:
    wrong = {"valid_to": TODAY - timedelta(days=1)}
    text = upload(at("alfa", "lawyer"), shared, SimpleUploadedFile("paper.pdf", PAPER), **wrong).content.decode()
    assert "comes before the first" in text
    assert "Choose the document again" in text


def test_scripts_in_a_title_and_a_file_name_are_shown_as_text(at: Any, shared: World) -> None:
    answer = upload(at("alfa", "lawyer"), shared, SimpleUploadedFile(f"{EVIL}.pdf", PAPER), title=EVIL)
    text = at("alfa", "lawyer").get(answer.url).content.decode()
    assert EVIL not in text
    assert "&lt;script&gt;alert" in text


@pytest.mark.parametrize("name", ["page.txt", "o'dd; name.txt", "étage €.txt"])
def test_a_download_is_only_ever_saved(at: Any, shared: World, name: str) -> None:
    html = f"<html>{EVIL}</html>".encode()
    upload(at("alfa", "lawyer"), shared, SimpleUploadedFile(name, html))
    agreement = Agreement.objects.get()
    answer = at("gamma", "nobody").get(address("agreement_document", shared.use_case.pk, agreement.pk))
    assert answer.content == html
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_the_paper_has_no_address_of_its_own(at: Any, record: Any) -> None:
    name = record().document.name
    for guess in (f"/{name}", f"/media/{name}", f"/documents/{name}", f"/static/{name}", f"/static/../{name}"):
        assert at("alfa", "lawyer").get(guess).status_code == 404


def test_strangers_and_who_is_only_invited_do_not_read_it(at: Any, record: Any, shared: World, world: World) -> None:
    agreement = record(keys=("alfa", "beta"))
    page = address("agreement_document", shared.use_case.pk, agreement.pk)
    world.organisations["delta"] = Organisation.objects.create(slug="delta", name="Delta")
    assert at("delta", "lawyer").get(page).status_code == 404
    shared.use_case.partners.filter(organisation__slug="gamma").update(state="invited")
    assert at("gamma", "lawyer").get(page).status_code == 403
    client = at("alfa", "nobody")
    assert client.get(page).status_code == 200
    client.logout()
    assert client.get(page).url.startswith("/log-in/")


def test_the_agreement_of_another_collaboration_is_not_found_here(at: Any, record: Any, shared: World) -> None:
    agreement, other = record(), shared.use_case_at("assessing")
    for name in ("agreement_document", "agreement_terminate"):
        assert at("alfa", "lawyer").get(address(name, other.pk, agreement.pk)).status_code == 404


def test_a_changed_or_lost_file_is_not_handed_out(at: Any, record: Any, shared: World) -> None:
    agreement = record()
    page = address("agreement_document", shared.use_case.pk, agreement.pk)
    path = Path(agreement.document.path)
    path.write_bytes(b"something else")
    answer = at("alfa", "lawyer").get(page)
    assert answer.status_code == 409
    assert "another than was recorded" in answer.content.decode()
    path.unlink()
    assert at("alfa", "lawyer").get(page).status_code == 409


def test_ending_asks_for_a_reason_first(at: Any, record: Any, shared: World) -> None:
    agreement = record()
    page = address("agreement_terminate", shared.use_case.pk, agreement.pk)
    assert "This cannot be undone" in at("alfa", "lawyer").get(page).content.decode()
    assert at("alfa", "lawyer").post(page, {"reason": ""}).status_code == 422
    assert at("alfa", "lawyer").post(page, {"reason": EVIL}).status_code == 302
    agreement.refresh_from_db()
    assert (agreement.state, agreement.reason) == ("terminated", EVIL)
    text = at("alfa", "lawyer").get(address("agreement", shared.use_case.pk)).content.decode()
    assert EVIL not in text
    assert "terminated" in text


@pytest.mark.parametrize("name", ["agreement_new", "agreement_terminate"])
def test_members_without_the_right_get_403(at: Any, record: Any, shared: World, name: str) -> None:
    args = [shared.use_case.pk] if name == "agreement_new" else [shared.use_case.pk, record().pk]
    assert at("alfa", "dpo").get(address(name, *args)).status_code == 403
    assert at("alfa", "dpo").post(address(name, *args), {"reason": "x"}).status_code == 403


def upload(client: Client, world: World, file: Any, **changes: Any) -> Any:
    data = {
        "kind": "art26", "title": "Arrangement", "valid_from": TODAY, "valid_to": TODAY + timedelta(days=9),
        "parties": [organisation.pk for organisation in world.organisations.values()],
    }  # fmt: skip
    with_file = data | changes | ({"document": file} if file else {})
    return client.post(address("agreement_new", world.use_case.pk), with_file)
