"""Which address leads to which app."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("station/v1/", include("computations.api.urls")),
    path("", include("inbox.urls")),
    path("", include("collaborations.urls")),
    path("", include("computations.urls")),
    path("", include("dpia.urls")),
    path("", include("library.urls")),
    path("", include("accounts.urls")),
    path("", include("web.urls")),
]
