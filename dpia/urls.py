"""Addresses of the templates; the pages of a DPIA itself stand with its use case."""

from django.urls import path

from dpia import views

app_name = "dpia"
VERSION = "templates/<slug:key>/<str:version>/"

urlpatterns = [
    path("templates/", views.templates, name="templates"),
    path("templates/drafts/new/", views.draft_new, name="draft_new"),
    path("templates/drafts/<int:draft>/", views.draft, name="draft"),
    path("templates/drafts/<int:draft>/preview/", views.draft_preview, name="draft_preview"),
    path("templates/drafts/<int:draft>/publish/", views.draft_publish, name="draft_publish"),
    path("templates/drafts/<int:draft>/drop/", views.draft_drop, name="draft_drop"),
    path(VERSION, views.template, name="template"),
    path(f"{VERSION}template.yaml", views.template_yaml, name="template_yaml"),
    path(f"{VERSION}since/<str:before>/", views.template_compare, name="template_compare"),
]
