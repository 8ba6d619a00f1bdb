"""Addresses of the legal bases and agreements of a use case; part of ``collaborations.urls``."""

from django.urls import URLPattern, path

from collaborations.views import agreements, bases, basis, register

ROW = "use-cases/<uuid:pk>/legal-bases/<int:basis_pk>/"
AGREEMENT = "use-cases/<uuid:pk>/agreement/"

urlpatterns: list[URLPattern] = [
    path("use-cases/<uuid:pk>/legal-bases/", bases.bases, name="bases"),
    path("use-cases/<uuid:pk>/legal-bases/new/<slug:slug>/", bases.basis_new, name="basis_new"),
    path("use-cases/<uuid:pk>/legal-bases/matrix/", bases.matrix, name="basis_matrix"),
    path("use-cases/<uuid:pk>/legal-bases/examples/<slug:slug>/", bases.examples, name="basis_examples"),
    path("legal-bases/", register.register, name="basis_register"),
    path(f"{ROW}documents/new/", basis.paper_add, name="basis_paper_add"),
    path(f"{ROW}documents/<int:paper_pk>/", basis.paper, name="basis_paper"),
    path(f"{ROW}documents/<int:paper_pk>/away/", basis.paper_drop, name="basis_paper_drop"),
    path(ROW, basis.basis, name="basis"),
    path(f"{ROW}edit/", basis.basis_edit, name="basis_edit"),
    path(f"{ROW}new-version/", basis.basis_revise, name="basis_revise"),
    path(f"{ROW}step/<slug:name>/", basis.basis_step, name="basis_step"),
    path(AGREEMENT, agreements.agreement, name="agreement"),
    path(f"{AGREEMENT}new/", agreements.agreement_new, name="agreement_new"),
    path(f"{AGREEMENT}<int:agreement_pk>/document/", agreements.agreement_document, name="agreement_document"),
    path(f"{AGREEMENT}<int:agreement_pk>/sign/", agreements.agreement_sign, name="agreement_sign"),
    path(f"{AGREEMENT}<int:agreement_pk>/terminate/", agreements.agreement_terminate, name="agreement_terminate"),
]
