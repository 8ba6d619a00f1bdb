"""A paper that somebody uploaded, given back."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def only_saved(document: bytes, name: str) -> HttpResponse:
    """It is never shown inside our own pages: a browser only saves it."""
    response = HttpResponse(document, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
