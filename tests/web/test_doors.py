"""Getting in, out and into the other language."""

import pytest
from django.core import mail

from accounts import guessing
from accounts.models import User
from web.middleware import LARGEST_BODY

PASSWORD = "een lang wachtwoord voor de test"


@pytest.fixture
def person(db):
    return User.objects.create_user("anna@kvk.example", PASSWORD, full_name="Anna Voorbeeld")


def test_a_wrong_password_gets_a_sentence(client, person):
    page = client.post("/log-in/", {"username": person.email, "password": "fout"}).content.decode()
    assert 'role="alert"' in page
    assert 'value="anna@kvk.example"' in page


@pytest.mark.parametrize("email", ["anna@kvk.example", "nobody@kvk.example"])
def test_guessing_has_to_wait_also_for_who_has_no_account(client, person, email):
    for number in range(guessing.MOST):
        client.post("/log-in/", {"username": email, "password": f"guess {number}"})
    page = client.post("/log-in/", {"username": email.upper(), "password": PASSWORD}).content.decode()
    assert "Wacht 5 minuten" in page and "_auth_user_id" not in client.session
    guessing.right(email)


def test_the_right_password_ends_the_counting(client, person):
    for _ in range(2):
        for number in range(guessing.MOST - 1):
            client.post("/log-in/", {"username": person.email, "password": f"guess {number}"})
        assert client.post("/log-in/", {"username": person.email, "password": PASSWORD}).status_code == 302
        client.logout()


def test_logging_in_speaks_the_language_of_the_account(client, person):
    person.language = "en"
    person.save()
    answer = client.post("/log-in/", {"username": person.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert client.cookies["django_language"].value == "en"


def test_the_language_is_kept_with_the_account(client, person):
    client.force_login(person)
    answer = client.post("/language/", {"language": "en", "next": "https://elsewhere.example/"})
    person.refresh_from_db()
    assert (answer.url, person.language) == ("/", "en")


def test_a_reset_mail_leads_to_a_new_password(client, person):
    for number in range(guessing.MOST):
        client.post("/log-in/", {"username": person.email, "password": f"guess {number}"})
    client.post("/password-reset/", {"email": person.email})
    link = next(word for word in mail.outbox[0].body.split() if word.startswith("http"))
    form = client.get(link, follow=True)
    new = {"new_password1": "nog een lang wachtwoord", "new_password2": "nog een lang wachtwoord"}
    assert client.post(form.request["PATH_INFO"], new).status_code == 302
    assert client.post("/log-in/", {"username": person.email, "password": new["new_password1"]}).status_code == 302


def test_every_answer_forbids_inline_scripts(client, db):
    assert "script-src 'self'" in client.get("/log-in/").headers["Content-Security-Policy"]


def test_strangers_get_a_readable_404(client, db):
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "<h1>" in answer.content.decode()


def test_what_is_far_too_large_is_not_read(client, db):
    """The client says its size and sends nothing of it."""
    answer = client.post("/log-in/", {"username": "x"}, CONTENT_LENGTH=str(LARGEST_BODY + 1))
    assert answer.status_code == 413
    assert "groter dan 24 MB" in answer.content.decode()
