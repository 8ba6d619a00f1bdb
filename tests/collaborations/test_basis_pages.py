"""The pages of legal bases: everybody involved reads them, the own people act, and each mistake gets a sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import roles
from accounts.models import Mandate
from collaborations import actions
from collaborations.models import LegalBasis
from tests.collaborations.world import World
from tests.computations.trial import specification

STOP = "assessing"
TODAY = timezone.localdate()
EVIL = "<script>alert('x')</script> {{ 7|add:7 }}"
FORM = {
    "purpose": "Helping entrepreneurs", "data_category": "arrears", "operation": "contribute", "regime": "gdpr",
    "ground": "6.1.e", "law_id": "Example Act", "article": "1", "provision": "Example provision, unverified",
    "valid_from": TODAY, "valid_to": TODAY + timedelta(days=9),
}  # fmt: skip
At = Callable[..., Client]


def address(name: str, *args: Any) -> str:
    return reverse(f"collaborations:{name}", args=args)


def words(answer: Any) -> str:
    return unescape(answer.content.decode())


@pytest.fixture
def draft(shared: World, at: At) -> LegalBasis:
    """Written through the form."""
    answer = at("beta", "drafter").post(address("basis_new", shared.use_case.pk, "beta"), FORM)
    assert answer.status_code == 302
    return LegalBasis.objects.get()


@pytest.fixture
def step(shared: World, at: At, draft: LegalBasis) -> Callable[..., Any]:
    """Posts the form of a step, as somebody of beta."""

    def posted(name: str, role: str, **data: Any) -> Any:
        page = address("basis_step", shared.use_case.pk, draft.pk, name)
        return at("beta", role).post(page, data)

    return posted


def test_from_an_empty_page_to_an_approved_row(shared: World, at: At, draft: LegalBasis, step: Any) -> None:
    for name, role, data in (
        ("submit", "lawyer", {}),
        ("advise", "dpo", {"verdict": "conditional", "text": "Leave out the name."}),
        ("approve", "mandated_manager", {"reasons": "The name is left out."}),
    ):
        assert step(name, role, **data).url == address("basis", shared.use_case.pk, draft.pk)
    text = words(at("gamma", "nobody").get(address("basis", shared.use_case.pk, draft.pk)))
    for told in (
        "approved", "Helping entrepreneurs", "Example Act, art. 1", "positive with conditions", "Leave out the name.",
        "The name is left out.", "Mandated Manager Beta, Director, on", "Decision 1 (invented)", "Dpo Beta",
        "Drafter Beta", "that day included", "only its own people act on it",
    ):  # fmt: skip
        assert told in text, told
    assert "Beta approved the legal basis Example Act 1 (Director)." in text


# The overview


def test_an_empty_page_says_who_adds_a_row(shared: World, at: At) -> None:
    page = address("bases", shared.use_case.pk)
    assert "Add a row for each operation" in words(at("beta", "lawyer").get(page))
    shared.person("beta", "drafter")
    text = words(at("beta", "dpo").get(page))
    assert "A drafter or lawyer of Beta adds one." in text
    assert "At your organisation: Drafter Beta, Lawyer Beta." in text
    assert "At your organisation: Drafter Alfa" not in text


def test_an_organisation_without_writers_is_sent_to_its_administrator(shared: World, at: At) -> None:
    shared.organisations["gamma"].memberships.exclude(user__email__startswith="nobody").update(active=False)
    text = words(at("gamma", "nobody").get(address("bases", shared.use_case.pk)))
    assert "Your organisation administrator gives it." in text


def test_before_the_specification_and_after_the_end_nothing_can_be_added(shared: World, at: At) -> None:
    early = shared.use_case_at("joined")
    assert "The proposer makes it first." in words(at("beta", "lawyer").get(address("bases", early.pk)))
    asker = shared.person("alfa", "innovation_manager")
    actions.withdraw(use_case=shared.use_case, reason="invented", by=asker)
    text = words(at("beta", "lawyer").get(address("bases", shared.use_case.pk)))
    assert "while the use case is explored or assessed" in text


def test_the_own_organisation_comes_first(shared: World, at: At) -> None:
    for key in ("alfa", "beta", "gamma"):
        text = words(at(key, "dpo").get(address("bases", shared.use_case.pk)))
        names = sorted(("Alfa", "Beta", "Gamma"), key=lambda name: text.index(f"<h3>{name}"))
        assert names[0].lower() == key


def test_rows_stand_with_who_is_next(shared: World, at: At, draft: LegalBasis, step: Any) -> None:
    page = address("bases", shared.use_case.pk)
    assert "next: drafter or lawyer" in words(at("alfa", "dpo").get(page))
    step("submit", "drafter")
    assert "next: DPO" in words(at("alfa", "dpo").get(page))


def test_the_page_takes_as_many_queries_for_many_rows(shared: World, at: At, django_assert_max_num_queries) -> None:
    page, client = address("bases", shared.use_case.pk), at("beta", "dpo")
    partner = shared.use_case.partners.get(organisation__slug="beta")
    for number in range(30):
        LegalBasis.objects.create(
            partner=partner, specification=shared.use_case.specification, drafted_by=shared.person("beta", "drafter"),
            law_id=f"Act {number}", valid_from=TODAY, valid_to=TODAY,
        )  # fmt: skip
    with django_assert_max_num_queries(25):
        assert "Act 29" in words(client.get(page))


# Writing


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"valid_to": TODAY - timedelta(days=1)}, "comes before the first"),
        ({"valid_to": "soon"}, "Enter a valid date"),
        ({"purpose": ""}, "This field is required"),
        ({"operation": ""}, "This field is required"),
        ({"ground": "nonsense"}, "Select a valid choice"),
        ({"law_id": "x" * 101}, "at most 100 characters"),
        ({"article": "a\x00b"}, "Null characters are not allowed"),
    ],
)
def test_a_mistake_gets_a_sentence_and_the_rest_stays(shared: World, at: At, changes: Any, told: str) -> None:
    page = address("basis_new", shared.use_case.pk, "beta")
    answer = at("beta", "drafter").post(page, FORM | {"provision": "This text stays."} | changes)
    assert answer.status_code == 422
    assert told in words(answer)
    assert "This text stays." in words(answer)
    assert not LegalBasis.objects.exists()


@pytest.mark.parametrize("name", ["purpose", "provision"])
def test_five_megabytes_get_a_sentence_and_come_back(shared: World, at: At, name: str) -> None:
    page = address("basis_new", shared.use_case.pk, "beta")
    answer = at("beta", "drafter").post(page, FORM | {name: "x" * 5_000_000})
    assert answer.status_code == 422
    assert "at most 10000 characters" in words(answer)
    assert "x" * 5_000_000 in answer.content.decode()


def test_what_is_larger_than_any_form_gets_a_page_of_its_own(shared: World, at: At) -> None:
    page = address("basis_new", shared.use_case.pk, "beta")
    answer = at("beta", "drafter").post(page, FORM | {"purpose": "x" * 17_000_000})
    assert answer.status_code == 400
    assert "what you wrote is still there" in words(answer)


def test_a_new_row_starts_with_the_days_of_the_window(shared: World, at: At) -> None:
    text = words(at("beta", "drafter").get(address("basis_new", shared.use_case.pk, "beta")))
    assert f'value="{TODAY}"' in text
    assert f'value="{shared.use_case.specification.read().schedule.end}"' in text


def test_the_form_says_what_the_specification_asks_and_stands_in_parts(shared: World, at: At) -> None:
    text = words(at("beta", "drafter").get(address("basis_new", shared.use_case.pk, "beta")))
    assert "What the specification asks of Beta" in text and "missing" in text
    parts = ("What it is about", "Ground", "Provision", "Further provisions", "Secrecy duty", "Validity")
    assert all(f"<legend>{part}</legend>" in text for part in parts)
    address_of_examples = address("basis_examples", shared.use_case.pk, "beta") + "?operation=receive"
    asked = address("basis_new", shared.use_case.pk, "beta") + "?operation=receive"
    assert address_of_examples in words(at("beta", "drafter").get(asked))
    assert "&operation=receive" in words(at("beta", "drafter").get(address_of_examples))
    assert text.count('name="seen"') == 1 and text.count('name="purpose"') == 1


def test_a_row_that_ended_is_recorded_as_lapsed_by_the_lawyer(shared: World, at: At, draft: Any, step: Any) -> None:
    page = address("basis", shared.use_case.pk, draft.pk)
    assert "Record as lapsed" not in words(at("beta", "lawyer").get(page))
    LegalBasis.objects.update(valid_from=TODAY - timedelta(days=9), valid_to=TODAY - timedelta(days=1))
    told = words(at("beta", "lawyer").get(page))
    assert "Record as lapsed" in told and "cannot be approved any more" in told
    assert "Record as lapsed" not in words(at("beta", "drafter").get(page))
    assert step("record-lapsed", "lawyer", reason="The regulation lapsed").url == page
    assert "The regulation lapsed" in words(at("beta", "lawyer").get(page))


def test_a_row_without_a_ground_that_a_kind_of_data_asks_for_is_completed(world: World, at: At) -> None:
    data = specification()
    data["inputs"][1]["columns"][1]["data_class"] = "special"
    use_case = world.use_case_at("assessing", data=data)
    assert at("beta", "drafter").post(address("basis_new", use_case.pk, "beta"), FORM).status_code == 302
    page = " ".join(words(at("beta", "drafter").get(address("basis_matrix", use_case.pk))).split())
    assert "Complete Example Act, art. 1" in page
    assert page.count(">Add<") == 1, "for checking the outcome; a second row of the same operation is not what it takes"


def test_a_public_body_with_legitimate_interest_is_told_before_it_tries(shared: World, at: At, draft: Any) -> None:
    page = address("basis_edit", shared.use_case.pk, draft.pk)
    assert at("beta", "drafter").post(page, FORM | {"ground": "6.1.f"}).status_code == 302
    text = words(at("beta", "drafter").get(address("basis", shared.use_case.pk, draft.pk)))
    assert "Hand to the DPO: not possible yet" in text
    assert "cannot rest its tasks on legitimate interest" in text


def test_what_people_write_is_shown_as_text(shared: World, at: At, draft: Any, step: Any) -> None:
    texts = dict.fromkeys(("purpose", "data_category", "law_id", "article", "provision"), EVIL)
    at("beta", "drafter").post(address("basis_edit", shared.use_case.pk, draft.pk), FORM | texts)
    step("submit", "drafter")
    step("advise", "dpo", verdict="negative", text=EVIL)
    step("approve", "mandated_manager", reasons=EVIL)
    step("suspend", "dpo", reason=EVIL)
    for page in (address("basis", shared.use_case.pk, draft.pk), address("bases", shared.use_case.pk)):
        raw = at("beta", "dpo").get(page).content.decode()
        assert "<script>alert" not in raw
        assert "&lt;script&gt;alert" in raw
        assert "{{ 7|add:7 }}" in raw  # and not 14


# Steps


def test_what_keeps_just_this_person_from_it_is_said_before(shared: World, at: At, draft: Any, step: Any) -> None:
    step("submit", "lawyer")
    step("advise", "dpo", verdict="positive")
    drafter = shared.person("beta", "drafter")
    roles.grant(drafter.memberships.get(), "mandated_manager")
    text = words(at("beta", "drafter").get(address("basis", shared.use_case.pk, draft.pk)))
    assert "Approve: not possible yet" in text
    assert "Whoever wrote the legal basis or advised on it does not approve it." in text
    assert "You have no mandate to bind Beta today." in text


def test_approving_without_a_mandate_says_who_mends_it(shared: World, at: At, draft: Any, step: Any) -> None:
    step("submit", "lawyer")
    step("advise", "dpo", verdict="positive")
    Mandate.objects.filter(holder=shared.person("beta", "mandated_manager")).update(withdrawn_on=TODAY)
    answer = step("approve", "mandated_manager")
    assert answer.status_code == 422
    assert "The administrator of Beta records your mandate." in words(answer)


def test_the_approver_reads_what_is_approved(shared: World, at: At, draft: Any, step: Any) -> None:
    step("submit", "lawyer")
    step("advise", "dpo", verdict="negative", text="Too much data.")
    page = address("basis_step", shared.use_case.pk, draft.pk, "approve")
    text = words(at("beta", "mandated_manager").get(page))
    for told in ("Helping entrepreneurs", "Example provision, unverified", "negative: Too much data.", "never changes"):
        assert told in text
    assert "Write down why." in words(step("approve", "mandated_manager"))


@pytest.mark.parametrize(("name", "role"), [("suspend", "dpo"), ("withdraw", "mandated_manager")])
def test_what_stops_others_asks_for_a_reason_first(
    shared: World, at: At, draft: Any, step: Any, name: str, role: str
) -> None:
    step("submit", "lawyer")
    step("advise", "dpo", verdict="positive")
    step("approve", "mandated_manager")
    page = address("basis_step", shared.use_case.pk, draft.pk, name)
    assert "From now on nothing" in words(at("beta", role).get(page))
    assert step(name, role, reason=" ").status_code == 422
    draft.refresh_from_db()
    assert draft.state == "approved"
    assert step(name, role, reason="Something is wrong.").status_code == 302
    text = words(at("alfa", "nobody").get(address("basis", shared.use_case.pk, draft.pk)))
    assert "Something is wrong." in text


def test_lifting_a_suspension(shared: World, draft: Any, step: Any) -> None:
    step("submit", "lawyer")
    step("advise", "dpo", verdict="positive")
    step("approve", "mandated_manager")
    step("suspend", "dpo", reason="invented")
    assert step("resume", "mandated_manager", reason="sorted out").status_code == 302
    draft.refresh_from_db()
    assert draft.state == "approved"


def test_a_new_version_stands_beside_the_old_one(shared: World, at: At, draft: Any, step: Any) -> None:
    step("submit", "lawyer")
    step("advise", "dpo", verdict="positive")
    step("approve", "mandated_manager")
    client = at("beta", "drafter")
    text = words(client.get(address("basis", shared.use_case.pk, draft.pk)))
    assert "Make a new version" in text
    answer = client.post(address("basis_revise", shared.use_case.pk, draft.pk), FORM | {"article": "2"})
    text = words(client.get(answer.url))
    assert "version 2 (this one)" in text
    assert address("basis", shared.use_case.pk, draft.pk) in text
    again = client.post(address("basis_revise", shared.use_case.pk, draft.pk), FORM)
    assert "A new version of this legal basis was made already." in words(again)


def test_a_step_that_is_not_possible_now_says_why(step: Any) -> None:
    answer = step("approve", "mandated_manager")
    assert answer.status_code == 422
    assert "the state is 'draft'" in words(answer)


# Who may


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("name", "extra"),
    [("basis_edit", []), ("basis_revise", []), *(("basis_step", [step]) for step in ("submit", "advise", "approve",
     "send-back", "suspend", "resume", "drop", "withdraw"))],
)  # fmt: skip
def test_nobody_acts_for_another_organisation(
    shared: World, at: At, draft: Any, method: str, name: str, extra: list[str]
) -> None:
    page = address(name, shared.use_case.pk, draft.pk, *extra)
    for role in ("drafter", "lawyer", "dpo", "mandated_manager"):
        assert getattr(at("alfa", role), method)(page, {"reason": "x"}).status_code == 403
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_nobody_adds_a_row_for_another_organisation(shared: World, at: At) -> None:
    assert at("alfa", "lawyer").post(address("basis_new", shared.use_case.pk, "beta"), FORM).status_code == 403
    assert not LegalBasis.objects.exists()


def test_strangers_and_wrong_addresses_get_404(shared: World, at: At, draft: Any) -> None:
    other = shared.use_case_at("exploring")
    client = at("beta", "drafter")
    assert client.get(address("basis", other.pk, draft.pk)).status_code == 404
    assert client.get(address("basis_step", shared.use_case.pk, draft.pk, "respecify")).status_code == 404
    assert client.get(address("basis_new", shared.use_case.pk, "delta")).status_code == 404
    shared.use_case.partners.filter(organisation__slug="gamma").update(state="declined")
    for name, args in (("bases", []), ("basis", [draft.pk]), ("basis_edit", [draft.pk])):
        assert at("gamma", "drafter").get(address(name, shared.use_case.pk, *args)).status_code == 404
