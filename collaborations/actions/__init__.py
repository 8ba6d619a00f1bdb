"""Everything people and stations do in a collaboration, one module per noun."""

from collaborations.actions.agreements import record_agreement, sign_agreement, terminate_agreement
from collaborations.actions.asking import ask_to_act
from collaborations.actions.bases import (
    advise_basis,
    approve_basis,
    draft_basis,
    edit_basis,
    record_lapsed_basis,
    resume_basis,
    revise_basis,
    send_back_basis,
    submit_basis,
    suspend_basis,
    withdraw_basis,
)
from collaborations.actions.basis_papers import add_paper, drop_paper
from collaborations.actions.closing import close, evaluate
from collaborations.actions.contracts import draft_contract, record_revocation, record_signature
from collaborations.actions.doubts import suspend_doubted_bases
from collaborations.actions.expiry import expire_bases, lapse_use_cases
from collaborations.actions.intake import edit_use_case, propose, start_draft, start_from
from collaborations.actions.partners import accept_invitation, decline_invitation, invite_partner, leave
from collaborations.actions.use_cases import (
    hold,
    reassess,
    reject,
    resume,
    specify,
    start_assessing,
    submit,
    withdraw,
)

__all__ = [
    "accept_invitation", "add_paper", "advise_basis", "approve_basis", "ask_to_act", "close", "decline_invitation",
    "draft_basis",
    "draft_contract", "drop_paper", "edit_basis", "edit_use_case", "evaluate", "expire_bases", "hold", "invite_partner",
    "lapse_use_cases", "leave",
    "propose", "reassess", "record_agreement", "record_lapsed_basis", "record_revocation", "record_signature",
    "reject", "resume",
    "resume_basis", "revise_basis", "send_back_basis", "sign_agreement", "specify", "start_assessing", "start_draft",
    "start_from", "submit",
    "submit_basis", "suspend_basis", "suspend_doubted_bases", "terminate_agreement", "withdraw", "withdraw_basis",
]  # fmt: skip
