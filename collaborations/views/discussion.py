"""What partners say to each other about a use case and its parts, and notes that stay inside one organisation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Organisation, User
from collaborations import forms
from collaborations.models import UseCase
from collaborations.views.access import frame, own_organisations, seen_or_404
from collaborations.views.places import Place, Places
from discussion import actions
from discussion.mentions import unknown
from discussion.models import Comment
from web.forms import Form

PER_PAGE = 30
SHOWN = ("open", "all", "mine")


@login_required
def discussion(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every thread of a use case, and the form to begin one about it as a whole."""
    use_case = seen_or_404(request.user, pk)
    places = Places(use_case)
    return _page(request, use_case, places, places.whole, everywhere=True)


@login_required
def discussion_place(request: HttpRequest, pk: UUID, kind: str, key: str) -> HttpResponse:
    """The threads about one question or one legal basis."""
    use_case = seen_or_404(request.user, pk)
    places = Places(use_case)
    return _page(request, use_case, places, places.one(kind, key))


@login_required
def thread(request: HttpRequest, pk: UUID, thread_pk: int) -> HttpResponse:
    """One thread, with the form to answer."""
    use_case = seen_or_404(request.user, pk)
    shown = _thread_or_404(request.user, use_case, thread_pk)
    form = forms.Answer.of(request, organisations=_speakers(request.user, use_case, shown))
    if form.is_valid():
        with form.accepting():
            said = actions.reply(thread=shown, **form.cleaned_data, by=request.user, people=people_of(use_case))
            _told_unknown(request, use_case, said)
            return redirect(f"{reverse('collaborations:thread', args=[pk, shown.pk])}#comment-{said.pk}")
    place = Places(use_case).of(shown)
    return _answer(request, use_case, form, [shown], "collaborations/thread.html", thread=shown, place=place)


@login_required
@require_POST
def thread_step(request: HttpRequest, pk: UUID, thread_pk: int, name: str) -> HttpResponse:
    """Marks a thread as resolved, or opens it again; either can be undone by the other."""
    use_case = seen_or_404(request.user, pk)
    shown = _thread_or_404(request.user, use_case, thread_pk)
    act = {"resolve": actions.resolve, "open-again": actions.open_again}.get(name)
    own = _speakers(request.user, use_case, shown).first()
    if act is None or own is None:
        raise Http404
    act(thread=shown, organisation=own, by=request.user)
    return redirect("collaborations:thread", pk, shown.pk)


def people_of(use_case: UseCase) -> QuerySet[User]:
    """Everybody who can read this use case, and so can be mentioned."""
    involved = use_case.partners.filter(state__in=["invited", "joined"]).values("organisation")
    member = {"memberships__organisation__in": involved, "memberships__active": True}
    return User.objects.filter(is_active=True, **member).distinct().order_by("full_name")


def _page(
    request: HttpRequest, use_case: UseCase, places: Places, place: Place, *, everywhere: bool = False
) -> HttpResponse:
    form = forms.NewComment.of(request, organisations=own_organisations(request.user, use_case))
    if form.is_valid():
        with form.accepting():
            made = actions.comment(
                about=place.about, spot=place.spot, context=use_case, people=people_of(use_case),
                **form.said(), by=request.user,
            )  # fmt: skip
            _told_unknown(request, use_case, made)
            return redirect("collaborations:thread", use_case.pk, made.pk)
    shown = request.GET.get("show", "open")
    shown = shown if shown in SHOWN else "open"
    found = Comment.objects.visible_to(request.user)
    found = found.within(use_case) if everywhere else found.about(place.about, place.spot)
    page = Paginator(_narrowed(found.threads(), shown, request.user), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = list(_whole(page.object_list))
    return _answer(
        request, use_case, form, page.object_list, "collaborations/discussion.html",
        page=page, placed=[(thread, places.of(thread)) for thread in page.object_list], place=place,
        everywhere=everywhere, shown=shown,
    )  # fmt: skip


def _answer(
    request: HttpRequest, use_case: UseCase, form: Form, threads: list[Comment], template: str, **context: Any
) -> HttpResponse:
    """The page; what mentions this person and stands on it counts as seen. A broken form comes back as 422."""
    actions.seen(request.user, [one for thread in threads for one in (thread, *thread.replies.all())])
    status = 422 if form.is_bound and form.errors else 200
    people = people_of(use_case).values_list("full_name", flat=True)
    context = frame(request, use_case, "discussion", form=form, people=people, **context)
    return render(request, template, context, status=status)


def _told_unknown(request: HttpRequest, use_case: UseCase, said: Comment) -> None:
    """Whoever mentions somebody and misses learns that nobody was asked."""
    if found := unknown(said.text, people_of(use_case)):
        told = _("The message is placed, but nobody is called %(names)s here. Write @ and the whole name.")
        messages.warning(request, told % {"names": ", ".join(found)})


def _narrowed(threads: QuerySet[Comment], shown: str, user: User) -> QuerySet[Comment]:
    if shown == "open":
        return threads.filter(resolved_at=None)
    if shown == "mine":
        involved = Comment.objects.filter(Q(author=user) | Q(mentions__user=user))
        return threads.filter(Q(pk__in=involved.values("pk")) | Q(replies__in=involved.values("pk")))
    return threads


def _whole(threads: QuerySet[Comment]) -> QuerySet[Comment]:
    said = (
        Comment.objects.select_related("author", "organisation").prefetch_related("mentions__user").order_by("at", "id")
    )
    found = threads.select_related("author", "organisation", "resolved_by")
    return found.prefetch_related("mentions__user", Prefetch("replies", queryset=said))


def _thread_or_404(user: User, use_case: UseCase, pk: int) -> Comment:
    found = Comment.objects.visible_to(user).within(use_case).filter(reply_to=None)
    return get_object_or_404(_whole(found), pk=pk)


def _speakers(user: User, use_case: UseCase, thread: Comment) -> QuerySet[Organisation]:
    """On behalf of whom this person can answer: within a note, only of its own organisation."""
    own = own_organisations(user, use_case)
    return own.filter(pk=thread.organisation_id) if thread.internal else own
