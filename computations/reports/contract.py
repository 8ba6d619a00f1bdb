"""Contract and signatures as one document: a page to print, and the same as PDF for the archive."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from collaborations.models import Contract
from computations.marks import marks
from computations.models.runs import read_terms
from computations.specifying import reading

NOWHERE = "https://document.invalid/"  # relative addresses in the page resolve here; nothing is fetched from it


class NoPdf(Exception):  # noqa: N818 (this machine cannot, which is no fault of the document)
    """The libraries that lay out a PDF are not on this machine."""


def contract_context(contract: Contract) -> dict[str, Any]:
    terms = read_terms(contract.data)
    return {
        "contract": contract,
        "terms": terms,
        "marks": marks(contract),
        "made_at": timezone.now(),
        "language": get_language() or "nl",
        **reading.context(terms.specification),
    }


def contract_pdf(contract: Contract) -> bytes:
    """A tagged PDF (PDF/UA-1) in the reader's language; NoPdf when Pango is missing."""
    try:
        from weasyprint import HTML

        from computations.reports.fetching import OwnFiles
    except OSError as missing:
        raise NoPdf(str(missing)) from missing
    text = render_to_string("computations/contract_document.html", contract_context(contract))
    document = HTML(string=text, base_url=NOWHERE, url_fetcher=OwnFiles())
    return document.write_pdf(pdf_variant="pdf/ua-1")
