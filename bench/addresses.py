"""The addresses of the platform, and one more: a page that is nothing but the frame every page stands in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from nicpet import urls


@login_required
def frame(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


urlpatterns = [path("bench/frame/", frame), *urls.urlpatterns]
