"""Everything people do with a DPIA."""

from dpia.actions.adopting import adopt, decline_adoption, propose_adoption
from dpia.actions.advising import advise, respond
from dpia.actions.binding import bind_facts
from dpia.actions.consulting import (
    consult_authority,
    continue_consultation,
    extend_consultation,
    pause_consultation,
    record_authority_answer,
)
from dpia.actions.coordinating import choose_coordinating_dpo, summarise_advice
from dpia.actions.decided import confirm, reconsider, reopen, resume, review_again, suspend, withdraw
from dpia.actions.drafting import answer, create_assessment, keep_aside, submit
from dpia.actions.exchanging import import_answers, import_official
from dpia.actions.measuring import report_measure
from dpia.actions.moving import move_template
from dpia.actions.papers import add_paper, remove_paper
from dpia.actions.prescanning import decide_prescan, prescan
from dpia.actions.reporting import ask_report, make_report
from dpia.actions.reviewing import review, send_back
from dpia.actions.templates import begin_template, drop_template, edit_template, publish_template

__all__ = [
    "add_paper", "adopt", "advise", "answer", "ask_report", "begin_template", "bind_facts", "choose_coordinating_dpo",
    "confirm", "consult_authority", "continue_consultation", "create_assessment", "decide_prescan", "decline_adoption",
    "drop_template", "edit_template", "extend_consultation", "import_answers", "import_official", "keep_aside",
    "make_report", "move_template", "pause_consultation", "prescan", "propose_adoption", "publish_template",
    "reconsider", "record_authority_answer", "remove_paper", "reopen", "report_measure", "respond", "resume", "review",
    "review_again", "send_back", "submit", "summarise_advice", "suspend", "withdraw",
]  # fmt: skip
