from django.urls import path

from collaborations import urls_assessment, urls_bases, urls_network, views

app_name = "collaborations"
urlpatterns = [
    path("use-cases/", views.use_case_list, name="use_cases"),
    path("use-cases/new/", views.use_case_new, name="use_case_new"),
    path("use-cases/<uuid:pk>/", views.use_case, name="use_case"),
    path("use-cases/<uuid:pk>/edit/", views.use_case_edit, name="use_case_edit"),
    path("use-cases/<uuid:pk>/start-from/", views.use_case_start_from, name="use_case_start_from"),
    path("use-cases/<uuid:pk>/evaluate/", views.use_case_evaluate, name="use_case_evaluate"),
    path("use-cases/<uuid:pk>/step/<slug:name>/", views.use_case_step, name="use_case_step"),
    path("use-cases/<uuid:pk>/partners/", views.partners, name="partners"),
    path("use-cases/<uuid:pk>/partners/invite/", views.partner_invite, name="partner_invite"),
    path("use-cases/<uuid:pk>/partners/<int:partner_pk>/ask/", views.partner_ask, name="partner_ask"),
    path("use-cases/<uuid:pk>/partners/<int:partner_pk>/<slug:name>/", views.partner_step, name="partner_step"),
    path("use-cases/<uuid:pk>/timeline/", views.timeline, name="timeline"),
    path("use-cases/<uuid:pk>/discussion/", views.discussion, name="discussion"),
    path("use-cases/<uuid:pk>/discussion/threads/<int:thread_pk>/", views.thread, name="thread"),
    path("use-cases/<uuid:pk>/discussion/threads/<int:thread_pk>/<slug:name>/", views.thread_step, name="thread_step"),
    path("use-cases/<uuid:pk>/discussion/<slug:kind>/<slug:key>/", views.discussion_place, name="discussion_place"),
    *urls_bases.urlpatterns,
    *urls_assessment.urlpatterns,
    *urls_network.urlpatterns,
]
