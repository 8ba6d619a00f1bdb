"""Addresses of the legal bases and agreements of a use case; part of ``collaborations.urls``."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
