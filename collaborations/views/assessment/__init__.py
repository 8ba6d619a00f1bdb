"""The DPIA of a use case: here because its pages stand in the frame of the use case, which ``dpia`` does not know."""

from collaborations.views.assessment.advice import (
    assessment_advice,
    assessment_coordinating,
    assessment_since,
    assessment_summary,
)
from collaborations.views.assessment.autosave import assessment_autosave
from collaborations.views.assessment.compare import assessment_compare
from collaborations.views.assessment.earlier import assessment_earlier
from collaborations.views.assessment.exchange import (
    assessment_cnil,
    assessment_export,
    assessment_import,
    assessment_imported,
    assessment_official,
    assessment_risks,
    assessment_template,
)
from collaborations.views.assessment.items import assessment_item
from collaborations.views.assessment.measures import assessment_measure, assessment_measures
from collaborations.views.assessment.overview import assessment
from collaborations.views.assessment.papers import assessment_paper, assessment_paper_remove
from collaborations.views.assessment.points import assessment_point
from collaborations.views.assessment.prescan import prescan, prescan_decide, prescan_new
from collaborations.views.assessment.reports import (
    assessment_report,
    assessment_report_pdf,
    assessment_report_print,
    assessment_reports,
)
from collaborations.views.assessment.steps import assessment_step
from collaborations.views.assessment.versions import (
    assessment_changes,
    assessment_document,
    assessment_version,
    assessment_version_text,
    assessment_whole,
)

__all__ = [
    "assessment", "assessment_advice", "assessment_autosave", "assessment_changes", "assessment_cnil",
    "assessment_compare", "assessment_coordinating", "assessment_document", "assessment_earlier", "assessment_export",
    "assessment_import", "assessment_imported", "assessment_item", "assessment_measure", "assessment_measures",
    "assessment_official", "assessment_paper", "assessment_paper_remove", "assessment_point", "assessment_report",
    "assessment_report_pdf", "assessment_report_print", "assessment_reports", "assessment_risks", "assessment_since",
    "assessment_step", "assessment_summary", "assessment_template", "assessment_version", "assessment_version_text",
    "assessment_whole", "prescan", "prescan_decide", "prescan_new",
]  # fmt: skip
