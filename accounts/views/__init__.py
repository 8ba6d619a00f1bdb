from accounts.views.doors import LogIn, language
from accounts.views.members import end_membership, mandate_confirm, mandate_new, mandate_withdraw, member, member_new
from accounts.views.organisations import organisation, organisation_new, organisations

__all__ = [
    "LogIn", "end_membership", "language", "mandate_confirm", "mandate_new", "mandate_withdraw", "member", "member_new",
    "organisation", "organisation_new", "organisations",
]  # fmt: skip
