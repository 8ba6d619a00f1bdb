"""E-mail to one person of the platform, in that person's own language."""

from __future__ import annotations

import logging
from collections.abc import Callable
from smtplib import SMTPException
from typing import Any, Protocol

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import override

log = logging.getLogger(__name__)


class Reader(Protocol):
    email: Any
    language: Any


def send(reader: Reader, template: str, subject: Callable[[], str], **context: Any) -> bool:
    """Whether the mail server took it. ``subject`` is asked in the reader's language; the template gets the reader as
    ``user`` and the platform's address as ``base_url``."""
    with override(reader.language):
        text = render_to_string(template, {"user": reader, "base_url": settings.BASE_URL, **context})
        line = " ".join(subject().split())
    try:
        return bool(send_mail(line, text, None, [reader.email]))
    except (OSError, SMTPException) as error:
        log.warning("a letter was not accepted (%s)", type(error).__name__)
        return False
