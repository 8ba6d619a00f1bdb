"""What is computed, for everybody in the use case: the current version, the earlier ones, and what differs."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts import roles
from accounts.models import User
from collaborations.models import SpecificationVersion, UseCase
from collaborations.views.access import frame, seen_or_404
from computations.actions.drafts import OPEN
from computations.models import SpecificationDraft
from computations.specifying import reading
from computations.specifying.differences import differences


@login_required
def specification(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The current version, and the way to the draft of the next."""
    use_case = seen_or_404(request.user, pk)
    return _page(request, use_case, use_case.specification)


@login_required
def specification_version(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    return _page(request, use_case, get_object_or_404(use_case.specifications, number=number))


@login_required
def specification_json(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """The version as a file that can be uploaded again."""
    use_case = seen_or_404(request.user, pk)
    version = get_object_or_404(use_case.specifications, number=number)
    text = json.dumps(version.read().document(), ensure_ascii=False, indent=2) + "\n"
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="specification-v{number}.json"'
    return response


@login_required
def specification_changes(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """What a version changed in the one before it."""
    use_case = seen_or_404(request.user, pk)
    version = get_object_or_404(use_case.specifications.select_related("by"), number=number)
    before = use_case.specifications.filter(number__lt=number).order_by("-number").first()
    context = {
        "version": version,
        "before": before,
        "changes": differences(before.data if before else {}, version.data),
    }
    return render(request, "computations/changes.html", frame(request, use_case, "specification", **context))


def _page(request: HttpRequest, use_case: UseCase, version: SpecificationVersion | None) -> HttpResponse:
    versions = list(use_case.specifications.select_related("by").order_by("-number"))
    context = {
        "version": version,
        "is_current": bool(versions) and version == versions[0],
        "versions": versions,
        **(reading.context(version.read()) if version else {}),
        **_drafting(request.user, use_case),
    }
    return render(request, "computations/specification.html", frame(request, use_case, "specification", **context))


def _drafting(user: User, use_case: UseCase) -> dict[str, Any]:
    may = roles.allowed(user, "specify", use_case.proposer)
    return {
        "may_specify": may and use_case.state in OPEN,
        "closed_for_drafts": may and use_case.state not in OPEN,
        "draft": SpecificationDraft.objects.select_related("saved_by").filter(use_case=use_case).first(),
    }
