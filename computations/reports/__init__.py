"""Documents to keep or print: the contract, and the report of a result."""

from computations.reports.contract import contract_context, contract_pdf
from computations.reports.result import result_context, result_pdf

__all__ = ["contract_context", "contract_pdf", "result_context", "result_pdf"]
