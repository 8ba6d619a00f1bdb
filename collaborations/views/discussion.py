"""What partners say to each other about a use case, and notes that stay inside one organisation."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from collaborations import forms
from collaborations.views.access import frame, own_organisations, seen_or_404
from discussion import actions
from discussion.models import Comment

PER_PAGE = 50


@login_required
def discussion(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    own = own_organisations(request.user, use_case)
    form = forms.NewComment.of(request, organisations=own)
    if form.is_valid():
        with form.accepting():
            actions.comment(about=use_case, **form.said(), by=request.user)
            return redirect("collaborations:discussion", pk)
    comments = Comment.objects.about(use_case).visible_to(request.user).select_related("author", "organisation")
    pages = Paginator(comments, PER_PAGE)
    page = pages.get_page(request.GET.get("page", pages.num_pages))  # the last page has the newest
    status = 422 if form.is_bound and form.errors else 200
    context = frame(request, use_case, "discussion", page=page, form=form)
    return render(request, "collaborations/discussion.html", context, status=status)
