"""Addresses of the DPIA of a use case; part of ``collaborations.urls``."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
