from computations.views.contracts import contract, contract_draft, contract_pdf, contract_print, contract_text
from computations.views.drafts import draft, draft_check, draft_columns, draft_discard, draft_section, draft_upload
from computations.views.results import result, result_csv, result_json, result_pdf, result_print
from computations.views.runs import again, cancel, progress, run, runs, schedule
from computations.views.specifications import (
    specification,
    specification_changes,
    specification_json,
    specification_version,
)
from computations.views.stations import code_compared, station, token

__all__ = [
    "again", "cancel", "code_compared", "contract", "contract_draft", "contract_pdf", "contract_print",
    "contract_text", "draft", "draft_check", "draft_columns", "draft_discard", "draft_section", "draft_upload",
    "progress", "result", "result_csv", "result_json", "result_pdf", "result_print", "run", "runs", "schedule",
    "specification", "specification_changes", "specification_json", "specification_version", "station", "token",
]  # fmt: skip
