"""Support access: asked by the platform, granted by the organisation, recorded step by step, over by itself."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import actions, deputies, reach, roles, standing
from accounts.models import Membership, Organisation, SupportAccess, User
from accounts.reach import Deed
from accounts.support import actions as support
from accounts.support.access import carry
from audit.models import Event
from station.reasons import Refused


def texts(answer):
    return " ".join(answer.content.decode().split())


def refused(act):
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.reasons[0].code


def told(access):
    return list(Event.objects.about(access).order_by("pk").values_list("type", flat=True))


@pytest.fixture(autouse=True)
def passwords(admin, platform):
    """Who administers has chosen a password."""
    for user in (admin, platform):
        user.set_password("a good one")
        user.save()


@pytest.fixture
def asked(alfa, platform):
    return support.ask(organisation=alfa, reason="Roles do not show", hours=2, by=platform)


@pytest.fixture
def granted(asked, admin):
    return support.grant(access=asked, by=admin)


@pytest.fixture
def in_support(granted, platform):
    carry(platform, granted)
    return platform


def test_a_platform_administrator_reaches_nothing_inside_an_organisation(alfa, admin, platform, member, as_user, today):
    anna = member("alfa", "Anna", "lawyer")
    acts = [
        lambda: actions.add_member(organisation=alfa, email="x@y.example", full_name="X", by=platform),
        lambda: actions.remove_member(membership=anna, by=platform),
        lambda: actions.grant_role(membership=anna, role="dpo", by=platform),
        lambda: actions.revoke_role(membership=anna, role="lawyer", by=platform),
        lambda: actions.record_mandate(
            organisation=alfa, holder=anna.user, function="F", reference="R", valid_from=today, valid_to=today,
            by=platform,
        ),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    shown = texts(as_user(platform).get(reverse("accounts:organisation", args=["alfa"])))
    assert "Anna Alfa" not in shown and "Ready to take part" in shown and "Ask for support access" in shown


def test_asking_granting_using_and_ending_is_told_step_by_step(alfa, admin, platform, member, as_user):
    anna = member("alfa", "Anna", "lawyer")
    page = reverse("accounts:organisation", args=["alfa"])
    browser = as_user(platform)
    given = {"reason": "<b>Roles</b> do not show", "hours": "2"}
    assert browser.post(reverse("accounts:support_ask", args=["alfa"]), given | {"hours": "9"}).status_code == 422
    assert browser.post(reverse("accounts:support_ask", args=["alfa"]), given).status_code == 302
    access = SupportAccess.objects.get()
    address = {name: reverse("accounts:support_step", args=["alfa", access.pk, name]) for name in ("grant", "end")}
    assert browser.post(address["grant"]).status_code == 403, "never one's own question"
    shown = texts(browser.get(page))
    assert "Your question for support access" in shown and "Ask for support access" not in shown
    begin = reverse("accounts:support_begin", args=["alfa", access.pk])
    assert browser.post(begin).status_code == 409, "not before it is granted"

    browser = as_user(admin)
    home = texts(browser.get("/"))
    assert "Piet Platform of the platform asks for support access to Alfa for 2 hours" in home
    assert "&lt;b&gt;Roles" in texts(browser.get(address["grant"]))
    assert browser.post(address["grant"]).status_code == 302
    assert "asks for support access" not in texts(browser.get("/"))

    browser = as_user(platform)
    assert "Anna Alfa" not in texts(browser.get(page)), "granted, and not in use"
    assert browser.post(begin).status_code == 302
    shown = texts(browser.get(page))
    assert "Anna Alfa" in shown and "Support access to Alfa until" in shown
    assert "Your support access" in shown and "Ask for support access" not in shown
    assert "&lt;b&gt;Roles" in shown and "<b>Roles" not in shown
    browser.get(page)
    roles_page = reverse("accounts:member", args=["alfa", anna.pk])
    assert browser.post(roles_page, {"roles": ["lawyer", "drafter"], "seen": "lawyer"}).status_code == 302
    assert browser.post(reverse("accounts:mandate_new", args=["alfa"])).status_code == 403

    browser = as_user(admin)
    shown = texts(browser.get(reverse("accounts:support", args=["alfa", access.pk])))
    assert "looked, under support access, at: the organisation, /organisations/alfa/" in shown
    assert f"sent a form under support access: the organisation, {roles_page}" in shown
    assert "Piet Platform (support access)" in texts(browser.get(page)), "beside what was done"
    assert browser.post(address["end"]).status_code == 302
    assert told(access) == [
        "support.asked", "support.granted", "support.begun", "support.looked", "support.acted", "support.acted",
        "support.ended",
    ]  # fmt: skip


def test_ended_by_the_organisation_ends_at_the_next_page(alfa, admin, platform, granted, client):
    client.force_login(platform)
    client.cookies["django_language"] = "en"
    page = reverse("accounts:organisation", args=["alfa"])
    client.post(reverse("accounts:support_begin", args=["alfa", granted.pk]))
    assert "Anna" not in texts(client.get(page)) and "Bea Alfa" in texts(client.get(page))
    support.end(access=granted, by=admin)
    shown = texts(client.get(page))
    assert "Your support access is over" in shown and "Bea Alfa" not in shown
    assert "support" not in client.session


def test_it_ends_by_itself_also_when_nobody_marks_it(alfa, in_support, granted):
    assert reach.reaches(in_support, alfa, Deed.MEMBERS)
    SupportAccess.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert not reach.reaches(in_support, alfa, Deed.MEMBERS)
    assert support.sweep() == 1 and support.sweep() == 0
    granted.refresh_from_db()
    assert granted.state == "expired" and told(granted)[-1] == "support.expired"


def test_a_question_that_nobody_answers_lapses(asked):
    assert support.sweep() == 0
    SupportAccess.objects.update(asked_at=timezone.now() - support.WAITS)
    assert support.sweep() == 1
    asked.refresh_from_db()
    assert asked.state == "lapsed"


def test_two_people_always(alfa, platform, admin, asked):
    """A platform administrator who became an administrator of the organisation does not answer the own question."""
    roles.grant(Membership.objects.create(user=platform, organisation=alfa), "organisation_admin")
    assert refused(lambda: support.grant(access=asked, by=platform)) == "support.own_answer"
    with pytest.raises(IntegrityError, match="support_takes_two"), transaction.atomic():
        SupportAccess.objects.update(answered_by=platform)
    assert refused(lambda: support.ask(organisation=alfa, reason="x", hours=1, by=platform)) == "support.own"


def test_what_it_opens_and_what_never(alfa, in_support, member, admin, today, week):
    anna = member("alfa", "Anna", "lawyer")
    added = actions.add_member(organisation=alfa, email="new@alfa.example", full_name="N", by=in_support)
    actions.grant_role(membership=anna, role="drafter", by=in_support)
    actions.remove_member(membership=added, by=in_support)
    mandate = actions.record_mandate(
        organisation=alfa, holder=anna.user, function="F", reference="R", valid_from=today, valid_to=today, by=admin
    )
    acts = [
        lambda: actions.record_mandate(
            organisation=alfa, holder=admin, function="F", reference="R", valid_from=today, valid_to=today,
            by=in_support,
        ),
        lambda: actions.withdraw_mandate(mandate=mandate, by=in_support),
        lambda: deputies.name_deputy(
            absent=anna, deputy=member("alfa", "Daan"), role="lawyer", reason="x", **week, by=in_support
        ),
        lambda: actions.grant_role(membership=member("beta", "Boris"), role="dpo", by=in_support),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    assert not roles.permissions_of(in_support, alfa), "no permission of the organisation itself"


def test_nobody_lets_themselves_in_under_support(alfa, in_support):
    own = {"organisation": alfa, "email": in_support.email, "full_name": "P"}
    assert refused(lambda: actions.add_member(**own, by=in_support)) == "support.self"
    membership = Membership.objects.create(user=in_support, organisation=alfa)
    for role in ("organisation_admin", "mandated_manager"):
        act = lambda role=role: actions.grant_role(membership=membership, role=role, by=in_support)  # noqa: E731
        assert refused(act) == "role.own"


def test_one_organisation_at_a_time(alfa, granted, admin, platform, member):
    boris = member("beta", "Boris", "organisation_admin")
    boris.user.set_password("a good one")
    boris.user.save()
    other = support.ask(organisation=boris.organisation, reason="x", hours=1, by=platform)
    support.grant(access=other, by=boris.user)
    granted.refresh_from_db()
    assert granted.state == "ended"
    assert refused(lambda: support.begin(access=granted, by=platform)) == "support.over"


def test_asking_and_answering_in_order(alfa, platform, admin, asked, member):
    ask = {"organisation": alfa, "by": platform}
    assert refused(lambda: support.ask(**ask, reason="x", hours=1)) == "support.asked_already"
    with pytest.raises(PermissionDenied):
        support.ask(organisation=alfa, reason="x", hours=1, by=admin)
    with pytest.raises(PermissionDenied):
        support.grant(access=asked, by=member("alfa", "Anna", "dpo").user)
    assert refused(lambda: support.refuse(access=asked, reason=" ", by=admin)) == "reason.needed"
    support.refuse(access=asked, reason="Not now", by=admin)
    assert refused(lambda: support.grant(access=asked, by=admin)) == "lifecycle.state"
    for hours, reason, code in ((3, "x", "support.hours"), (1, " ", "reason.needed"), (1, "x" * 501, "text.too_long")):
        assert refused(lambda h=hours, r=reason: support.ask(**ask, reason=r, hours=h)) == code
    again = support.ask(**ask, reason="Again", hours=1)
    support.withdraw(access=again, by=platform)
    last = support.ask(**ask, reason="Again", hours=1)
    roles.revoke(platform.memberships.get(), "platform_admin")
    assert refused(lambda: support.grant(access=last, by=admin)) == "support.no_administrator"


def test_letters_go_to_who_must_answer_and_to_who_waits(
    alfa, platform, admin, django_capture_on_commit_callbacks, settings
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with django_capture_on_commit_callbacks(execute=True):
        access = support.ask(organisation=alfa, reason="Roles <do> not show", hours=2, by=platform)
    with django_capture_on_commit_callbacks(execute=True):
        support.grant(access=access, by=admin)
    assert [letter.to for letter in mail.outbox] == [[admin.email], [platform.email]]
    assert "Roles <do> not show" in mail.outbox[0].body
    assert all(reverse("accounts:support", args=["alfa", access.pk]) in letter.body for letter in mail.outbox)


def test_the_platform_names_a_first_administrator_and_no_second(alfa, admin, platform, as_user):
    delta = actions.create_organisation(slug="delta", name="Delta", by=platform)
    page = reverse("accounts:first_administrator", args=["delta"])
    given = {"full_name": "Dora", "email": "dora@delta.example", "language": "nl"}
    browser = as_user(platform)
    assert refused(lambda: support.ask(organisation=delta, reason="x", hours=1, by=platform)) == "support.nobody"
    assert browser.post(page, given | {"email": platform.email}).status_code == 422
    assert browser.post(page, given).status_code == 302
    dora = User.objects.get(email="dora@delta.example")
    assert roles.allowed(dora, "manage_members", delta)
    event = Event.objects.get(type="organisation.administrator_named")
    assert (event.organisation_key, event.facts["member"]) == ("delta", dora.pk)
    assert browser.post(page, given | {"email": "other@delta.example"}).status_code == 302, "no password chosen yet"
    dora.set_password("a good one")
    dora.save()
    answer = browser.post(page, given | {"email": "third@delta.example"})
    assert answer.status_code == 422 and "Delta has an administrator already" in texts(answer)
    with pytest.raises(PermissionDenied):
        actions.name_first_administrator(organisation=delta, email="a@b.example", full_name="A", by=admin)


def test_contacts_are_the_platforms_own_matter(alfa, platform):
    contact = standing.add_contact(organisation=alfa, name="D", function="D", email="d@alfa.example", by=platform)
    standing.remove_contact(contact=contact, by=platform)


def test_a_suspended_organisation_gives_no_support(alfa, granted, in_support, platform):
    standing.suspend_organisation(organisation=alfa, reason="x", by=platform)
    assert not reach.reads(in_support, Organisation.objects.get(pk=alfa.pk))
    assert refused(lambda: support.ask(organisation=alfa, reason="x", hours=1, by=platform)) == "support.suspended"
