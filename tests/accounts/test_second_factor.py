"""The second factor through the pages: setting it up, logging in with it, losing it, and acting without it."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings as configured
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import guessing, roles
from accounts.models import Deputy, Organisation, User
from accounts.second_factor import state
from audit.models import Event
from tests.collaborations.world import new_person

PASSWORD = "een lang wachtwoord voor de test"


@pytest.fixture(autouse=True)
def required(settings, db):
    settings.STATIC_ROOT = settings.BASE_DIR / "static"
    settings.SECOND_FACTOR = "required"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast; nobody is kept here
    cache.clear()


@pytest.fixture
def alfa(db) -> Organisation:
    return Organisation.objects.create(slug="alfa", name="Alfa")


def person(organisation: Organisation, role: str, name: str = "anna") -> User:
    user = new_person(f"{name}@alfa.example", organisation, role)
    user.language = "nl"
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def manager(alfa) -> User:
    return person(alfa, "mandated_manager")


def log_in(client: Client, user: User):
    return client.post("/log-in/", {"username": user.email, "password": PASSWORD})


def code_now(secret: str, later: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def set_up(client: Client) -> str:
    """Sets up an app as a person does, and gives its secret."""
    page = client.get("/second-factor/app/").content.decode()
    secret = re.search(r'id="key">([A-Z2-7 ]+)<', page).group(1).replace(" ", "")
    answer = client.post("/second-factor/app/", {"code": code_now(secret), "password": PASSWORD})
    assert answer.url == "/second-factor/recovery-codes/"
    return secret


def logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def with_app(user: User) -> tuple[Client, str]:
    client = Client()
    log_in(client, user)
    return client, set_up(client)


def second_step(client: Client, code: str) -> str:
    answer = client.post("/log-in/second-step/", {"code": code})
    return answer.content.decode()


def test_who_approves_or_signs_follows_from_the_permissions():
    binding = set(roles.binding())
    assert {"mandated_manager", "dpo", "privacy_officer", "data_steward", "platform_admin"} <= binding
    assert {"lawyer", "security_officer"} <= binding  # they review the DPIA
    assert not {"drafter", "innovation_manager"} & binding


def test_an_approver_is_led_to_setting_it_up_and_a_drafter_is_not(client, alfa, manager):
    assert log_in(client, manager).url == "/second-factor/"
    assert "alert--wait" in client.get("/second-factor/").content.decode()
    assert log_in(Client(), person(alfa, "drafter", "dirk")).url == "/"


def test_a_deputy_needs_it_as_long_as_the_other_is_away(alfa, manager):
    drafter, today = person(alfa, "drafter", "dirk"), timezone.localdate()
    assert not state.lacks(drafter)
    stands_in = Deputy.objects.create(
        membership=drafter.memberships.get(), absent=manager.memberships.get(), role="mandated_manager",
        first_day=today, last_day=today, reason="Leave",
    )  # fmt: skip
    assert state.lacks(drafter)
    stands_in.ended_on = today
    stands_in.save()
    assert not state.lacks(drafter)


def test_without_it_reading_goes_on_and_a_raw_post_is_refused(client, alfa):
    administrator = person(alfa, "organisation_admin")
    log_in(client, administrator)
    page = reverse("accounts:member_new", args=["alfa"])
    given = {"full_name": "Bo Nieuw", "email": "bo@alfa.example", "language": "nl"}
    assert client.get(page).status_code == 200
    answer = client.post(page, given)
    assert answer.status_code == 409 and "tweede stap" in answer.content.decode()
    assert not User.objects.filter(email="bo@alfa.example").exists()
    set_up(client)
    assert client.post(page, given).status_code == 302
    assert User.objects.filter(email="bo@alfa.example").exists()


def test_where_it_is_only_offered_nothing_is_refused(client, alfa, settings):
    settings.SECOND_FACTOR = "offered"
    administrator = person(alfa, "organisation_admin")
    assert log_in(client, administrator).url == "/"
    given = {"full_name": "Bo Nieuw", "email": "bo@alfa.example", "language": "nl"}
    assert client.post(reverse("accounts:member_new", args=["alfa"]), given).status_code == 302


def test_what_stops_something_stays_open(alfa, manager):
    """A person without a second factor gets past it to the page's own answer (here: there is no such run)."""
    client = Client()
    log_in(client, manager)
    nowhere = {"pk": "00000000-0000-0000-0000-000000000000"}
    assert client.post(reverse("computations:cancel", kwargs=nowhere)).status_code == 404
    assert client.post(reverse("collaborations:basis_step", kwargs=nowhere | _basis("suspend"))).status_code == 404
    assert client.post(reverse("collaborations:basis_step", kwargs=nowhere | _basis("approve"))).status_code == 409


def _basis(name: str) -> dict[str, object]:
    return {"basis_pk": 1, "name": name}


