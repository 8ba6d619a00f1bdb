from collaborations.views.discussion import discussion, discussion_place, thread, thread_step
from collaborations.views.partners import partner_invite, partner_step, partners
from collaborations.views.timeline import timeline
from collaborations.views.use_cases import use_case, use_case_edit, use_case_new, use_case_step, use_cases

__all__ = [
    "discussion",
    "discussion_place",
    "partner_invite",
    "partner_step",
    "partners",
    "thread",
    "thread_step",
    "timeline",
    "use_case",
    "use_case_edit",
    "use_case_new",
    "use_case_step",
    "use_cases",
]  # fmt: skip
