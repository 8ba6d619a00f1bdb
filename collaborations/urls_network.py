from django.urls import path

from collaborations.views import calls, network, outsiders, public

urlpatterns = [
    path("calls/", calls.calls, name="calls"),
    path("calls/<uuid:call_pk>/", calls.call, name="call"),
    path("calls/<uuid:call_pk>/<slug:name>/", calls.call_step, name="call_step"),
    path("public/", public.public, name="public"),
    path("public/use-cases/<uuid:pk>/", public.public_use_case, name="public_use_case"),
    path("public/use-cases/<uuid:pk>/<slug:name>/", public.public_step, name="public_step"),
    path("requests/<int:outsider_pk>/add/", outsiders.outsider_admit, name="outsider_admit"),
    path("requests/<int:outsider_pk>/decline/", outsiders.outsider_decline, name="outsider_decline"),
    path("use-cases/<uuid:pk>/partners/ask/", outsiders.outsider_new, name="outsider_new"),
    path(
        "use-cases/<uuid:pk>/partners/asked/<int:outsider_pk>/withdraw/", outsiders.outsider_withdraw,
        name="outsider_withdraw",
    ),
    path("use-cases/<uuid:pk>/network/", network.network, name="network"),
    path("use-cases/<uuid:pk>/network/calls/new/", network.call_new, name="call_new"),
    path("use-cases/<uuid:pk>/network/calls/<uuid:call_pk>/close/", network.call_close, name="call_close"),
    path("use-cases/<uuid:pk>/network/answers/<int:answer_pk>/<slug:name>/", network.answer_step, name="answer_step"),
    path("use-cases/<uuid:pk>/network/summary/", network.summary_new, name="summary_new"),
    path(
        "use-cases/<uuid:pk>/network/summary/<int:summary_pk>/<slug:name>/", network.summary_step, name="summary_step"
    ),
]  # fmt: skip
