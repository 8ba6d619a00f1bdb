"""Pages for whoever administers organisations: list, checklist, suspension, contacts, mandates and deputies."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import actions, deputies, onboarding, roles, standing
from accounts.models import Deputy, Organisation


def page_of(organisation):
    return reverse("accounts:organisation", args=[organisation.slug])


def texts(answer):
    return " ".join(answer.content.decode().split())


def test_the_list_is_searched_and_filtered(alfa, platform, as_user):
    Organisation.objects.create(slug="zorg", name="Zorg", type="hospital", oin="00000001123456782000")
    browser = as_user(platform)
    for query, shown in [
        ("", {"Alfa", "Zorg"}), ("q=zor", {"Zorg"}), ("q=0000 0001 1234", {"Zorg"}), ("type=hospital", {"Zorg"}),
        ("state=suspended", set()), ("type=castle", {"Alfa", "Zorg"}),
    ]:  # fmt: skip
        answer = browser.get(reverse("accounts:organisations") + "?" + query)
        assert {o.name for o in answer.context["page"]} - {"Platform"} == shown, query
    assert "No organisation fits" in texts(browser.get(reverse("accounts:organisations") + "?q=nobody"))


def test_a_list_of_many_asks_as_many_queries_as_of_few(platform, as_user, django_assert_max_num_queries):
    Organisation.objects.bulk_create(Organisation(slug=f"o{n}", name=f"Organisation {n}") for n in range(60))
    browser = as_user(platform)
    with django_assert_max_num_queries(12):
        assert len(browser.get(reverse("accounts:organisations")).context["page"]) == 25


def test_a_platform_administrator_adds_an_organisation_and_hears_what_is_wrong_with_its_number(platform, as_user):
    browser, given = as_user(platform), {"slug": "delta", "name": "Delta", "type": "ministry", "kind": "public"}
    answer = browser.post(reverse("accounts:organisation_new"), given | {"oin": "123"})
    assert answer.status_code == 422 and "An OIN has exactly 20 digits; these are 3" in texts(answer)
    given["oin"] = "00000001123456782000"
    assert browser.post(reverse("accounts:organisation_new"), given).status_code == 302
    assert Organisation.objects.get(slug="delta").type == "ministry"


def test_nobody_overwrites_what_they_have_not_seen(alfa, platform, as_user):
    browser, url = as_user(platform), reverse("accounts:organisation_edit", args=["alfa"])
    form = {"name": "Alfa mine", "oin": "", "type": "agency", "kind": "public", "seen": "0"}
    standing.edit_organisation(
        organisation=alfa, name="Alfa theirs", oin="", type="agency", kind="public", seen=0, by=platform
    )
    answer = browser.post(url, form)
    assert answer.status_code == 422
    assert "Alfa theirs" in texts(answer) and 'value="Alfa mine"' in texts(answer)
    again = {field.name: field.value() for field in answer.context["form"]}
    assert browser.post(url, again).status_code == 302
    assert Organisation.objects.get(pk=alfa.pk).name == "Alfa mine"


def test_the_checklist_says_who_does_what_until_it_is_there(alfa, admin, member, as_user, today):
    def done():
        return [line.done for line in onboarding.lines(alfa)][:3]

    assert done() == [False, False, False]
    shown = texts(as_user(admin).get(page_of(alfa)))
    assert "Nobody is recorded to write to. · done by: Organisation administrator" in shown
    standing.add_contact(organisation=alfa, name="Desk", function="Desk", email="desk@alfa.example", by=admin)
    assert done() == [True, False, False]
    member("alfa", "Fien", "dpo")
    assert done() == [True, True, False]
    manager = member("alfa", "Mia", "mandated_manager").user
    mandate = actions.record_mandate(
        organisation=alfa, holder=manager, function="Director", reference="D 1", valid_from=today,
        valid_to=today + timedelta(days=1), by=admin,
    )  # fmt: skip
    assert done() == [True, True, True]
    actions.withdraw_mandate(mandate=mandate, by=admin, reason="x")
    assert done() == [True, True, False]


def test_suspending_asks_for_a_reason_and_its_people_read_it(alfa, admin, platform, as_user):
    url = reverse("accounts:organisation_suspend", args=["alfa"])
    assert "Runs in which it takes part are stopped" in texts(as_user(platform).get(url))
    assert as_user(platform).post(url, {"reason": ""}).status_code == 422
    assert as_user(platform).post(url, {"reason": "<b>Unpaid</b>"}).status_code == 302
    shown = texts(as_user(admin).get(page_of(alfa)))
    assert "Suspended since" in shown and "&lt;b&gt;Unpaid&lt;/b&gt;" in shown
    assert "Add a member" not in shown
    assert as_user(admin).post(reverse("accounts:member_new", args=["alfa"])).status_code == 403
    as_user(platform).post(reverse("accounts:organisation_reinstate", args=["alfa"]), {"reason": "Paid"})
    shown = texts(as_user(admin).get(page_of(alfa)))
    assert "Add a member" in shown
    assert "Alfa was suspended on this platform." in shown and "Piet Platform, Alfa" in shown


def test_the_page_of_an_organisation_costs_no_more_for_many_members(alfa, admin, member, as_user, today):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(page_of(alfa)).status_code == 200
        return len(caught)

    def grow(first, last):
        for number in range(first, last):
            user = member("alfa", f"M{number}", "lawyer").user
            actions.record_mandate(
                organisation=alfa, holder=user, function="Director", reference="D", valid_from=today,
                valid_to=today, by=admin,
            )  # fmt: skip

    browser = as_user(admin)
    grow(0, 2)
    queries()  # what is remembered from then on, such as the content types
    few = queries()
    grow(2, 8)
    assert queries() == few <= 12


def test_only_who_may_do_it_gets_the_link(alfa, admin, member, as_user):
    line, url = "A contact is recorded", reverse("accounts:contact_new", args=["alfa"])
    assert url in texts(as_user(admin).get(page_of(alfa)))
    shown = texts(as_user(member("alfa", "Daan").user).get(page_of(alfa)))
    assert line in shown and url not in shown


def test_naming_a_deputy_and_ending_it(alfa, admin, member, as_user, today):
    anna, daan = member("alfa", "Anna", "lawyer"), member("alfa", "Daan")
    browser, url = as_user(admin), reverse("accounts:deputy_new", args=["alfa"])
    assert "Anna Alfa: Lawyer" in texts(browser.get(url))
    given = {
        "held": f"{anna.pk}:lawyer", "deputy": daan.pk, "first_day": today, "last_day": today, "reason": "Holiday",
    }  # fmt: skip
    assert browser.post(url, given | {"held": f"{anna.pk}:dpo"}).status_code == 422
    assert browser.post(url, given).status_code == 302
    shown = texts(as_user(daan.user).get(page_of(alfa)))
    assert "Stands in for" in shown and "Holiday" in shown, "the deputy sees it"
    assert roles.allowed(daan.user, "review_basis", alfa)
    deputy = Deputy.objects.get()
    as_user(admin).post(reverse("accounts:deputy_end", args=["alfa", deputy.pk]))
    assert not roles.allowed(daan.user, "review_basis", alfa)


def test_things_of_another_organisation_are_not_found_at_ones_own(alfa, admin, member, as_user, week):
    boris = member("beta", "Boris", "organisation_admin", "lawyer")
    beta = boris.organisation
    theirs = deputies.name_deputy(
        absent=boris, deputy=member("beta", "Bram"), role="lawyer", reason="x", **week,
        by=member("beta", "Bo", "organisation_admin").user,
    )  # fmt: skip
    contact = standing.add_contact(organisation=beta, name="D", function="D", email="d@beta.example", by=boris.user)
    browser = as_user(admin)
    for name, pk in (("deputy_end", theirs.pk), ("contact_remove", contact.pk)):
        assert browser.post(reverse(f"accounts:{name}", args=["alfa", pk])).status_code == 404
        assert browser.post(reverse(f"accounts:{name}", args=["beta", pk])).status_code == 404
    assert beta.contacts.count() == 1


def test_a_mandate_is_withdrawn_with_a_reason(alfa, admin, platform, member, as_user, today):
    mandate = actions.record_mandate(
        organisation=alfa, holder=member("alfa", "Mia").user, function="Director", reference="D 1", valid_from=today,
        valid_to=today, by=admin,
    )  # fmt: skip
    url = reverse("accounts:mandate_withdraw", args=["alfa", mandate.pk])
    assert as_user(platform).post(url, {"reason": "Not theirs to say"}).status_code == 403
    browser = as_user(admin)
    assert browser.post(url, {"reason": ""}).status_code == 422
    assert browser.post(url, {"reason": "Other job"}).status_code == 302
    assert "Other job" in texts(browser.get(page_of(alfa)))


def test_roles_that_somebody_else_changed_meanwhile_are_not_taken_away_unseen(alfa, admin, member, as_user):
    """Two administrators have the page of one member open; the second is told, and loses neither choice."""
    daan = member("alfa", "Daan", "drafter")
    page = reverse("accounts:member", args=["alfa", daan.pk])
    browser = as_user(admin)
    seen = browser.get(page).context["form"]["seen"].value()
    assert browser.post(page, {"roles": ["drafter", "lawyer"], "seen": seen}).status_code == 302
    answer = browser.post(page, {"roles": ["drafter", "dpo"], "seen": seen})
    assert answer.status_code == 422 and "They now are: Drafter, Lawyer." in texts(answer)
    assert roles.held(daan) == {"drafter", "lawyer"}
    assert answer.context["form"]["roles"].value() == ["drafter", "dpo"], "the choice still stands there"
    seen = answer.context["form"]["seen"].value()
    assert browser.post(page, {"roles": ["drafter", "dpo"], "seen": seen}).status_code == 302
    assert roles.held(daan) == {"drafter", "dpo"}
