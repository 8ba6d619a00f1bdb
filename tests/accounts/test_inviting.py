"""A new member gets a mail with a link to a first password; a mail server that is down loses no member."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User


@pytest.fixture
def add(admin, as_user):
    def added(**changes):
        given = {"full_name": "Nel Nieuw", "email": "nel@alfa.example", "language": "en"} | changes
        return as_user(admin).post(reverse("accounts:member_new", args=["alfa"]), given, follow=True)

    return added


def test_the_link_leads_to_a_first_password(add, settings):
    add()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["nel@alfa.example"], "Invitation to NICPET: Alfa")
    link = next(word for word in sent.body.split() if word.startswith(settings.BASE_URL))
    browser = Client()
    form = browser.get(link.removeprefix(settings.BASE_URL), follow=True)
    new = "een lang wachtwoord voor de test"
    browser.post(form.request["PATH_INFO"], {"new_password1": new, "new_password2": new})
    assert User.objects.get(email="nel@alfa.example").check_password(new)


def test_who_has_an_account_gets_no_new_password_link(add, db):
    User.objects.create_user("nel@alfa.example", "een lang wachtwoord", full_name="Nel")
    add()
    assert "password-reset" not in mail.outbox[0].body and "/log-in/" in mail.outbox[0].body


def test_without_a_mail_server_the_member_is_there_and_the_page_says_what_to_do(add, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    shown = add().content.decode()
    assert "the e-mail could not be sent" in shown
    assert User.objects.filter(email="nel@alfa.example", memberships__organisation__slug="alfa").exists()


def test_a_name_of_two_lines_does_not_break_the_mail(add, alfa):
    alfa.name = "Alfa\r\nBcc: everybody@example.org"
    alfa.save()
    add()
    assert mail.outbox[0].subject == "Invitation to NICPET: Alfa Bcc: everybody@example.org"
