"""Documents to keep or print: the contract, and the report of a result."""

from computations.reports.contract import contract_context, contract_pdf

__all__ = ["contract_context", "contract_pdf"]
