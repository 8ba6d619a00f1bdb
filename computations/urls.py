from django.urls import path

from computations import views
from computations.views import compared, incidents, promoting, records, schedules

app_name = "computations"
_SPECIFICATION = "use-cases/<uuid:pk>/specification/"
_DRAFT = f"{_SPECIFICATION}draft/"
_INCIDENTS = "use-cases/<uuid:pk>/incidents/"
urlpatterns = [
    path(_SPECIFICATION, views.specification, name="specification"),
    path(f"{_SPECIFICATION}<int:number>/", views.specification_version, name="specification_version"),
    path(f"{_SPECIFICATION}<int:number>/changes/", views.specification_changes, name="specification_changes"),
    path(f"{_SPECIFICATION}<int:number>/specification.json", views.specification_json, name="specification_json"),
    path(_DRAFT, views.draft, name="draft"),
    path(f"{_DRAFT}check/", views.draft_check, name="draft_check"),
    path(f"{_DRAFT}upload/", views.draft_upload, name="draft_upload"),
    path(f"{_DRAFT}discard/", views.draft_discard, name="draft_discard"),
    path(f"{_DRAFT}columns/<slug:organisation>/<slug:dataset>/", views.draft_columns, name="draft_columns"),
    path(f"{_DRAFT}<slug:key>/", views.draft_section, name="draft_section"),
    path("use-cases/<uuid:pk>/contract/", views.contract, name="contract"),
    path("use-cases/<uuid:pk>/compared/", compared.compared, name="compared"),
    path("use-cases/<uuid:pk>/contract/draft/", views.contract_draft, name="contract_draft"),
    path("contracts/<uuid:pk>/", views.contract_text, name="contract_text"),
    path("contracts/<uuid:pk>/compared/", compared.contract_compared, name="contract_compared"),
    path("contracts/<uuid:pk>/promote/", promoting.promote, name="promote"),
    path("contracts/<uuid:pk>/print/", views.contract_print, name="contract_print"),
    path("contracts/<uuid:pk>/contract.pdf", views.contract_pdf, name="contract_pdf"),
    path("contracts/<uuid:pk>/schedule/", views.schedule, name="schedule"),
    path("contracts/<uuid:pk>/plan/", schedules.plan, name="plan"),
    path("schedules/<int:schedule_pk>/stop/", schedules.stop, name="schedule_stop"),
    path("use-cases/<uuid:pk>/runs/", views.runs, name="runs"),
    path("organisations/<slug:slug>/record/", records.record, name="record"),
    path("organisations/<slug:slug>/record.csv", records.record_csv, name="record_csv"),
    path("use-cases/<uuid:pk>/privacy-statement/", records.privacy_statement, name="privacy_statement"),
    path(_INCIDENTS, incidents.incidents, name="incidents"),
    path(f"{_INCIDENTS}new/", incidents.incident_new, name="incident_new"),
    path(f"{_INCIDENTS}<int:incident_pk>/", incidents.incident, name="incident"),
    path(f"{_INCIDENTS}<int:incident_pk>/decide/", incidents.incident_decide, name="incident_decide"),
    path(f"{_INCIDENTS}<int:incident_pk>/close/", incidents.incident_close, name="incident_close"),
    path("runs/<uuid:pk>/", views.run, name="run"),
    path("runs/<uuid:pk>/compared/", compared.run_compared, name="run_compared"),
    path("runs/<uuid:pk>/progress/", views.progress, name="progress"),
    path("runs/<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("runs/<uuid:pk>/again/", views.again, name="again"),
    path("runs/<uuid:pk>/result/", views.result, name="result"),
    path("runs/<uuid:pk>/result.csv", views.result_csv, name="result_csv"),
    path("runs/<uuid:pk>/result.json", views.result_json, name="result_json"),
    path("runs/<uuid:pk>/result.pdf", views.result_pdf, name="result_pdf"),
    path("runs/<uuid:pk>/result/print/", views.result_print, name="result_print"),
    path("organisations/<slug:slug>/station/", views.station, name="station"),
    path("organisations/<slug:slug>/code-compared/", views.code_compared, name="code_compared"),
    path("organisations/<slug:slug>/station/token/", views.token, name="token"),
]
