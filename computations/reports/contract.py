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
from web.pdf import tagged_pdf


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
    """A tagged PDF in the reader's language; NoPdf when Pango is missing."""
    return tagged_pdf(render_to_string("computations/contract_document.html", contract_context(contract)))
