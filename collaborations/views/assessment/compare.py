"""Two versions of a DPIA beside each other, or this DPIA and another that the person may read."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.models import User
from collaborations.models import UseCase
from collaborations.views.access import frame
from collaborations.views.assessment.access import names, of, opened, trail
from dpia.compare import differences
from dpia.documents import form_of
from dpia.frozen import AnsweredPoint, points
from dpia.models import Assessment
from dpia.sheet import Sheet
from web.pages import crumbs

NOW, MOST = "now", 100


@dataclass(frozen=True)
class Choice:
    key: str
    label: str


@login_required
def assessment_compare(request: HttpRequest, pk: UUID) -> HttpResponse:
    """``old`` and ``new``: the number of a version, ``now``, or another use case whose DPIA it is."""
    use_case, assessment = opened(request, pk)
    numbers = list(assessment.versions.order_by("-number").values_list("number", flat=True))
    first = str(numbers[0]) if numbers else NOW
    old, new = request.GET.get("old", first), request.GET.get("new", NOW)
    called = names()
    found = differences(
        read(request.user, assessment, old, called), read(request.user, assessment, new, called)
    )
    title = _("Compare")
    everything = request.GET.get("all") == "yes"
    context = {
        "assessment": assessment, "title": title, "old": old, "new": new, "everything": everything,
        "same": sum(one.kind == "same" for one in found), "number": len(found),
        "differences": [one for one in found if everything or one.kind != "same"],
        "choices": _choices(request.user, use_case, numbers), "trail": crumbs(*trail(use_case), (title, "")),
    }  # fmt: skip
    return render(request, "dpia/compare.html", frame(request, use_case, "assessment", **context))


def read(user: User, assessment: Assessment, which: str, called: dict[str, str]) -> list[AnsweredPoint]:
    """A version by its number, the DPIA as it is now, or that of another use case."""
    if which == NOW:
        sheet = Sheet(assessment)
        return list(points(sheet.form, sheet.frozen(), called))
    if which.isdecimal() and len(which) < 7:
        version = assessment.versions.filter(number=int(which)).first()
        if version is None:
            raise Http404
        return list(points(form_of(version), version.data, called))
    return read(user, _other(user, which), NOW, called)


def _other(user: User, key: str) -> Assessment:
    try:
        wanted = UUID(key)
    except ValueError as error:
        raise Http404 from error
    other = UseCase.objects.visible_to(user).filter(pk=wanted, assessment__isnull=False).first()
    if other is None:
        raise Http404
    return of(other)


def _choices(user: User, use_case: UseCase, numbers: list[int]) -> list[Choice]:
    frozen = [Choice(str(number), _("Version %(number)s") % {"number": number}) for number in numbers]
    others = UseCase.objects.visible_to(user).filter(assessment__isnull=False).exclude(pk=use_case.pk)
    found = others.order_by("title").values_list("pk", "title")[:MOST]
    return [Choice(NOW, _("as it is now")), *frozen, *(Choice(str(key), title) for key, title in found)]
