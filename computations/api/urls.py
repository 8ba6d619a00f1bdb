"""Included under ``station/v1/``."""

from django.urls import path

from computations.api import views

app_name = "station_api"

urlpatterns = [
    path("enrolments", views.enrolments, name="enrolments"),
    path("datasets/<slug:key>", views.dataset, name="dataset"),
    path("engines", views.engines, name="engines"),
    path("work", views.work, name="work"),
    path("contracts/<str:sha256>", views.contract, name="contract"),
    path("statements", views.statements, name="statements"),
    path("runs/<uuid:run>/attempts/<int:attempt>/progress", views.progress, name="progress"),
    path("runs/<uuid:run>/attempts/<int:attempt>/shares", views.shares, name="shares"),
    path("runs/<uuid:run>/results/<slug:output>", views.result, name="result"),
]
