"""The table of roles as it runs: what each may do, and who gives it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from accounts import roles
from accounts.permissions import PERMISSIONS


@login_required
def role_table(request: HttpRequest) -> HttpResponse:
    """Read from ``roles.py`` itself, so that the page cannot differ from what is enforced."""
    binding = set(roles.binding())
    rows = [
        {
            "key": key, "role": role, "may": [gettext(PERMISSIONS[p]) for p in role.permissions],
            "by_platform": "manage_platform" in role.permissions, "second_factor": key in binding,
        }
        for key, role in roles.ROLES.items()
    ]  # fmt: skip
    return render(request, "accounts/roles.html", {"rows": rows})
