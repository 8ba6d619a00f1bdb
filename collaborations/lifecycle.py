"""The lifecycles of use case, partner, legal basis and contract, on one page."""

from __future__ import annotations

from audit.transitions import Transition
from collaborations import requirements as needs

RUNNING = ("proposed", "exploring", "assessing", "authorised")

USE_CASE = {
    "submit": Transition(
        ("draft",), "proposed", "use_case.proposed", ("propose_use_case",),
        (needs.described, needs.planned, needs.partner_invited),
    ),
    "explore": Transition(("proposed",), "exploring", "use_case.exploring"),
    "start_assessing": Transition(
        ("exploring",),
        "assessing",
        "use_case.assessing",
        ("specify",),
        (needs.specified, needs.specification_sound, needs.parties_joined),
    ),
    "authorise": Transition(("assessing",), "authorised", "use_case.authorised", (), (needs.contract_signed,)),
    "reassess": Transition(("authorised",), "assessing", "use_case.reassessed", ("specify",)),
    "lapse": Transition(("authorised",), "assessing", "use_case.lapsed"),
    "hold": Transition(RUNNING, "on_hold", "use_case.held", ("propose_use_case",)),
    "resume": Transition(("on_hold",), "", "use_case.resumed", ("propose_use_case",)),
    "reject": Transition(
        ("proposed", "exploring", "assessing"), "rejected", "use_case.rejected", ("propose_use_case",)
    ),
    "withdraw": Transition(("draft", *RUNNING, "on_hold"), "withdrawn", "use_case.withdrawn", ("propose_use_case",)),
    "close": Transition(
        ("authorised",), "closed", "use_case.closed", ("propose_use_case",), (needs.outcome_written, needs.measured)
    ),
}

PARTNER = {
    "accept": Transition(("invited",), "joined", "partner.joined", ("join_use_case",), (needs.proposal_open,)),
    "decline": Transition(("invited",), "declined", "partner.declined", ("join_use_case",)),
    "leave": Transition(("joined",), "withdrawn", "partner.left", ("join_use_case",), (needs.not_the_proposer,)),
    "invite_again": Transition(("declined", "withdrawn"), "invited", "partner.invited", ("propose_use_case",)),
}

IN_PROGRESS = ("draft", "legal_review", "dpo_advised")
BASIS = {
    "submit": Transition(
        ("draft",), "legal_review", "basis.submitted", ("draft_basis", "review_basis"),
        (needs.basis_open, needs.ground_open, needs.grounds_complete, needs.validity_left),
    ),
    "advise": Transition(("legal_review",), "dpo_advised", "basis.advised", ("advise_basis",), (needs.basis_open,)),
    "approve": Transition(
        ("dpo_advised",), "approved", "basis.approved", ("approve_basis",),
        (needs.basis_open, needs.ground_open, needs.grounds_complete, needs.basis_current),
    ),
    "send_back": Transition(
        ("legal_review", "dpo_advised"), "draft", "basis.sent_back", ("review_basis", "advise_basis", "approve_basis")
    ),
    "suspend": Transition(("approved",), "suspended", "basis.suspended", ("approve_basis", "advise_basis")),
    "resume": Transition(("suspended",), "approved", "basis.resumed", ("approve_basis",), (needs.basis_current,)),
    "drop": Transition(IN_PROGRESS, "withdrawn", "basis.withdrawn", ("draft_basis", "review_basis", "approve_basis")),
    "withdraw": Transition(("approved", "suspended", "expired"), "withdrawn", "basis.withdrawn", ("approve_basis",)),
    "supersede": Transition(("approved", "suspended", "expired"), "superseded", "basis.superseded"),
    "respecify": Transition(IN_PROGRESS, "draft", "basis.respecified"),
    "expire": Transition(("approved",), "expired", "basis.expired"),
    "record_lapsed": Transition(
        ("draft",), "expired", "basis.recorded_lapsed", ("review_basis",), (needs.basis_open, needs.validity_over)
    ),
}  # fmt: skip

CONTRACT = {
    "complete": Transition(("drafted",), "signed", "contract.signed"),
    "supersede": Transition(("drafted", "signed"), "superseded", "contract.superseded"),
    "revoke": Transition(("drafted", "signed"), "revoked", "contract.revoked"),
}

CALL = {"close": Transition(("open",), "closed", "call.closed", ("propose_use_case",))}
CALL_ANSWER = {
    "accept": Transition(("offered",), "accepted", "call.answer_accepted", ("propose_use_case",)),
    "decline": Transition(("offered",), "declined", "call.answer_declined", ("propose_use_case",)),
    "withdraw": Transition(("offered",), "withdrawn", "call.answer_withdrawn", ("join_use_case",)),
}
OUTSIDER = {
    "admit": Transition(("asked",), "admitted", "outsider.admitted", ("manage_platform",)),
    "decline": Transition(("asked",), "declined", "outsider.declined", ("manage_platform",)),
    "withdraw": Transition(("asked",), "withdrawn", "outsider.withdrawn", ("propose_use_case",)),
}
SUMMARY = {
    "publish": Transition(("proposed",), "published", "summary.published", (), (needs.summary_agreed,)),
    "withdraw": Transition(("proposed", "published"), "withdrawn", "summary.withdrawn", ("join_use_case",)),
    "supersede": Transition(("proposed", "published"), "superseded", "summary.superseded"),
}
SHARING = {
    "propose": Transition(("draft",), "proposed", "sharing.proposed", ("draft_assessment",)),
    "share": Transition(("proposed",), "shared", "sharing.shared", (), (needs.sharing_agreed,)),
    "withdraw": Transition(
        ("draft", "proposed", "shared"), "withdrawn", "sharing.withdrawn", ("draft_assessment", "adopt_assessment")
    ),
}

TABLES = {
    "use_case": USE_CASE,
    "partner": PARTNER,
    "legal_basis": BASIS,
    "contract": CONTRACT,
    "call": CALL,
    "call_answer": CALL_ANSWER,
    "outsider": OUTSIDER,
    "summary": SUMMARY,
    "sharing": SHARING,
}
