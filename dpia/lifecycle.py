"""The lifecycle of a DPIA on one page. The DPO advises and never approves; going back never deletes a review."""

from __future__ import annotations

from audit.transitions import Transition
from dpia import requirements as needs
from dpia.reviewers import REVIEWS

UNDERWAY = ("privacy_review", "dpo_advice", "response", "prior_consultation", "adoption")
REVIEWERS = tuple(REVIEWS.values())
"""What any of the reviews takes."""

DECIDED = ("adopted", "under_review", "suspended")

ASSESSMENT = {
    "submit": Transition(
        ("draft",),
        "privacy_review",
        "assessment.submitted",
        ("draft_assessment",),
        (needs.complete, needs.measures_hold),
    ),
    "reviewed": Transition(("privacy_review",), "dpo_advice", "assessment.reviewed", (), (needs.all_reviewed,)),
    "send_back": Transition(
        UNDERWAY,
        "draft",
        "assessment.sent_back",
        (*REVIEWERS, "advise_assessment", "draft_assessment", "adopt_assessment"),
    ),
    "advised": Transition(("dpo_advice",), "response", "assessment.advised", (), (needs.all_advised,)),
    "consult_authority": Transition(
        ("response",), "prior_consultation", "assessment.authority_consulted", ("draft_assessment",)
    ),
    "extend_consultation": Transition(
        ("prior_consultation",),
        "prior_consultation",
        "assessment.consultation_extended",
        ("draft_assessment",),
        (needs.not_extended,),
    ),
    "pause_consultation": Transition(
        ("prior_consultation",),
        "prior_consultation",
        "assessment.consultation_paused",
        ("draft_assessment",),
        (needs.term_runs,),
    ),
    "continue_consultation": Transition(
        ("prior_consultation",),
        "prior_consultation",
        "assessment.consultation_continued",
        ("draft_assessment",),
        (needs.term_stands_still,),
    ),
    "authority_answered": Transition(
        ("prior_consultation",), "response", "assessment.authority_answered", ("draft_assessment",)
    ),
    "propose_adoption": Transition(
        ("response",),
        "adoption",
        "assessment.adoption_proposed",
        ("draft_assessment",),
        (
            needs.complete,
            needs.measures_hold,
            needs.items_answered,
            needs.advice_summarised,
            needs.advice_still_fits,
            needs.authority_consulted,
        ),
    ),
    "decline_adoption": Transition(("adoption",), "response", "assessment.adoption_declined", ("adopt_assessment",)),
    "adopted": Transition(("adoption",), "adopted", "assessment.adopted", (), (needs.all_adopted,)),
    "reconsider": Transition(
        ("adopted",),
        "under_review",
        "assessment.under_review",
        ("draft_assessment", *REVIEWERS, "advise_assessment"),
    ),
    "review_again": Transition(("adopted",), "adopted", "assessment.reviewed_again", ("review_assessment",)),
    "confirm": Transition(("under_review",), "adopted", "assessment.confirmed", ("adopt_assessment",)),
    "suspend": Transition(("adopted", "under_review"), "suspended", "assessment.suspended", ("suspend_assessment",)),
    "resume": Transition(("suspended",), "", "assessment.resumed", ("suspend_assessment",)),
    "reopen": Transition((*DECIDED, "withdrawn"), "draft", "assessment.reopened", ("draft_assessment",)),
    "rebind": Transition((*UNDERWAY, *DECIDED), "draft", "assessment.facts_changed"),
    "withdraw": Transition(("draft", *UNDERWAY, *DECIDED), "withdrawn", "assessment.withdrawn", ("draft_assessment",)),
}

ONE_BY_ONE = {
    "review": ("privacy_review", "review_assessment"),
    "review_law": ("privacy_review", "review_assessment_law"),
    "review_security": ("privacy_review", "review_assessment_security"),
    "advise": ("dpo_advice", "advise_assessment"),
    "adopt": ("adoption", "adopt_assessment"),
}
"""What every controller does for itself: in which state, by whom. The last one moves the DPIA on."""

KIND_OF = {"review": "privacy", "review_law": "law", "review_security": "security"}

NEW_ROUND = ("send_back", "reopen", "rebind")
"""Steps after which everything is reviewed, advised and adopted again."""

PARTS = {
    "draft_assessment": "drafter",
    "review_assessment": "privacy_officer",
    "review_assessment_law": "lawyer",
    "review_assessment_security": "security_officer",
    "advise_assessment": "dpo",
    "suspend_assessment": "dpo",
    "adopt_assessment": "manager",
}
"""Which part somebody plays with a permission."""

TOGETHER = ({"privacy_officer", "lawyer"}, {"privacy_officer", "security_officer"})
"""Parts that one person may play in one DPIA, as in a small organisation. Never lawyer and security officer together,
so that three reviews are those of two people at least; the database holds the same rule (``Part``)."""

TABLES = {"assessment": ASSESSMENT}