def test_every_stop_in_the_settings_is_an_address():
    from tests.test_permissions import PATTERNS

    assert set(configured.STOPS_ALWAYS) <= set(PATTERNS)


def test_logging_in_takes_both_steps(manager):
    _first, secret = with_app(manager)
    client = Client()
    assert log_in(client, manager).url == "/log-in/second-step/"
    assert not logged_in(client) and client.get("/").status_code == 302
    assert "klopt niet" in second_step(client, "000000") or code_now(secret) == "000000"
    assert client.post("/log-in/second-step/", {"code": code_now(secret, 1)}).status_code == 302
    assert logged_in(client)


def test_a_code_counts_once(manager):
    _first, secret = with_app(manager)
    client = Client()
    log_in(client, manager)
    assert "al gebruikt" in second_step(client, code_now(secret))  # it set up the app
    assert "al gebruikt" in second_step(client, code_now(secret, -1))  # and so did all before it
    second_step(client, code_now(secret, 1))
    assert logged_in(client)
    another = Client()
    log_in(another, manager)
    assert "al gebruikt" in second_step(another, code_now(secret, 1))
    assert not logged_in(another)


def test_guessing_codes_has_to_wait_whatever_the_browser(manager):
    _first, secret = with_app(manager)
    mail.outbox.clear()
    for number in range(guessing.MOST_CODES):
        client = Client()
        log_in(client, manager)  # a right password does not begin the counting anew
        second_step(client, f"{number:06}")
    assert "Wacht 15 minuten" in second_step(client, code_now(secret, 1))
    assert not logged_in(client)
    assert Event.objects.filter(type="second_factor.guessed").count() == 1


def test_the_second_step_needs_the_first(client, manager):
    _first, secret = with_app(manager)
    assert client.get("/log-in/second-step/").url == "/log-in/"
    assert client.post("/log-in/second-step/", {"code": code_now(secret, 1)}).url == "/log-in/"


def test_a_first_step_is_forgotten_after_ten_minutes_and_with_a_new_password(manager):
    _first, secret = with_app(manager)
    client = Client()
    log_in(client, manager)
    session = client.session
    session["second_step"] = session["second_step"] | {"at": int(time.time()) - 601}
    session.save()
    assert client.get("/log-in/second-step/").url == "/log-in/"
    log_in(client, manager)
    manager.set_password("een heel ander wachtwoord")
    manager.save()
    assert client.post("/log-in/second-step/", {"code": code_now(secret, 1)}).url == "/log-in/"


def test_recovery_codes_are_seen_once_and_count_once(manager):
    client, _secret = with_app(manager)
    page = client.get("/second-factor/recovery-codes/").content.decode()
    codes = re.findall(r'"hash">(\d{8})<', page)
    assert len(codes) == 10
    text = client.get("/second-factor/recovery-codes/text/")
    assert codes[9] in text.content.decode() and "attachment" in text.headers["Content-Disposition"]
    client.post("/second-factor/recovery-codes/kept/")
    assert client.get("/second-factor/recovery-codes/").url == "/second-factor/"
    other = Client()
    log_in(other, manager)
    second_step(other, codes[0])
    assert logged_in(other)
    again = Client()
    log_in(again, manager)
    assert "klopt niet" in second_step(again, codes[0])
    assert Event.objects.get(type="second_factor.recovery_used").facts["left"] == 9


def test_new_recovery_codes_replace_the_old_ones_and_ask_the_password(manager):
    client, _secret = with_app(manager)
    old = re.findall(r'"hash">(\d{8})<', client.get("/second-factor/recovery-codes/").content.decode())
    client.post("/second-factor/recovery-codes/kept/")
    assert client.post("/second-factor/recovery-codes/new/", {"password": "fout"}).status_code == 422
    assert client.post("/second-factor/recovery-codes/new/", {"password": PASSWORD}).status_code == 302
    new = re.findall(r'"hash">(\d{8})<', client.get("/second-factor/recovery-codes/").content.decode())
    assert len(new) == 10 and not set(new) & set(old)


def test_turning_it_off_asks_the_password_is_told_and_ends_other_sessions(manager):
    client, secret = with_app(manager)
    other = Client()
    log_in(other, manager)
    second_step(other, code_now(secret, 1))
    app = Authenticator.objects.get(user=manager, type="totp")
    page = reverse("accounts:second_remove", args=[app.pk])
    assert client.post(page, {"password": "fout"}).status_code == 422
    mail.outbox.clear()
    client.post(page, {"password": PASSWORD})
    assert not Authenticator.objects.filter(user=manager).exists()
    assert Event.objects.filter(type="second_factor.turned_off", actor_id=manager.pk).exists()
    assert client.get("/second-factor/").status_code == 200
    assert other.get("/second-factor/").url.startswith("/log-in/")


