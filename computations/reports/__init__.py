"""Documents to keep or print. WeasyPrint is loaded only when a PDF is made: it is large, and it needs Pango."""

from computations.reports.contract import NoPdf, contract_context, contract_pdf

__all__ = ["NoPdf", "contract_context", "contract_pdf"]
