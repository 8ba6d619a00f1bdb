from collaborations.views.discussion import discussion, discussion_place, thread, thread_step
from collaborations.views.intake import use_case_edit, use_case_new, use_case_start_from
from collaborations.views.partners import partner_ask, partner_invite, partner_step, partners
from collaborations.views.portfolio import use_case_list
from collaborations.views.timeline import timeline
from collaborations.views.use_cases import use_case, use_case_evaluate, use_case_step

__all__ = [
    "discussion",
    "discussion_place",
    "partner_ask",
    "partner_invite",
    "partner_step",
    "partners",
    "thread",
    "thread_step",
    "timeline",
    "use_case",
    "use_case_edit",
    "use_case_evaluate",
    "use_case_list",
    "use_case_new",
    "use_case_start_from",
    "use_case_step",
]  # fmt: skip
