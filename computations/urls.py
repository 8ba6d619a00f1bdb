from django.urls import path

from computations import views

app_name = "computations"
urlpatterns = [
    path("use-cases/<uuid:pk>/runs/", views.runs, name="runs"),
    path("contracts/<uuid:pk>/schedule/", views.schedule, name="schedule"),
    path("runs/<uuid:pk>/", views.run, name="run"),
    path("runs/<uuid:pk>/progress/", views.progress, name="progress"),
    path("runs/<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("runs/<uuid:pk>/again/", views.again, name="again"),
    path("runs/<uuid:pk>/result/", views.result, name="result"),
    path("runs/<uuid:pk>/result.csv", views.result_csv, name="result_csv"),
    path("organisations/<slug:slug>/station/", views.station, name="station"),
    path("organisations/<slug:slug>/station/token/", views.token, name="token"),
]
