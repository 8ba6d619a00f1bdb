"""Legal bases: written by one, advised on by another, approved by the partner's own mandated manager."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import roles
from accounts.models import Mandate, User
from audit.models import Event
from collaborations import actions, gate
from collaborations.actions.basis_text import BasisText, text_of
from collaborations.models import LegalBasis, UseCase
from collaborations.papers import basis_document
from computations.actions.sweep import sweep
from station.contract.canonical import digest
from station.reasons import Refused, sentences
from tests.collaborations.world import World

STOP = "assessing"
TODAY = timezone.localdate()
TEXT = BasisText(
    purpose="Helping entrepreneurs", data_category="arrears", operation="contribute", regime="gdpr", ground="6.1.e",
    provision="Example provision, unverified", law_id="Example Act", article="1", valid_from=TODAY,
    valid_to=TODAY + timedelta(days=9),
)  # fmt: skip
Person = Callable[[str, str], User]


def refused(act: Callable[..., Any], **arguments: Any) -> list[str]:
    """The codes of a refusal; each has its sentence, with every fact in it."""
    with pytest.raises(Refused) as refusal, transaction.atomic():
        act(**arguments)
    for reason in refusal.value.reasons:
        assert reason.code in sentences()
        assert "?" not in reason.text("en") + reason.text("nl")
    return [reason.code for reason in refusal.value.reasons]


@pytest.fixture
def person(shared: World) -> Person:
    return shared.person


@pytest.fixture
def use_case_at(shared: World) -> Callable[..., UseCase]:
    return shared.use_case_at


@pytest.fixture
def partner(shared: World) -> Any:
    return shared.use_case.partners.get(organisation__slug="beta")


@pytest.fixture
def draft(partner: Any, person: Person) -> LegalBasis:
    return actions.draft_basis(partner=partner, text=TEXT, by=person("beta", "drafter"))


@pytest.fixture
def to(draft: LegalBasis, person: Person) -> Callable[..., LegalBasis]:
    """The row brought to a state by the people whose step it is."""

    def brought(state: str, verdict: str = "positive") -> LegalBasis:
        basis = draft
        if state != "draft":
            basis = actions.submit_basis(basis=basis, by=person("beta", "lawyer"))
        if state in ("dpo_advised", "approved", "suspended"):
            basis = actions.advise_basis(basis=basis, verdict=verdict, text="because", by=person("beta", "dpo"))
        if state in ("approved", "suspended"):
            manager = person("beta", "mandated_manager")
            basis = actions.approve_basis(basis=basis, reasons="weighed", by=manager)
        if state == "suspended":
            basis = actions.suspend_basis(basis=basis, reason="invented", by=person("beta", "dpo"))
        assert basis.state == state
        return basis

    return brought


def test_a_row_is_written_advised_and_approved_by_different_people(to: Any, person: Person) -> None:
    basis = to("approved")
    people = [basis.drafted_by, basis.advised_by, basis.approved_by]
    assert people == [person("beta", role) for role in ("drafter", "dpo", "mandated_manager")]
    assert (basis.approved_on, basis.mandate.function) == (TODAY, "Director")
    events = Event.objects.about(basis).values_list("type", "organisation_key")
    told = ["basis.approved", "basis.advised", "basis.submitted", "basis.drafted"]
    assert list(events) == [(event, "beta") for event in told]


# Who may


def test_the_author_never_approves(to: Any, person: Person) -> None:
    basis = to("dpo_advised")
    drafter = person("beta", "drafter")
    make_manager(drafter, basis)
    assert refused(actions.approve_basis, basis=basis, by=drafter) == ["four_eyes.drafter_approves"]
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalBasis.objects.filter(pk=basis.pk).update(approved_by=drafter)


def test_who_wrote_first_does_not_approve_what_another_changed_last(draft: LegalBasis, person: Person) -> None:
    first, lawyer = person("beta", "drafter"), person("beta", "lawyer")
    basis = actions.edit_basis(basis=draft, text=replace(TEXT, article="2"), by=lawyer)
    assert set(basis.authors.all()) == {first, lawyer}
    basis = actions.submit_basis(basis=basis, by=lawyer)
    basis = actions.advise_basis(basis=basis, verdict="positive", by=person("beta", "dpo"))
    make_manager(first, basis)
    assert refused(actions.approve_basis, basis=basis, by=first) == ["four_eyes.drafter_approves"]
    with pytest.raises(IntegrityError, match="author never approves"), transaction.atomic():
        LegalBasis.objects.filter(pk=basis.pk).update(approved_by=first)


def test_who_advised_does_not_approve(to: Any, person: Person) -> None:
    basis = to("dpo_advised")
    make_manager(person("beta", "dpo"), basis)
    assert refused(actions.approve_basis, basis=basis, by=person("beta", "dpo")) == ["four_eyes.drafter_approves"]


def test_the_author_does_not_advise(to: Any, person: Person) -> None:
    basis, drafter = to("legal_review"), person("beta", "drafter")
    roles.grant(drafter.memberships.get(), "dpo")
    found = refused(actions.advise_basis, basis=basis, verdict="positive", by=drafter)
    assert found == ["four_eyes.drafter_advises"]


@pytest.mark.parametrize("role", ["mandated_manager", "drafter", "dpo", "innovation_manager"])
def test_nobody_approves_for_another_organisation(to: Any, person: Person, role: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.approve_basis(basis=to("dpo_advised"), by=person("alfa", role))


def test_a_manager_of_two_organisations_needs_the_mandate_of_this_one(to: Any, person: Person) -> None:
    basis, visiting = to("dpo_advised"), person("alfa", "mandated_manager")
    membership = basis.partner.organisation.memberships.create(user=visiting)
    roles.grant(membership, "mandated_manager")
    assert refused(actions.approve_basis, basis=basis, by=visiting) == ["mandate.none"]


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_to": TODAY - timedelta(days=1)},
        {"valid_from": TODAY + timedelta(days=1)},
        {"withdrawn_on": TODAY},
    ],
)
def test_a_mandate_has_to_be_in_force_today(to: Any, person: Person, changes: dict[str, date]) -> None:
    basis, manager = to("dpo_advised"), person("beta", "mandated_manager")
    Mandate.objects.filter(holder=manager).update(**changes)
    assert refused(actions.approve_basis, basis=basis, by=manager) == ["mandate.none"]
    basis.refresh_from_db()
    assert (basis.state, basis.approved_by) == ("dpo_advised", None)


@pytest.mark.parametrize(
    ("act", "arguments", "role"),
    [
        ("draft_basis", {"text": TEXT}, "dpo"),
        ("draft_basis", {"text": TEXT}, "nobody"),
        ("edit_basis", {"text": TEXT}, "mandated_manager"),
        ("submit_basis", {}, "dpo"),
        ("advise_basis", {"verdict": "positive"}, "lawyer"),
        ("approve_basis", {}, "dpo"),
        ("send_back_basis", {"reason": "invented"}, "drafter"),
        ("suspend_basis", {"reason": "invented"}, "lawyer"),
        ("resume_basis", {"reason": "invented"}, "dpo"),
        ("withdraw_basis", {"reason": "invented"}, "dpo"),
        ("revise_basis", {"text": TEXT}, "mandated_manager"),
    ],
)
def test_each_step_has_its_own_people(
    draft: LegalBasis, person: Person, act: str, arguments: dict[str, Any], role: str
) -> None:
    about = {"partner": draft.partner} if act == "draft_basis" else {"basis": draft}
    with pytest.raises(PermissionDenied):
        getattr(actions, act)(**about, **arguments, by=person("beta", role))


# What is written


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"valid_to": TODAY - timedelta(days=1)}, "dates.end_before_begin"),
        ({"purpose": "  \n "}, "basis.incomplete"),
        ({"provision": "x" * 5_000_000}, "text.too_long"),
        ({"law_id": "x" * 101}, "text.too_long"),
        ({"operation": "sell"}, "basis.choice"),
        ({"ground": "because"}, "basis.choice"),
        ({"regime": "GDPR"}, "basis.choice"),
    ],
)
def test_what_cannot_be_kept_is_refused(partner: Any, person: Person, changes: dict[str, Any], code: str) -> None:
    drafter = person("beta", "drafter")
    assert refused(actions.draft_basis, partner=partner, text=replace(TEXT, **changes), by=drafter) == [code]
    assert not partner.bases.exists()
    assert not Event.objects.filter(type="basis.drafted").exists()


def test_a_day_that_begins_and_ends_is_valid(partner: Any, person: Person) -> None:
    text = replace(TEXT, valid_from=TODAY, valid_to=TODAY)
    basis = actions.draft_basis(partner=partner, text=text, by=person("beta", "drafter"))
    assert basis.valid_to == TODAY


def test_the_database_also_refuses_an_end_before_the_beginning(draft: LegalBasis) -> None:
    with pytest.raises(IntegrityError, match="basis_ends_after_it_begins"), transaction.atomic():
        LegalBasis.objects.filter(pk=draft.pk).update(valid_to=TODAY - timedelta(days=1))


def test_a_public_body_has_no_legitimate_interest(partner: Any, person: Person) -> None:
    text = replace(TEXT, ground="6.1.f")
    basis = actions.draft_basis(partner=partner, text=text, by=person("beta", "drafter"))
    found = refused(actions.submit_basis, basis=basis, by=person("beta", "drafter"))
    assert found == ["basis.legitimate_interest"]
    partner.organisation.kind = "private"
    partner.organisation.save()
    assert actions.submit_basis(basis=basis, by=person("beta", "drafter")).state == "legal_review"


@pytest.mark.parametrize(("regime", "ground"), [("wpg", "6.1.e"), ("gdpr", "wpg"), ("gdpr", "wjsg")])
def test_ground_and_regime_fit(partner: Any, person: Person, regime: str, ground: str) -> None:
    text = replace(TEXT, regime=regime, ground=ground)
    basis = actions.draft_basis(partner=partner, text=text, by=person("beta", "drafter"))
    found = refused(actions.submit_basis, basis=basis, by=person("beta", "drafter"))
    assert found == ["basis.ground_regime"]


def test_a_row_whose_validity_ended_is_not_handed_over_and_one_that_ended_meanwhile_not_approved(
    partner: Any, person: Person
) -> None:
    days = {"valid_from": TODAY - timedelta(days=9), "valid_to": TODAY - timedelta(days=1)}
    drafter, manager = person("beta", "drafter"), person("beta", "mandated_manager")
    past = actions.draft_basis(partner=partner, text=replace(TEXT, **days), by=drafter)
    assert refused(actions.submit_basis, basis=past, by=drafter) == ["basis.ended"]
    past.refresh_from_db()
    assert past.state == "draft"
    basis = actions.draft_basis(partner=partner, text=TEXT, by=drafter)
    basis = actions.submit_basis(basis=basis, by=drafter)
    basis = actions.advise_basis(basis=basis, verdict="positive", by=person("beta", "dpo"))
    LegalBasis.objects.filter(pk=basis.pk).update(**days)
    assert refused(actions.approve_basis, basis=basis, by=manager) == ["basis.ended"]


def test_a_past_row_is_recorded_as_lapsed_and_nothing_runs_on_it(partner: Any, person: Person) -> None:
    past = replace(TEXT, valid_from=TODAY - timedelta(days=9), valid_to=TODAY - timedelta(days=1))
    lawyer = person("beta", "lawyer")
    basis = actions.draft_basis(partner=partner, text=past, by=person("beta", "drafter"))
    with pytest.raises(PermissionDenied):
        actions.record_lapsed_basis(basis=basis, by=person("beta", "drafter"))
    basis = actions.record_lapsed_basis(basis=basis, reason="The regulation lapsed", by=lawyer)
    assert (basis.state, basis.approved_by, basis.reason) == ("expired", None, "The regulation lapsed")
    asked = [turn.code for turn in gate.unmet(partner.use_case, None, TODAY, "draft") if turn.who == "beta"]
    assert "gate.basis_not_valid" in asked
    made = actions.revise_basis(basis=basis, text=TEXT, by=person("beta", "drafter"))
    assert (made.state, made.version) == ("draft", 2)


def test_a_row_that_still_holds_is_not_recorded_as_lapsed(partner: Any, person: Person) -> None:
    basis = actions.draft_basis(partner=partner, text=TEXT, by=person("beta", "drafter"))
    assert refused(actions.record_lapsed_basis, basis=basis, by=person("beta", "lawyer")) == ["basis.not_ended"]


def test_nothing_is_written_before_there_is_a_specification(use_case_at: Any, person: Person) -> None:
    partner = use_case_at("joined").partners.get(organisation__slug="beta")
    found = refused(actions.draft_basis, partner=partner, text=TEXT, by=person("beta", "drafter"))
    assert found == ["basis.not_now"]


def test_who_left_writes_nothing(partner: Any, person: Person) -> None:
    actions.leave(partner=partner, reason="invented", by=person("beta", "innovation_manager"))
    found = refused(actions.draft_basis, partner=partner, text=TEXT, by=person("beta", "drafter"))
    assert found == ["partner.not_joined"]


# Advice


@pytest.mark.parametrize("verdict", ["negative", "conditional"])
def test_advice_against_says_why_and_approving_nevertheless_too(
    to: Any, draft: LegalBasis, person: Person, verdict: str
) -> None:
    dpo, manager = person("beta", "dpo"), person("beta", "mandated_manager")
    basis = to("legal_review")
    assert refused(actions.advise_basis, basis=basis, verdict=verdict, by=dpo) == ["advice.text"]
    basis = actions.advise_basis(basis=basis, verdict=verdict, text="Not enough.", by=dpo)
    assert refused(actions.approve_basis, basis=basis, reasons=" ", by=manager) == ["advice.explain"]
    basis = actions.approve_basis(basis=basis, reasons="We limit the columns.", by=manager)
    assert basis.approval_reasons == "We limit the columns."


def test_an_unknown_verdict_is_refused(to: Any, person: Person) -> None:
    found = refused(actions.advise_basis, basis=to("legal_review"), verdict="yes", by=person("beta", "dpo"))
    assert found == ["advice.verdict"]


def test_advice_is_about_one_text_and_stays_in_the_history(to: Any, person: Person) -> None:
    basis = to("dpo_advised", verdict="negative")
    basis = actions.send_back_basis(basis=basis, reason="as advised", by=person("beta", "dpo"))
    assert (basis.state, basis.reason, basis.advice) == ("draft", "as advised", "because")
    basis = actions.edit_basis(basis=basis, text=replace(TEXT, article="3"), by=person("beta", "drafter"))
    assert (basis.advised_by, basis.advice_verdict, basis.advice) == (None, "", "")
    assert Event.objects.about(basis).get(type="basis.advised").facts["reason"] == "because"
    basis = actions.submit_basis(basis=basis, by=person("beta", "drafter"))
    assert basis.reason == ""


def test_only_a_draft_is_changed(to: Any, person: Person) -> None:
    found = refused(actions.edit_basis, basis=to("legal_review"), text=TEXT, by=person("beta", "drafter"))
    assert found == ["lifecycle.state"]


# After the decision


def test_suspending_and_lifting_it(to: Any, person: Person) -> None:
    basis, manager = to("suspended"), person("beta", "mandated_manager")
    assert basis.reason == "invented"
    assert basis.approval_reasons == "weighed"
    assert refused(actions.resume_basis, basis=basis, reason="", by=manager) == ["reason.needed"]
    Mandate.objects.filter(holder=manager).update(withdrawn_on=TODAY)
    assert refused(actions.resume_basis, basis=basis, reason="sorted", by=manager) == ["mandate.none"]
    Mandate.objects.filter(holder=manager).update(withdrawn_on=None)
    assert actions.resume_basis(basis=basis, reason="sorted", by=manager).state == "approved"


def test_a_manager_withdraws_what_was_decided(to: Any, person: Person) -> None:
    basis, manager = to("approved"), person("beta", "mandated_manager")
    with pytest.raises(PermissionDenied):
        actions.withdraw_basis(basis=basis, reason="invented", by=person("beta", "drafter"))
    basis = actions.withdraw_basis(basis=basis, reason="invented", by=manager)
    assert basis.state == "withdrawn"
    assert refused(actions.resume_basis, basis=basis, reason="oops", by=manager) == ["lifecycle.state"]


def test_a_drafter_withdraws_a_draft(draft: LegalBasis, person: Person) -> None:
    assert actions.withdraw_basis(basis=draft, reason="double", by=person("beta", "drafter")).state == "withdrawn"


def test_a_change_of_what_was_decided_is_a_new_version(to: Any, person: Person) -> None:
    old, drafter = to("approved"), person("beta", "drafter")
    before = digest(basis_document(old))
    made = actions.revise_basis(basis=old, text=replace(TEXT, article="2"), by=drafter)
    assert (made.version, made.replaces, made.state) == (2, old, "draft")
    old.refresh_from_db()
    assert (old.state, digest(basis_document(old))) == ("approved", before)
    again = refused(actions.revise_basis, basis=old, text=TEXT, by=drafter)
    assert again == ["basis.revised_already"]
    made = actions.submit_basis(basis=made, by=drafter)
    made = actions.advise_basis(basis=made, verdict="positive", by=person("beta", "dpo"))
    made = actions.approve_basis(basis=made, by=person("beta", "mandated_manager"))
    old.refresh_from_db()
    assert (made.state, old.state) == ("approved", "superseded")
    assert [row.version for row in old.versions()] == [2, 1]


def test_a_withdrawn_version_leaves_room_for_another(to: Any, person: Person) -> None:
    old, drafter = to("approved"), person("beta", "drafter")
    made = actions.revise_basis(basis=old, text=TEXT, by=drafter)
    actions.withdraw_basis(basis=made, reason="a mistake", by=drafter)
    third = actions.revise_basis(basis=old, text=TEXT, by=drafter)
    assert (third.version, third.replaces) == (3, old)
    assert [row.version for row in third.versions()] == [3, 2, 1]
    with pytest.raises(IntegrityError, match="one_next_version"), transaction.atomic():
        LegalBasis.objects.filter(pk=made.pk).update(state="draft")


def test_a_row_that_ended_is_marked_and_can_be_revised(to: Any, person: Person) -> None:
    basis = to("approved")
    assert actions.expire_bases(day=basis.valid_to) == 0
    assert actions.expire_bases(day=basis.valid_to + timedelta(days=1)) == 1
    assert actions.expire_bases(day=basis.valid_to + timedelta(days=1)) == 0
    basis.refresh_from_db()
    assert basis.state == "expired"
    longer = replace(TEXT, valid_to=TODAY + timedelta(days=99))
    assert actions.revise_basis(basis=basis, text=longer, by=person("beta", "drafter")).version == 2


def test_the_sweep_marks_what_ended_yesterday(draft: LegalBasis, person: Person) -> None:
    manager, yesterday = person("beta", "mandated_manager"), TODAY - timedelta(days=1)
    ended = LegalBasis.objects.create(
        partner=draft.partner, specification=draft.specification, drafted_by=draft.drafted_by, state="approved",
        advised_by=person("beta", "dpo"), approved_by=manager, mandate=manager.mandates.get(),
        valid_from=yesterday, valid_to=yesterday,
    )  # fmt: skip
    sweep()
    ended.refresh_from_db()
    assert ended.state == "expired"
    event = Event.objects.about(ended).get()
    assert (event.type, event.actor_type) == ("basis.expired", "system")


@pytest.mark.parametrize("state", ["draft", "legal_review", "dpo_advised"])
def test_a_new_specification_makes_every_row_a_draft_again(to: Any, person: Person, state: str) -> None:
    basis = to(state)
    version = specify_again(basis, person)
    basis.refresh_from_db()
    assert (basis.state, basis.specification, basis.advised_by) == ("draft", version, None)


@pytest.mark.parametrize("state", ["approved", "suspended"])
def test_a_new_specification_carries_decided_rows_over(to: Any, person: Person, state: str) -> None:
    basis = to(state)
    asker = person("alfa", "innovation_manager")
    version = specify_again(basis, person)
    basis.refresh_from_db()
    made = basis.replacements.get()
    assert (basis.state, made.state, made.specification, made.version) == ("superseded", "draft", version, 2)
    assert text_of(made) == text_of(basis)
    assert set(made.authors.all()) == set(basis.authors.all())
    event = Event.objects.about(made).get()
    assert (event.type, event.actor_id) == ("basis.carried_over", str(asker.pk))


def test_a_new_specification_while_exploring_also_reaches_the_rows(use_case_at: Any, person: Person) -> None:
    use_case = use_case_at("exploring")
    partner = use_case.partners.get(organisation__slug="beta")
    basis = actions.draft_basis(partner=partner, text=TEXT, by=person("beta", "drafter"))
    version = specify_again(basis, person)
    basis.refresh_from_db()
    assert basis.specification == version


@pytest.mark.parametrize("end", ["on_hold", "rejected", "withdrawn"])
def test_nothing_is_decided_in_a_use_case_that_stopped(to: Any, person: Person, end: str) -> None:
    basis, asker = to("dpo_advised"), person("alfa", "innovation_manager")
    act = {"on_hold": actions.hold, "rejected": actions.reject, "withdrawn": actions.withdraw}[end]
    act(use_case=basis.partner.use_case, reason="invented", by=asker)
    found = refused(actions.approve_basis, basis=basis, by=person("beta", "mandated_manager"))
    assert found == ["basis.not_now"]


def test_a_drafted_dpia_shows_the_bases_as_they_are_now(draft: LegalBasis) -> None:
    assessment = UseCase.objects.get(pk=draft.partner.use_case_id).assessment
    assert assessment.facts.data["bases"] == [basis_document(draft)]


def make_manager(user: User, basis: LegalBasis) -> None:
    """Gives somebody the role and the mandate on top."""
    roles.grant(user.memberships.get(), "mandated_manager")
    Mandate.objects.create(
        organisation=basis.partner.organisation, holder=user, function="Deputy", reference="Decision 2 (invented)",
        valid_from=TODAY, valid_to=TODAY,
    )  # fmt: skip


def specify_again(basis: LegalBasis, person: Person) -> Any:
    use_case = basis.partner.use_case
    document = use_case.specification.data | {"title": {"nl": "verzonnen 2", "en": "invented 2"}}
    return actions.specify(use_case=use_case, data=document, by=person("alfa", "innovation_manager"))
