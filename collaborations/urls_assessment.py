"""Addresses of the DPIA of a use case; part of ``collaborations.urls``."""

from django.urls import URLPattern, path

from collaborations.views import assessment as views
from collaborations.views import shared, sharing

BASE = "use-cases/<uuid:pk>/assessment/"

urlpatterns: list[URLPattern] = [
    path("use-cases/<uuid:pk>/prescan/", views.prescan, name="prescan"),
    path("use-cases/<uuid:pk>/prescan/new/", views.prescan_new, name="prescan_new"),
    path("use-cases/<uuid:pk>/prescan/<int:prescan>/decide/", views.prescan_decide, name="prescan_decide"),
    path(BASE, views.assessment, name="assessment"),
    path(f"{BASE}points/<slug:point>/", views.assessment_point, name="assessment_point"),
    path(f"{BASE}points/<slug:point>/autosave/", views.assessment_autosave, name="assessment_autosave"),
    path(f"{BASE}points/<slug:point>/earlier/", views.assessment_earlier, name="assessment_earlier"),
    path(f"{BASE}reports/", views.assessment_reports, name="assessment_reports"),
    path(f"{BASE}reports/<int:report>/", views.assessment_report, name="assessment_report"),
    path(f"{BASE}reports/<int:report>.pdf", views.assessment_report_pdf, name="assessment_report_pdf"),
    path(f"{BASE}reports/print/<slug:kind>/", views.assessment_report_print, name="assessment_report_print"),
    path(f"{BASE}advice/", views.assessment_advice, name="assessment_advice"),
    path(f"{BASE}advice/coordinating/", views.assessment_coordinating, name="assessment_coordinating"),
    path(f"{BASE}advice/summary/", views.assessment_summary, name="assessment_summary"),
    path(f"{BASE}since/", views.assessment_since, name="assessment_since"),
    path(f"{BASE}papers/<slug:sha256>/", views.assessment_paper, name="assessment_paper"),
    path(f"{BASE}papers/<int:paper>/remove/", views.assessment_paper_remove, name="assessment_paper_remove"),
    path(f"{BASE}measures/", views.assessment_measures, name="assessment_measures"),
    path(f"{BASE}measures/<slug:measure>/", views.assessment_measure, name="assessment_measure"),
    path(f"{BASE}compare/", views.assessment_compare, name="assessment_compare"),
    path(f"{BASE}steps/<slug:name>/", views.assessment_step, name="assessment_step"),
    path(f"{BASE}items/<int:item>/", views.assessment_item, name="assessment_item"),
    path(f"{BASE}whole/", views.assessment_whole, name="assessment_whole"),
    path(f"{BASE}answers.json", views.assessment_export, name="assessment_export"),
    path(f"{BASE}official.json", views.assessment_official, name="assessment_official"),
    path(f"{BASE}cnil.json", views.assessment_cnil, name="assessment_cnil"),
    path(f"{BASE}risks.csv", views.assessment_risks, name="assessment_risks"),
    path(f"{BASE}import/", views.assessment_import, name="assessment_import"),
    path(f"{BASE}import/<int:imported>/", views.assessment_imported, name="assessment_imported"),
    path(f"{BASE}sharing/", sharing.sharings, name="sharings"),
    path(f"{BASE}sharing/new/", sharing.sharing_edit, name="sharing_new"),
    path(f"{BASE}sharing/<uuid:shared>/", sharing.sharing, name="sharing"),
    path(f"{BASE}sharing/<uuid:prepared>/edit/", sharing.sharing_edit, name="sharing_edit"),
    path(f"{BASE}sharing/<uuid:shared>/<slug:name>/", sharing.sharing_step, name="sharing_step"),
    path("public/dpias/", shared.shared_assessments, name="shared_assessments"),
    path("public/dpias/<uuid:shared>/", shared.shared_assessment, name="shared_assessment"),
    path("public/dpias/<uuid:shared>/begin/", shared.shared_begin, name="shared_begin"),
    path(f"{BASE}template/", views.assessment_template, name="assessment_template"),
    path(f"{BASE}changes/", views.assessment_changes, name="assessment_changes"),
    path(f"{BASE}versions/<int:number>/", views.assessment_version, name="assessment_version"),
    path(f"{BASE}versions/<int:number>.json", views.assessment_version_text, name="assessment_version_text"),
    path(f"{BASE}adopted.json", views.assessment_document, name="assessment_document"),
]
