"""The page of roles says what roles.py enforces."""

from django.urls import reverse

from accounts import roles


def test_every_role_shows_in_both_languages_with_what_it_may_do(alfa, platform, as_user):
    answer = as_user(platform).get(reverse("accounts:roles"))
    text = answer.content.decode()
    for key, role in roles.ROLES.items():
        row = next(r for r in answer.context["rows"] if r["key"] == key)
        assert f'<th scope="row" lang="nl">{role.nl}</th>' in text
        assert f'<td lang="en" data-label="English name">{role.en}</td>' in text
        assert len(row["may"]) == len(role.permissions)
        assert row["second_factor"] == (key in roles.binding())
    assert [r["key"] for r in answer.context["rows"] if r["by_platform"]] == ["platform_admin"]


def test_it_is_linked_from_the_list_of_organisations(alfa, platform, as_user):
    assert reverse("accounts:roles") in as_user(platform).get(reverse("accounts:organisations")).content.decode()


def test_strangers_log_in_first(client, db):
    assert client.get(reverse("accounts:roles")).status_code == 302