def test_setting_it_up_ends_sessions_from_before(manager):
    before = Client()
    log_in(before, manager)
    client, _secret = with_app(manager)
    assert before.get("/second-factor/").url.startswith("/log-in/")
    assert client.get("/second-factor/").status_code == 200


def test_nobody_takes_away_what_is_anothers(alfa, manager):
    with_app(manager)
    client, _secret = with_app(person(alfa, "drafter", "dirk"))
    app = Authenticator.objects.get(user=manager, type="totp")
    client.post(reverse("accounts:second_remove", args=[app.pk]), {"password": PASSWORD})
    assert Authenticator.objects.filter(pk=app.pk).exists()


def test_an_administrator_resets_what_is_lost(alfa, manager, django_capture_on_commit_callbacks):
    lost, _secret = with_app(manager)
    client, _own = with_app(person(alfa, "organisation_admin", "ad"))
    page = reverse("accounts:member_reset", args=["alfa", manager.memberships.get().pk])
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(page).status_code == 302
    event = Event.objects.get(type="second_factor.reset")
    assert event.organisation_key == "alfa" and mail.outbox[-1].to == [manager.email]
    assert lost.get("/").url.startswith("/log-in/")
    assert log_in(Client(), manager).url == "/second-factor/"


def test_no_reset_of_ones_own_nor_of_who_works_elsewhere_too(alfa, manager):
    administrator = person(alfa, "organisation_admin", "ad")
    client, _secret = with_app(administrator)
    own = client.post(reverse("accounts:member_reset", args=["alfa", administrator.memberships.get().pk]))
    assert own.status_code == 422
    with_app(manager)
    membership = manager.memberships.get()
    beta = Organisation.objects.create(slug="beta", name="Beta")
    beta.memberships.create(user=manager)
    answer = client.post(reverse("accounts:member_reset", args=["alfa", membership.pk]))
    assert "platformbeheerder" in answer.content.decode()
    assert Authenticator.objects.filter(user=manager).exists()


def test_the_platform_resets_only_the_last_administrator(alfa, manager):
    """Nobody else there could; for everybody else the organisation's own administrator does it."""
    platform = Organisation.objects.create(slug="platform", name="Platform")
    client, _secret = with_app(person(platform, "platform_admin", "piet"))
    only = person(alfa, "organisation_admin", "ad")
    with_app(only)
    with_app(manager)
    place = {user: user.memberships.get().pk for user in (only, manager)}
    pages = {user: reverse("accounts:member_reset", args=["alfa", pk]) for user, pk in place.items()}
    assert client.post(pages[manager]).status_code == 403
    second = person(alfa, "organisation_admin", "bo")
    assert client.post(pages[only]).status_code == 403, "the other one does it"
    second.memberships.update(active=False)
    shown = client.get(reverse("accounts:organisation", args=["alfa"])).content.decode()
    assert pages[only] in shown
    assert client.post(pages[only]).status_code == 302
    assert not Authenticator.objects.filter(user=only).exists()


def test_a_copy_of_the_database_holds_no_readable_secret(manager):
    _client, secret = with_app(manager)
    kept = [str(row.data) for row in Authenticator.objects.filter(user=manager)]
    assert kept and not any(secret in text for text in kept)


def test_a_former_key_of_the_platform_still_opens_and_a_lost_one_is_said(manager, settings):
    _client, secret = with_app(manager)
    former, settings.SECRET_KEY = settings.SECRET_KEY, "x" * 50
    client = Client()
    log_in(client, manager)
    assert "andere sleutel" in second_step(client, code_now(secret, 1))
    settings.SECRET_KEY_FALLBACKS = [former]
    second_step(client, code_now(secret, 1))
    assert logged_in(client)


def test_the_letter_about_a_change_is_in_the_persons_language(manager, django_capture_on_commit_callbacks):
    manager.language = "en"
    manager.save()
    client = Client()
    log_in(client, manager)
    with django_capture_on_commit_callbacks(execute=True):
        set_up(client)
    assert "An app was set up" in mail.outbox[0].body and "/password-reset/" in mail.outbox[0].body


@pytest.mark.parametrize("answer", ["nonsense", "[]", "{}", '{"id": "AA", "rawId": "AA", "response": {}}', "7"])
def test_an_answer_that_is_no_passkey_is_refused(manager, answer):
    first, _secret = with_app(manager)
    client = Client()
    log_in(client, manager)
    page = client.post("/log-in/second-step/", {"answer": answer})
    assert page.status_code == 422 and not logged_in(client)
    form = {"name": "Laptop", "password": PASSWORD, "answer": answer}
    assert first.post("/second-factor/passkey/", form).status_code == 422
    assert not Authenticator.objects.filter(user=manager, type="webauthn").exists()
