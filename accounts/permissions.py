"""The permissions, all on one organisation. ``roles.py`` says which role holds which."""

PERMISSIONS: dict[str, str] = {
    "propose_use_case": "Propose a use case and invite partners",
    "join_use_case": "Accept or decline an invitation",
    "specify": "Specify what is computed",
    "draft_assessment": "Draft the DPIA",
    "review_assessment": "Review the DPIA as privacy officer",
    "advise_assessment": "Advise on the DPIA as DPO",
    "coordinate_assessment": "Coordinate the advice of several DPOs",
    "adopt_assessment": "Adopt the DPIA for the controller",
    "suspend_assessment": "Suspend an adopted DPIA",
    "draft_basis": "Draft a legal basis",
    "review_basis": "Review a legal basis as lawyer",
    "advise_basis": "Advise on a legal basis as DPO",
    "approve_basis": "Approve a legal basis for the organisation",
    "record_agreement": "Record an agreement",
    "draft_contract": "Draft the contract",
    "schedule_run": "Schedule a run",
    "cancel_run": "Cancel a run",
    "manage_station": "Manage the organisation's data station",
    "check_output": "Check unreleased output",
    "manage_members": "Manage members, roles and mandates",
    "manage_platform": "Manage the platform",
}

BINDING = frozenset({
    "review_assessment", "advise_assessment", "adopt_assessment", "advise_basis", "approve_basis", "check_output",
    "manage_station", "manage_members", "manage_platform",
})  # fmt: skip
"""What approves or signs, or gives that to others (a station signs; who manages members decides who approves).
Whoever holds one of these needs a second factor. Stopping something is not among them: that must always be possible."""
