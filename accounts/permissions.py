"""The permissions, all on one organisation. ``roles.py`` says which role holds which."""

from django.utils.translation import gettext_noop as _

PERMISSIONS: dict[str, str] = {
    "propose_use_case": _("Propose a use case and invite partners"),
    "join_use_case": _("Accept or decline an invitation"),
    "specify": _("Specify what is computed"),
    "draft_assessment": _("Draft the DPIA"),
    "review_assessment": _("Review the DPIA as privacy officer"),
    "review_assessment_law": _("Review the DPIA as lawyer"),
    "review_assessment_security": _("Review the DPIA as security officer"),
    "advise_assessment": _("Advise on the DPIA as DPO"),
    "coordinate_assessment": _("Coordinate the advice of several DPOs"),
    "adopt_assessment": _("Adopt the DPIA for the controller"),
    "suspend_assessment": _("Suspend an adopted DPIA"),
    "draft_basis": _("Draft a legal basis"),
    "review_basis": _("Review a legal basis as lawyer"),
    "advise_basis": _("Advise on a legal basis as DPO"),
    "approve_basis": _("Approve a legal basis for the organisation"),
    "record_agreement": _("Record an agreement"),
    "draft_contract": _("Draft the contract"),
    "schedule_run": _("Schedule a run"),
    "cancel_run": _("Cancel a run"),
    "manage_station": _("Manage the organisation's data station"),
    "check_output": _("Check unreleased output"),
    "manage_members": _("Manage members, roles and mandates"),
    "manage_platform": _("Manage the platform"),
}

BINDING = frozenset({
    "review_assessment", "review_assessment_law", "review_assessment_security", "advise_assessment", "adopt_assessment",
    "advise_basis", "approve_basis", "check_output", "manage_station", "manage_members", "manage_platform",
})  # fmt: skip
"""What approves or signs, or gives that to others (a station signs; who manages members decides who approves).
Whoever holds one of these needs a second factor. Stopping something is not among them: that must always be possible."""
