"""A page as PDF. WeasyPrint is loaded only when one is made: it is large, and it needs Pango."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

NOWHERE = "https://document.invalid/"  # relative addresses in the page resolve here; nothing is fetched from it


class NoPdf(Exception):  # noqa: N818 (this machine cannot, which is no fault of the document)
    """The libraries that lay out a PDF are not on this machine."""


def tagged_pdf(text: str) -> bytes:
    """The HTML ``text`` as a tagged PDF (PDF/UA-1); NoPdf when Pango is missing."""
    try:
        from weasyprint import HTML

        from web.pdf.fetching import OwnFiles
    except OSError as missing:
        raise NoPdf(str(missing)) from missing
    return HTML(string=text, base_url=NOWHERE, url_fetcher=OwnFiles()).write_pdf(pdf_variant="pdf/ua-1")


def pdf_response(request: HttpRequest, make: Callable[[], bytes], *, name: str, to_print: str) -> HttpResponse:
    """The PDF that ``make`` makes, shown under ``name``; or a page that says why not and links the page to print."""
    try:
        content = make()
    except NoPdf:
        return render(request, "web/no_pdf.html", {"to_print": to_print}, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Content-Language"] = get_language() or "nl"
    return response
