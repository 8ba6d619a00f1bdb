"""Who may open which address: the table that ``test_permissions.py`` holds every page and method to.

``PUBLIC``: anybody. ``ANYONE``: whoever is logged in. ``PARTNER``: members of an organisation in the use case, whatever
their role. A set of roles: members of the use case's proposer (alfa) with one of these roles; other members are told
that they may not (403), strangers that there is no such page (404). Several entries stand for several
things behind the same address. ``post``: the address takes nothing but a POST. ``posting``: another rule for a POST
than for looking; ``look``: nothing but looking; ``of_any``: these roles at whichever partner.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from accounts import roles

PUBLIC, ANYONE, PARTNER, RECIPIENT = "public", "anyone", "partner", "recipient"
PLATFORM = "platform"  # platform administrators
PROPOSER = "proposer"  # an innovation manager of whatever organisation

ASKS = {"innovation_manager"}
JOINS = {"innovation_manager", "mandated_manager"}
SPECIFIES = {"innovation_manager", "drafter"}
WRITES_LAW = {"drafter", "lawyer"}
RECORDS = {"innovation_manager", "lawyer"}
STOPS = {"innovation_manager", "security_officer", "mandated_manager", "data_steward"}
CALL_STEPS = ("answer", "withdraw", "interest", "no-interest")
ADMINISTERS = {"organisation_admin"}
REPAIRS = ADMINISTERS | {"support"}  # also a platform administrator under support access of this organisation
REACHES = {"organisation_admin", "platform_admin", "support"}  # the platform keeps the contacts itself
PLATFORM_ROLE = {"platform_admin", "support"}
DRAFTS, REVIEWS, DECIDES = {"drafter"}, {"privacy_officer"}, {"mandated_manager"}
REVIEWERS = REVIEWS | {"lawyer", "security_officer"}
ADVISES = {"dpo", "coordinating_dpo"}
INSIDE = {"member", *roles.ROLES, "support"} - {"platform_admin"}  # who works there or is in support there


@dataclass(frozen=True)
class Route:
    """One address. ``rule``: see above; ``only_post``; ``at``: parameters beside those that every use case gives."""

    rule: Any
    only_post: bool = False
    posting: Any = None
    only_look: bool = False
    any_partner: bool = False
    at: dict[str, Any] = field(default_factory=dict)


def post(rule: Any, **at: Any) -> Route:
    return Route(rule, True, at=at)


def get(rule: Any, posting: Any = None, **at: Any) -> Route:
    return Route(rule, posting=posting, at=at)


def look(rule: Any) -> Route:
    return Route(rule, only_look=True)


def of_any(rule: set[str], *, only_post: bool = False) -> Route:
    return Route(rule, only_post, any_partner=True)


ROUTES: dict[str, list[Route]] = {
    "accounts:log_in": [get(PUBLIC)],
    "accounts:log_out": [post(PUBLIC)],
    "accounts:second_step": [get(PUBLIC)],
    "accounts:second_factor": [get(ANYONE)],
    "accounts:second_app": [get(ANYONE)],
    "accounts:second_passkey": [get(ANYONE)],
    "accounts:second_remove": [get(ANYONE, pk=1)],
    "accounts:second_codes": [get(ANYONE)],
    "accounts:second_codes_new": [get(ANYONE)],
    "accounts:second_codes_text": [get(ANYONE)],
    "accounts:second_codes_kept": [post(ANYONE)],
    "accounts:member_reset": [get(REPAIRS)],
    "accounts:language": [post(PUBLIC)],
    "accounts:password_reset": [get(PUBLIC)],
    "accounts:password_reset_done": [look(PUBLIC)],
    "accounts:password_reset_confirm": [get(PUBLIC, uidb64="MQ", token="a-b")],
    "accounts:password_reset_complete": [look(PUBLIC)],
    "web:gallery": [get(PUBLIC)],
    "inbox:home": [get(ANYONE)],
    "inbox:mail_wish": [post(ANYONE)],
    "inbox:news": [get(ANYONE)],
    "inbox:reminder_seen": [post(ANYONE)],
    "inbox:use_case_seen": [post(PARTNER)],
    "library:lessons": [get(ANYONE)],
    "accounts:organisations": [get(ANYONE)],
    "accounts:roles": [get(ANYONE)],
    "accounts:organisation_new": [get(PLATFORM)],
    "accounts:organisation": [get(INSIDE | {"platform_admin"})],
    "accounts:organisation_edit": [get(PLATFORM_ROLE)],
    "accounts:organisation_suspend": [get(PLATFORM_ROLE)],
    "accounts:organisation_reinstate": [get(PLATFORM_ROLE)],
    "accounts:contact_new": [get(REACHES)],
    "accounts:contact_remove": [get(REACHES)],
    "accounts:deputy_new": [get(ADMINISTERS)],
    "accounts:deputy_end": [get(ADMINISTERS)],
    "accounts:member_new": [get(REPAIRS)],
    "accounts:member": [get(REPAIRS)],
    "accounts:end_membership": [get(REPAIRS)],
    "accounts:first_administrator": [get(PLATFORM_ROLE)],
    "accounts:support_ask": [get(PLATFORM_ROLE)],
    "accounts:support": [get(INSIDE | {"platform_admin"})],
    "accounts:support_begin": [post(PLATFORM_ROLE)],
    "accounts:support_step": [
        *(get(ADMINISTERS, name=name) for name in ("grant", "refuse")),
        get(PLATFORM_ROLE, name="withdraw"),
        get(REACHES, name="end"),
    ],
    "accounts:support_leave": [post(ANYONE)],
    "accounts:mandate_new": [get(ADMINISTERS)],
    "accounts:mandate_withdraw": [get(ADMINISTERS)],
    "accounts:mandate_confirm": [get({"mandated_manager"})],
    "computations:station": [get(INSIDE)],
    "computations:code_compared": [get({"data_steward"})],
    "computations:record": [look(INSIDE)],
    "computations:record_csv": [look(INSIDE)],
    "computations:privacy_statement": [look(PARTNER)],
    "computations:token": [post({"data_steward"})],
    "collaborations:use_cases": [get(ANYONE)],
    "collaborations:use_case_new": [get(PROPOSER)],
    "collaborations:use_case": [get(PARTNER)],
    "collaborations:use_case_edit": [get(ASKS)],
    "collaborations:use_case_evaluate": [get(ASKS)],
    "collaborations:use_case_start_from": [of_any(ASKS)],
    "collaborations:use_case_step": [
        *(get(ASKS, name=name) for name in ("submit", "close", "resume", "hold", "reject", "withdraw")),
        *(get(SPECIFIES, name=name) for name in ("start-assessing", "reassess")),
    ],
    "collaborations:partners": [get(PARTNER)],
    "collaborations:partner_invite": [get(ASKS)],
    "collaborations:partner_ask": [of_any(JOINS)],
    "collaborations:partner_step": [get(JOINS, name=name) for name in ("accept", "decline", "leave")],
    "collaborations:calls": [get(ANYONE)],
    "collaborations:call": [get(ANYONE)],
    "collaborations:call_step": [get(PROPOSER, name=name) for name in CALL_STEPS],
    "collaborations:public": [look(PUBLIC)],
    "collaborations:public_use_case": [look(PUBLIC)],
    "collaborations:public_step": [get(PROPOSER, name=name) for name in ("interest", "no-interest")],
    "collaborations:outsider_new": [get(ASKS)],
    "collaborations:outsider_withdraw": [get(ASKS)],
    "collaborations:outsider_admit": [get(PLATFORM)],
    "collaborations:outsider_decline": [get(PLATFORM)],
    "collaborations:network": [get(PARTNER)],
    "collaborations:call_new": [of_any(ASKS)],
    "collaborations:call_close": [get(ASKS)],
    "collaborations:answer_step": [get(ASKS, name=name) for name in ("accept", "decline")],
    "collaborations:summary_new": [get(ASKS)],
    "collaborations:summary_step": [
        Route(JOINS, any_partner=True, at={"name": name}) for name in ("agree", "withdraw")
    ],
    "collaborations:timeline": [get(PARTNER)],
    "collaborations:discussion": [get(PARTNER)],
    "collaborations:discussion_place": [get(PARTNER, kind="question", key="purpose")],
    "collaborations:thread": [get(PARTNER)],
    "collaborations:thread_step": [post(PARTNER, name="resolve")],
    "collaborations:bases": [get(PARTNER)],
    "collaborations:basis_new": [get(WRITES_LAW, slug="alfa")],
    "collaborations:basis_matrix": [get(PARTNER)],
    "collaborations:basis_examples": [get(WRITES_LAW, slug="alfa")],
    "collaborations:basis_register": [get(ANYONE)],
    "collaborations:basis_paper_add": [get(WRITES_LAW)],
    "collaborations:basis_paper_drop": [get(WRITES_LAW)],
    "collaborations:basis_paper": [look(PARTNER)],
    "collaborations:basis": [get(PARTNER)],
    "collaborations:basis_edit": [get(WRITES_LAW)],
    "collaborations:basis_revise": [get(WRITES_LAW)],
    "collaborations:basis_step": [
        get(WRITES_LAW, name="submit"),
        get({"lawyer"}, name="record-lapsed"),
        get(ADVISES, name="advise"),
        get({"mandated_manager"}, name="approve"),
        get(ADVISES | {"lawyer", "mandated_manager"}, name="send-back"),
        get(ADVISES | {"mandated_manager"}, name="suspend"),
        get({"mandated_manager"}, name="resume"),
        get(WRITES_LAW | {"mandated_manager"}, name="drop"),
        get({"mandated_manager"}, name="withdraw"),
    ],
    "collaborations:agreement": [get(PARTNER)],
    "collaborations:agreement_new": [of_any(RECORDS)],
    "collaborations:agreement_document": [look(PARTNER)],
    "collaborations:agreement_sign": [of_any({"mandated_manager"})],
    "collaborations:agreement_terminate": [of_any(RECORDS)],
    "collaborations:assessment": [get(PARTNER)],
    "collaborations:assessment_point": [get(PARTNER, posting=DRAFTS, point="facts")],
    "collaborations:assessment_autosave": [post(DRAFTS, point="facts")],
    "collaborations:assessment_earlier": [get(PARTNER, point="facts")],
    "collaborations:assessment_compare": [get(PARTNER)],
    "collaborations:assessment_measures": [get(PARTNER)],
    "collaborations:assessment_measure": [get(DRAFTS | REVIEWS)],
    "collaborations:assessment_paper": [look(PARTNER)],
    "collaborations:assessment_paper_remove": [get(DRAFTS)],
    "collaborations:assessment_reports": [get(PARTNER)],
    "collaborations:assessment_report": [get(PARTNER)],
    "collaborations:assessment_report_pdf": [get(PARTNER)],
    "collaborations:assessment_report_print": [get(PARTNER, kind="full")],
    "collaborations:assessment_step": [
        *(get(DRAFTS, name=name) for name in ("submit", "propose-adoption", "reopen", "withdraw")),
        *(get(DRAFTS, name=name) for name in ("consult-authority", "authority-answered")),
        *(get(DRAFTS, name=f"{name}-consultation") for name in ("extend", "pause", "continue")),
        get(REVIEWS, name="review"),
        get({"lawyer"}, name="review-law"),
        get({"security_officer"}, name="review-security"),
        get(ADVISES, name="advise"),
        *(get(DECIDES, name=name) for name in ("adopt", "decline-adoption", "confirm")),
        get(REVIEWERS | ADVISES | DRAFTS | DECIDES, name="send-back"),
        get(DRAFTS | REVIEWERS | ADVISES, name="reconsider"),
        get(REVIEWS, name="review-again"),
        *(get(ADVISES, name=name) for name in ("suspend", "resume")),
    ],
    "collaborations:assessment_item": [get(DRAFTS | DECIDES)],
    "collaborations:assessment_advice": [get(PARTNER)],
    "collaborations:assessment_coordinating": [get(ADVISES)],
    "collaborations:assessment_summary": [get(ADVISES)],
    "collaborations:assessment_since": [get(REVIEWERS | ADVISES | DECIDES)],
    "collaborations:assessment_whole": [get(PARTNER)],
    "collaborations:assessment_changes": [get(PARTNER)],
    "collaborations:assessment_export": [get(PARTNER)],
    "collaborations:assessment_official": [get(PARTNER)],
    "collaborations:assessment_cnil": [get(PARTNER)],
    "collaborations:assessment_imported": [get(PARTNER)],
    "collaborations:assessment_risks": [get(PARTNER)],
    "collaborations:sharings": [get(PARTNER)],
    "collaborations:sharing_new": [get(DRAFTS)],
    "collaborations:sharing": [get(PARTNER)],
    "collaborations:sharing_edit": [get(DRAFTS)],
    "collaborations:sharing_step": [get(DRAFTS | DECIDES, name="withdraw"), get(DECIDES, name="agree")],
    "collaborations:shared_assessments": [look(PUBLIC)],
    "collaborations:shared_assessment": [look(PUBLIC)],
    "collaborations:shared_begin": [get(ANYONE)],
    "collaborations:assessment_import": [get(DRAFTS)],
    "collaborations:assessment_template": [get(DRAFTS)],
    "dpia:templates": [get(ANYONE)],
    "dpia:template": [get(ANYONE, key="nl-dpia-pet-core", version="1.1.0")],
    "dpia:template_yaml": [get(ANYONE, key="nl-dpia-pet-core", version="1.1.0")],
    "dpia:template_compare": [get(ANYONE, key="nl-dpia-pet-core", version="1.1.0", before="1.1.0")],
    "dpia:draft_new": [get(PLATFORM)],
    **{f"dpia:{name}": [get(PLATFORM)] for name in ("draft", "draft_preview", "draft_publish", "draft_drop")},
    "collaborations:prescan": [get(PARTNER)],
    "collaborations:prescan_new": [of_any(DRAFTS)],
    "collaborations:prescan_decide": [get(ADVISES)],
    "collaborations:assessment_version": [get(PARTNER)],
    "collaborations:assessment_version_text": [get(PARTNER)],
    "collaborations:assessment_document": [get(PARTNER)],
    "computations:specification": [get(PARTNER)],
    "computations:specification_version": [get(PARTNER)],
    "computations:specification_changes": [get(PARTNER)],
    "computations:specification_json": [get(PARTNER)],
    "computations:draft": [get(SPECIFIES)],
    "computations:draft_check": [get(SPECIFIES)],
    "computations:draft_upload": [get(SPECIFIES)],
    "computations:draft_discard": [get(SPECIFIES)],
    "computations:draft_columns": [get(SPECIFIES, organisation="alfa", dataset="rows")],
    "computations:draft_section": [get(SPECIFIES, key="parties")],
    "computations:contract": [get(PARTNER)],
    "computations:contract_draft": [post(ASKS)],
    "computations:contract_text": [get(PARTNER)],
    "computations:promote": [get(SPECIFIES)],
    "computations:contract_print": [get(PARTNER)],
    "computations:compared": [look(PARTNER)],
    "computations:contract_compared": [look(PARTNER)],
    "computations:run_compared": [look(PARTNER)],
    "computations:contract_pdf": [get(PARTNER)],
    "computations:schedule": [of_any(ASKS, only_post=True)],
    "computations:plan": [of_any(ASKS)],
    "computations:schedule_stop": [of_any(ASKS)],
    "computations:runs": [get(PARTNER)],
    "computations:incidents": [get(PARTNER)],
    "computations:incident": [get(PARTNER)],
    "computations:incident_new": [of_any(STOPS | REVIEWS | ADVISES)],
    "computations:incident_decide": [get(ADVISES)],
    "computations:incident_close": [get(ADVISES)],
    "computations:run": [get(PARTNER)],
    "computations:progress": [get(PARTNER)],
    "computations:cancel": [of_any(STOPS)],
    "computations:again": [of_any(ASKS, only_post=True)],
    "computations:result": [get(RECIPIENT)],
    "computations:result_csv": [get(RECIPIENT)],
    "computations:result_json": [get(RECIPIENT)],
    "computations:result_pdf": [get(RECIPIENT)],
    "computations:result_print": [get(RECIPIENT)],
}
