from collaborations.views.discussion import discussion
from collaborations.views.partners import partner_invite, partner_step, partners
from collaborations.views.timeline import timeline
from collaborations.views.use_cases import use_case, use_case_edit, use_case_new, use_case_step, use_cases

__all__ = [
    "discussion", "partner_invite", "partner_step", "partners", "timeline", "use_case", "use_case_edit",
    "use_case_new", "use_case_step", "use_cases",
]  # fmt: skip
